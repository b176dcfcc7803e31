import type { Principal } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import { findPresentedKey, recordKeyUse } from '../store/service-accounts.ts';
import { matches, NO_HASH, readKey } from './key.ts';

const HOUR_MS = 3_600_000;

/**
 * Who presents a key of a service account. Unknown, wrong, expired, revoked, and of a disabled account are one answer.
 * @throws ControlPlaneError `store_unavailable`
 */
export async function authenticateKey({ engine }: Pick<Deps, 'engine'>, token: string): Promise<Principal | 'invalid'> {
  const presented = readKey(token);
  if (!presented) return 'invalid';
  const [key, nowMs] = await Promise.all([findPresentedKey(engine, presented.keyId), engine.now()]);
  const isMatch = matches(presented.secret, key?.hash ?? NO_HASH);
  if (!key || !isMatch || key.revoked_at !== null || key.expires_at <= nowMs || key.account_status !== 'active') {
    return 'invalid';
  }
  // To the hour: a write for every request would cost more than the request.
  if (key.last_used_at === null || nowMs - key.last_used_at >= HOUR_MS) await recordKeyUse(engine, key.key_id);
  const id = key.service_account_id;
  return {
    kind: 'service',
    id,
    issuer: 'envplane',
    subject: id,
    ...(key.organization_id !== null && { organizationId: key.organization_id }),
    ...((key.permissions ?? key.environment_ids) !== null && {
      narrowedTo: { permissions: key.permissions, environmentIds: key.environment_ids },
    }),
  };
}
