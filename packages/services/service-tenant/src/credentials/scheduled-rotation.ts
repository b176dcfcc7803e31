import { ControlPlaneError, type ProblemCode } from '@envplane/spec';
import { type Caller, IN_PROCESS } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { type CredentialInUse, credentialsInUse } from '../store/credentials.ts';
import { requireRotatable, rotateCredentials } from './rotate-credentials.ts';

const DAY_MS = 24 * 3_600_000;
/** How many credentials one look takes in; the next one goes on where it ended. */
const PAGE = 1_000;
/** The part of the time that is spread: what was made together is not replaced together. */
const SPREAD = 0.1;
/** Somebody else is at it, or it cannot be done now; the next round looks again. */
const LATER: readonly ProblemCode[] = ['operation_in_progress', 'invalid_state', 'unsupported', 'not_found'];

const SCHEDULER: Caller = {
  ...IN_PROCESS,
  principal: { ...IN_PROCESS.principal, id: 'scheduler', subject: 'scheduler' },
};

/**
 * When a credential is to be replaced by itself, epoch ms; null: never. The policy is that of the environment, else that of its organization.
 * What expires is replaced after a third of its life at the latest, whatever the policy: the rest is for outages.
 */
export function rotationDueAt({
  id,
  activated_at: activatedAt,
  expires_at: expiresAt,
  days,
}: Pick<CredentialInUse, 'id' | 'activated_at' | 'expires_at' | 'days'>): number | null {
  if (activatedAt === null) return null;
  const wished = days ? days * DAY_MS : Number.POSITIVE_INFINITY;
  const longest = expiresAt === null ? Number.POSITIVE_INFINITY : (expiresAt - activatedAt) / 3;
  const interval = Math.min(wished, longest);
  if (!Number.isFinite(interval)) return null;
  // The end of an id is random, and the same for every process that looks.
  const part = Number.parseInt(id.slice(-6), 16) / 0xff_ff_ff;
  return Math.floor(activatedAt + interval * (1 - SPREAD * part));
}

/**
 * Makes the task that looks at a page of the credentials in use, and rotates those that are due. One that cannot be, such as one of a
 * driver that this process has no adapter for, keeps nobody behind it waiting.
 */
export function createScheduledRotation(deps: Deps): () => Promise<void> {
  let after = '';
  return async () => {
    const page = await credentialsInUse(deps.engine, after, PAGE);
    after = page.length < PAGE ? '' : (page.at(-1)?.id ?? '');
    const nowMs = await deps.engine.now();
    for (const credential of page) {
      const dueAt = rotationDueAt(credential);
      if (dueAt === null || dueAt > nowMs) continue;
      try {
        // Before a transaction is opened: what is refused for ever is asked in every round.
        requireRotatable(deps, credential, 'normal');
        await rotateCredentials(deps, SCHEDULER, credential.environment_id);
      } catch (error) {
        const code = error instanceof ControlPlaneError ? error.code : null;
        // That is not about this one.
        if (code === 'store_unavailable') throw error;
        if (code !== null && LATER.includes(code)) continue;
        const { id: credentialId, environment_id: environmentId } = credential;
        const fields = { event: 'rotation.skipped', credentialId, environmentId, err: error };
        deps.logger.warn(fields, 'a credential that is due is not replaced; the others are');
      }
    }
  };
}
