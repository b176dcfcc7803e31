import { type ActiveEnvironmentView, ControlPlaneError } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { audited } from '../request.ts';
import { checkGate } from '../routing/check-gate.ts';
import { refuse } from '../routing/gate.ts';
import { type SessionOf, sessionEnvironment, switchSession } from '../store/session-environments.ts';

/** What it takes to be sent to an environment. */
export const ENTRY = 'env:data.read';

/** The active environment of the caller's session. @throws ControlPlaneError `invalid_state` without a session */
export async function activeEnvironment(deps: Deps, caller: Caller): Promise<ActiveEnvironmentView> {
  return { environmentId: await sessionEnvironment(deps.engine, requireSession(caller)) };
}

/**
 * Switches the caller's session to an environment, or to none: requests that name no environment are for this one. It
 * gives no right; every request passes the gate all the same. Idempotent.
 * @throws ControlPlaneError `invalid_state` without a session; as the gate refuses, for data of the environment
 */
export async function activateEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string | null,
): Promise<ActiveEnvironmentView> {
  const session = requireSession(caller);
  if (environmentId === null) {
    await switchSession(deps.engine, session, null, null);
    return { environmentId };
  }
  const verdict = await checkGate(deps, caller, environmentId, ENTRY, { fresh: true });
  if (!verdict.allowed) throw verdict.code === 'access_denied' ? environmentNotFound() : refuse(verdict);
  const target = { organizationId: verdict.organizationId, environmentId };
  await switchSession(deps.engine, session, environmentId, audited(caller, 'session.switch', target));
  return { environmentId };
}

/** @throws ControlPlaneError `invalid_state` */
function requireSession({ principal }: Caller): SessionOf {
  const { kind, id, session } = principal;
  if (kind === 'user' && session !== undefined) return { session, userId: id };
  throw new ControlPlaneError(
    'invalid_state',
    'Only a session of a host application has an active environment; name the environment in each request.',
  );
}
