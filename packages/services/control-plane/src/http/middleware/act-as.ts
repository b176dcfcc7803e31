import type { Caller } from '@envplane/service-tenant';
import { ControlPlaneError } from '@envplane/spec';

const HEADER = 'x-envplane-act-as';

/**
 * The caller as the user that the request names; without the header, the caller.
 *
 * @param become makes the caller that user, or throws `permission_denied`, or `validation_failed` for what cannot be a user id
 * @throws ControlPlaneError `act_as_not_allowed`, `validation_failed`
 */
export async function actAs(
  headers: Headers,
  caller: Caller,
  become: (caller: Caller, userId: string) => Promise<Caller>,
): Promise<Caller> {
  const userId = headers.get(HEADER);
  return userId === null ? caller : become(caller, userId).catch(asProblemOfHeader);
}

function asProblemOfHeader(error: unknown): never {
  if (!(error instanceof ControlPlaneError)) throw error;
  if (error.code === 'permission_denied') {
    throw new ControlPlaneError('act_as_not_allowed', 'Only the platform may act as a user; leave the header out.');
  }
  if (error.code !== 'validation_failed') throw error;
  const errors = (error.details.errors ?? []).map(({ detail }) => ({
    in: 'header' as const,
    pointer: `/${HEADER}`,
    detail,
  }));
  throw new ControlPlaneError(error.code, error.message, { errors });
}
