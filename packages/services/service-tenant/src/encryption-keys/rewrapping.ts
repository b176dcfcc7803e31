import { timingSafeEqual } from 'node:crypto';
import { ControlPlaneError, type DekContext, type Logger, type OperationView } from '@envplane/spec';
import type { OperationRow } from '../objects/index.ts';
import { backoffMs } from '../provisioning/backoff.ts';
import type { EffectHook } from '../provisioning/failpoints.ts';
import type { NameKey } from '../provisioning/names.ts';
import { LEASE_MS } from '../provisioning/pass-context.ts';
import type { EncryptorSet, Kek, KeptDek } from '../secrets/encryptor-set.ts';
import { unseal } from '../secrets/sealing.ts';
import type { AuditEntry } from '../store/audit.ts';
import type { Stores } from '../store/open-stores.ts';
import { claimRewrap, commitRewrap, type RewrapClaim, type RewrapCommit } from '../store/rewrap-work.ts';
import {
  findSealed,
  KEY_HOLDERS,
  type KeptKey,
  type KeyHolder,
  keysByKek,
  keysElsewhere,
  replaceWrap,
} from '../store/wrapped-keys.ts';
import { createTending, type Tending } from '../tending.ts';

/** Rows that are under way together. Each is a transaction of its own; on SQLite they share a flush. */
const CHUNK = 32;
/** How often progress is told and the lease renewed; far less than a lease. */
const TELL_MS = 1_000;

const PURPOSES: Record<KeyHolder, DekContext['purpose']> = {
  installation: 'installation',
  placement: 'placement',
  'signing-key': 'signing-key',
  environment: 'env-dek',
};

export interface RewrappingDeps {
  stores: Stores;
  encryptors: EncryptorSet;
  nameKey: Pick<NameKey, 'installationId' | 'key'>;
  effect: EffectHook;
  logger: Logger;
  /** Gives [0, 1). */
  random: () => number;
  /** Called after every commit. */
  committed(operationId: string): void;
}

/** The work is another process's now, or was called off: stop at once, undo nothing. */
class WorkLost extends Error {
  override readonly name = 'WorkLost';
}

/**
 * Brings every data key under the primary key-encryption key, when that was asked for (K1 and K2). Which rows are left is read from the rows themselves, so a crash between any two of them, or two processes at once,
 * cost time and nothing else: each row names what opens it, before and after.
 */
