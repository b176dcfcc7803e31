import { ControlPlaneError, type Principal } from '@envplane/spec';
import type { Permission } from './permissions.ts';

/** Who asks, and in which request. Every verb takes one. */
export interface Caller {
  principal: Principal;
  /** `X-Request-Id` of the HTTP request; null for a call in process. */
  requestId: string | null;
  /** Network of the client, already truncated; null in process. */
  clientAddress: string | null;
}

/** The process itself, calling the library directly. */
export const IN_PROCESS: Caller = {
  principal: { kind: 'platform', id: 'in-process', issuer: 'envplane', subject: 'in-process' },
  requestId: null,
  clientAddress: null,
};

/**
 * The one place where a permission is decided; every verb passes it before it reads or changes anything.
 * A platform administrator holds every permission, nobody else holds any.
 *
 * @throws ControlPlaneError `permission_denied` naming what is missing
 */
export function authorize(caller: Caller, permission: Permission): void {
  if (caller.principal.kind === 'platform') return;
  throw new ControlPlaneError('permission_denied', `The permission ${permission} is missing.`, {
    missing: [permission],
  });
}
