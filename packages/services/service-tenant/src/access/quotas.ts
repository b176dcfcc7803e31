import type { Deps } from '../deps.ts';
import { type Access, denied, holds } from './authorize.ts';
import type { Caller } from './caller.ts';
import { refused } from './denials.ts';

/** Plans, and limits above what they replace, are the platform's to give. @throws ControlPlaneError `permission_denied` */
export function requireQuotas(deps: Pick<Deps, 'denials'>, caller: Caller, access: Access): void {
  if (holds(access, 'platform:quotas.update')) return;
  throw refused(deps, caller, access, denied('platform:quotas.update'));
}
