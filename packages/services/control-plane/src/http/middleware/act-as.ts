import type { Caller } from '@envplane/service-tenant';
import { ControlPlaneError, type Principal, UserIdSchema } from '@envplane/spec';

const HEADER = 'x-envplane-act-as';

/**
 * The caller as the user that the request names, with that user's rights and nothing else; without the header, the caller.
 * What is done is recorded as the actor's, for that user.
 *
 * @param authorize throws `permission_denied` unless the caller holds `platform:identities.act_as`
 * @throws ControlPlaneError `act_as_not_allowed`, and `validation_failed` for what cannot be a user id
 */
export async function actAs(
  headers: Headers,
  caller: Caller,
  authorize: (caller: Caller) => Promise<void>,
): Promise<Caller> {
  const userId = headers.get(HEADER);
  if (userId === null) return caller;
  await authorize(caller).catch(notAllowed);
  const checked = UserIdSchema.safeParse(userId);
  if (!checked.success) {
    const errors = checked.error.issues.map(({ message }) => ({
      in: 'header' as const,
      pointer: `/${HEADER}`,
      detail: message,
    }));
    throw new ControlPlaneError('validation_failed', 'The request is not valid; see errors.', { errors });
  }
  const { kind, id } = caller.principal;
  const principal: Principal = {
    kind: 'user',
    id: checked.data,
    issuer: 'envplane',
    subject: checked.data,
    actor: { kind, id },
  };
  return { ...caller, principal };
}

function notAllowed(error: unknown): never {
  if (!(error instanceof ControlPlaneError) || error.code !== 'permission_denied') throw error;
  throw new ControlPlaneError('act_as_not_allowed', 'Only the platform may act as a user; leave the header out.');
}
