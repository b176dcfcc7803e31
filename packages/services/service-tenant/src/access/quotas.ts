import { type Access, denied, holds } from './authorize.ts';

/** Plans, and limits above what they replace, are the platform's to give. @throws ControlPlaneError `permission_denied` */
export function requireQuotas(access: Access): void {
  if (!holds(access, 'platform:quotas.update')) throw denied('platform:quotas.update');
}
