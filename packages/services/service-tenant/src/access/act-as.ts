import { UserIdSchema } from '@envplane/spec';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { audited, parse } from '../request.ts';
import { authorize } from './authorize.ts';
import type { Caller } from './caller.ts';

const ActAsSchema = z.strictObject({ userId: UserIdSchema });

/**
 * The caller as a user, with that user's rights and nothing else. What is changed is recorded as the caller's, for that user;
 * that somebody looked with their eyes is recorded once an hour.
 * @throws ControlPlaneError `permission_denied`, and `validation_failed` for what cannot be a user id
 */
export async function actAs(deps: Deps, caller: Caller, user: { userId: string }): Promise<Caller> {
  await authorize(deps, caller, 'platform:identities.act_as', { platform: true });
  const { userId } = parse(ActAsSchema, user);
  const { kind, id } = caller.principal;
  const entry = audited(caller, 'identity.acted_as', { organizationId: null });
  const about = { acting_for: userId, target_kind: 'user', target_id: userId };
  await deps.hourly.record(caller.principal, userId, { ...entry, ...about }, deps.nowMs());
  const principal = { kind: 'user' as const, id: userId, issuer: 'envplane', subject: userId, actor: { kind, id } };
  return { ...caller, principal };
}