export function createRewrapping(deps: RewrappingDeps): Tending {
  const { stores, encryptors, nameKey, effect, logger } = deps;
  const { installationId } = nameKey;
  let attempts = 0;
  /** The last turn ended with rows that do not open; one such turn may be bad luck. */
  let hadUnreadable = false;
  /** What the last turn began with. When the next one begins with no less, something is behind and needs time. */
  let lastLeft = Number.POSITIVE_INFINITY;

  const tending: Tending = createTending(
    async () => {
      while (!tending.isStopped) {
        const work = await claimRewrap(stores.main, encryptors.primary.encryptorId, LEASE_MS);
        if (work === null) return null;
        if ('inMs' in work) return work.inMs;
        await turn(work).catch((error: unknown) => {
          if (!(error instanceof WorkLost)) throw error;
        });
      }
      return null;
    },
    (error) => logger.error({ event: 'encryption_key.failed', err: error }, 'data keys could not be re-wrapped'),
  );

  async function commit(claim: RewrapClaim, change: RewrapCommit): Promise<void> {
    const isOurs = await effect('cp.rewrap-commit', () => commitRewrap(stores.main, claim, change));
    if (!isOurs) throw new WorkLost();
    deps.committed(claim.operationId);
  }

  /** One attempt at everything that is left. */
  async function turn(claim: RewrapClaim): Promise<void> {
    try {
      const current = await encryptors.currentKek();
      const left = await countElsewhere(current);
      if (left === 0) return await verify(claim, current);
      const unreadable = await rewrapAll(claim, current, left);
      attempts = 0;
      const isStuck = unreadable > 0 && hadUnreadable;
      const waitMs = unreadable > 0 || left >= lastLeft ? backoffMs(0, undefined, deps.random) : 0;
      hadUnreadable = unreadable > 0 && !isStuck;
      lastLeft = left;
      if (isStuck) await giveUp(claim, unreadable);
      else await commit(claim, { next: { inMs: waitMs }, operation: () => ({}) });
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await pause(claim, error);
    }
  }

  async function countElsewhere({ encryptorId, kekId }: Kek): Promise<number> {
    const counts = await keysByKek(stores);
    return counts
      .filter((each) => each.encryptorId !== encryptorId || each.kekId !== kekId)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** K1. @returns how many rows do not open */
  async function rewrapAll(claim: RewrapClaim, current: Kek, left: number): Promise<number> {
    let before = 0;
    let moved = 0;
    let unreadable = 0;
    await commit(claim, {
      next: { inMs: LEASE_MS },
      countedAt: () => null,
      operation: (operation, nowMs) => {
        // What a process did before it died and had not told is not left any more.
        before = Math.max(operation.progress?.done ?? 0, (operation.progress?.total ?? left) - left);
        return {
          attempts: operation.attempts + 1,
          next_attempt_at: null,
          progress: { done: before, total: before + left },
          steps: withStep(operation.steps, 'rewrap', 'running', nowMs),
        };
      },
    });
    const tell = () => {
      const done = before + moved;
      return commit(claim, {
        next: { inMs: LEASE_MS },
        operation: () => ({ progress: { done, total: Math.max(done, before + left) } }),
      });
    };
    let toldAtMs = performance.now();
    for (const holder of KEY_HOLDERS) {
      for (let after = ''; ; ) {
        if (tending.isStopped) return release(claim);
        const keys = await keysElsewhere(stores, holder, current, after, CHUNK);
        const last = keys.at(-1);
        if (!last) break;
        after = last.rowId;
        const failed = await rewrapChunk(keys);
        unreadable += failed;
        moved += keys.length - failed;
        if (performance.now() - toldAtMs < TELL_MS) continue;
        await tell();
        toldAtMs = performance.now();
      }
    }
    await tell();
    return unreadable;
  }

  /** The process is being stopped: another one may go on at once. */
  async function release(claim: RewrapClaim): Promise<never> {
    await commit(claim, { next: { inMs: 0 }, operation: () => ({}) });
    throw new WorkLost();
  }

  /** @returns how many did not open, though both encryptors work. @throws ControlPlaneError when one does not */
  async function rewrapChunk(keys: readonly KeptKey[]): Promise<number> {
    const results = await Promise.allSettled(keys.map(rewrapOne));
    const failed = results.flatMap((result, index) => {
      const key = keys[index];
      return result.status === 'rejected' && key ? [{ key, reason: result.reason as unknown }] : [];
    });
    const other = failed.find(({ reason }) => !isUnavailable(reason));
    if (other) throw other.reason;
    for (const { key } of failed) {
      await encryptors.health(key.wrapped.encryptorId);
      await encryptors.health();
      logger.error({ event: 'encryption_key.unreadable', ...named(key) }, 'a data key does not open');
    }
    return failed.length;
  }

  async function rewrapOne(key: KeptKey): Promise<void> {
    const next = await effect('kek.rewrap', async () => {
      const wrapped = await encryptors.rewrap(key.wrapped, contextOf(key));
      await prove(key, wrapped);
      return wrapped;
    });
    // When it is gone or has another wrap by now, the next count tells.
    await effect('cp.rewrap', () => replaceWrap(stores, key, next));
  }

  const contextOf = ({ holder, subjectId }: KeptKey): DekContext => ({
    installationId,
    subjectId,
    purpose: PURPOSES[holder],
  });

  /** HAZARD: before the old wrap is given up, the new one must open what the key seals. */
  async function prove(key: KeptKey, wrapped: KeptDek): Promise<void> {
    const dek = await encryptors.unwrap(wrapped, contextOf(key));
    try {
      if (key.holder === 'installation' && !timingSafeEqual(dek, nameKey.key)) throw new Error('another key');
      const sealed = await findSealed(stores, key, installationId);
      if (sealed) await unseal(sealed.record, dek, sealed.context);
    } catch (error) {
      if (error instanceof ControlPlaneError) throw error;
      throw new ControlPlaneError('encryptor_unavailable', 'A data key does not open what was sealed under it.');
    } finally {
      dek.fill(0);
    }
  }

  /** K2: nothing is left, twice, a lease apart: a process that had not heard of the new key would have shown up. */
  async function verify(claim: RewrapClaim, current: Kek): Promise<void> {
    lastLeft = Number.POSITIVE_INFINITY;
    if (claim.countedAt === null) {
      return commit(claim, {
        next: { inMs: LEASE_MS },
        countedAt: (nowMs) => nowMs,
        operation: (operation, nowMs) => ({
          steps: withStep(withStep(operation.steps, 'rewrap', 'succeeded', nowMs), 'verify', 'running', nowMs),
          next_attempt_at: null,
          progress: operation.progress && { ...operation.progress, done: operation.progress.total },
        }),
      });
    }
    await commit(claim, {
      next: 'done',
      operation: (operation, nowMs) => ({
        status: 'succeeded',
        steps: withStep(operation.steps, 'verify', 'succeeded', nowMs),
        result: { encryptor: current.encryptorId, kekId: current.kekId, rewrapped: operation.progress?.done ?? 0 },
      }),
      audit: audited(installationId, claim.operationId, current),
    });
  }

  /** Rows that did not open twice are left as they are; the operation says so. */
  async function giveUp(claim: RewrapClaim, count: number): Promise<void> {
    await commit(claim, {
      next: 'done',
      operation: (operation, nowMs) => ({
        status: 'failed',
        error: unreadableError(count),
        steps: withStep(operation.steps, 'rewrap', 'failed', nowMs, UNREADABLE),
      }),
    });
  }

  /** Nothing can be wrapped or opened now: cached environments go on, and this waits. */
  async function pause(claim: RewrapClaim, { code, details }: ControlPlaneError): Promise<void> {
    attempts += 1;
    const waitMs = backoffMs(attempts, details.retryAfterMs, deps.random);
    logger.warn({ event: 'encryption_key.paused', code, attempt: attempts, durationMs: waitMs }, 're-wrapping waits');
    await commit(claim, {
      next: { inMs: waitMs },
      operation: (operation, nowMs) => ({
        next_attempt_at: nowMs + waitMs,
        steps: withStep(operation.steps, 'rewrap', 'running', nowMs, code),
      }),
    });
  }

  return tending;
}

const UNREADABLE = 'data_key_unreadable';

const unreadableError = (count: number): NonNullable<OperationView['error']> => ({
  type: `urn:envplane:problem:${UNREADABLE}`,
  title: 'Data keys do not open',
  detail: `${count} data keys do not open under the key that their rows name and stay as they are; the log names them. Restore them from a backup of the key store, then repeat the request.`,
  code: UNREADABLE,
});

const isUnavailable = (error: unknown): error is ControlPlaneError =>
  error instanceof ControlPlaneError && error.code === 'encryptor_unavailable';

/** As logs name what a data key belongs to. */
function named({ holder, subjectId }: KeptKey): object {
  if (holder === 'environment') return { environmentId: subjectId };
  return holder === 'placement' ? { placementId: subjectId } : { kid: subjectId };
}

type Steps = OperationRow['steps'];

/** The steps with how far one of them is. `code`: why the last attempt at it did not succeed. */
function withStep(
  steps: Steps,
  name: 'rewrap' | 'verify',
  status: Steps[number]['status'],
  nowMs: number,
  code?: string,
): Steps {
  const at = new Date(nowMs).toISOString();
  return steps.map((step) => {
    if (step.name !== name || (step.status === 'succeeded' && status === 'succeeded')) return step;
    const startedAt = step.startedAt ?? at;
    const isOver = status !== 'running';
    return {
      ...step,
      status,
      attempt: Math.max(1, step.attempt + (status === 'running' && code === undefined ? 1 : 0)),
      startedAt,
      finishedAt: isOver ? at : null,
      durationMs: isOver ? nowMs - Date.parse(startedAt) : step.durationMs,
      error: code === undefined ? null : { code },
    };
  });
}

const audited = (installationId: string, operationId: string, { encryptorId, kekId }: Kek): AuditEntry => ({
  organization_id: null,
  environment_id: null,
  actor_kind: 'platform',
  actor_id: 'reconciler',
  acting_for: null,
  action: 'encryption_key.rewrapped',
  target_kind: 'installation',
  target_id: installationId,
  outcome: 'allow',
  reason: null,
  request_id: null,
  client_address: null,
  detail: { operationId, encryptor: encryptorId, kekId },
});
