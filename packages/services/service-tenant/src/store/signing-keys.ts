import { ControlPlaneError, LONGEST_TOKEN_SECONDS, type SigningAlgorithm } from '@envplane/spec';
import type { SigningKeyRow } from '../objects/index.ts';
import { NO_PRIVATE_KEY } from '../secrets/signing-key-secrets.ts';
import { type AuditEntry, appendAudit, PLATFORM_CHAIN } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import { enqueueEvent } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** A key as it is made; the store gives it its place. */
export type NewSigningKey = Omit<
  SigningKeyRow,
  'status' | 'created_at' | 'activated_at' | 'retire_after' | 'revoked_at'
>;

/** How long a key is published before it signs, in ms: longer than verifiers keep a key set. */
export const PUBLISHED_MS = 360_000;

/** How long a key stays published after its last signature, in ms: the longest token, and a minute for clocks. */
export const RETIRING_MS = (LONGEST_TOKEN_SECONDS + 60) * 1_000;

/** All keys there are, the newest first. */
export function signingKeys(engine: Engine): Promise<SigningKeyRow[]> {
  return read(() =>
    engine.read.selectFrom('sys_signing_key').selectAll().orderBy('created_at', 'desc').orderBy('kid').execute(),
  );
}

/** Those that a token in use may be signed with, and the next one. */
export async function publishedKeys(engine: Engine): Promise<SigningKeyRow[]> {
  const nowMs = await read(() => engine.now());
  return (await signingKeys(engine)).filter((key) => isPublished(key, nowMs));
}

const isPublished = ({ status, retire_after: retireAfter }: SigningKeyRow, nowMs: number): boolean =>
  status === 'standby' || status === 'active' || (status === 'retiring' && (retireAfter ?? 0) > nowMs);

export function activeSigningKey(engine: Engine): Promise<SigningKeyRow | undefined> {
  return read(() =>
    engine.read.selectFrom('sys_signing_key').selectAll().where('status', '=', 'active').executeTakeFirst(),
  );
}

/** Ids of keys that were revoked within so many ms. */
export async function revokedKeyIds(engine: Engine, sinceMs: number): Promise<string[]> {
  const keys = await signingKeys(engine);
  return keys.flatMap((key) => (key.revoked_at !== null && key.revoked_at >= sinceMs ? [key.kid] : []));
}

async function read<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw storeError(error);
  }
}

/** Whether a key is missing: one signs, and one of the wanted algorithm stands by. */
export function lacksKey(keys: readonly SigningKeyRow[], algorithm: SigningAlgorithm): boolean {
  const standby = withStatus(keys, 'standby');
  return withStatus(keys, 'active') === undefined || standby?.alg !== algorithm;
}

/**
 * Gives the new key the place that is free, if one is: the standby's, or the active one's when nothing stands by. A standby
 * of another algorithm makes room. Of processes that fill the same place at once one does.
 */
export function fillPlace(engine: Engine, key: NewSigningKey, audit: KeyChange['audit']): Promise<void> {
  return transact(engine, async (tx) => {
    const keys = await lockKeys(tx);
    if (!lacksKey(keys, key.alg)) return;
    const standby = withStatus(keys, 'standby');
    const replaced = standby && withStatus(keys, 'active') && standby.alg !== key.alg ? standby.kid : null;
    if (replaced) {
      // It never signed anything.
      await tx.query.deleteFrom('sys_signing_key').where('kid', '=', replaced).execute();
    }
    await settlePlaces(tx, key);
    await appendAudit(tx, audit(key.kid, { alg: key.alg, replaced }));
  });
}

/** Who rotates or revokes, as it is recorded. */
export interface KeyChange {
  audit: (kid: string, detail: Record<string, unknown>) => AuditEntry;
  request: IdempotentRequest | null;
}

/**
 * The standby begins to sign and the active key retires, in one transaction; `next` stands by from then on.
 *
 * @returns the key that signs now
 * @throws ControlPlaneError `invalid_state` while no standby has been published for {@link PUBLISHED_MS}
 */
export function rotateKeys(engine: Engine, next: NewSigningKey, change: KeyChange): Promise<Outcome> {
  return transact(engine, async (tx) => {
    const keys = await lockKeys(tx);
    const first = change.request && (await findFirstUse(tx, change.request));
    if (first) return first;
    const standby = withStatus(keys, 'standby');
    requirePublished(standby, tx.nowMs);
    const outcome = { targetId: standby.kid, operationId: null };
    if (change.request) await takeIdempotencyKey(tx, change.request, outcome);
    const retired = withStatus(keys, 'active');
    if (retired) {
      await tx.update(
        'sys_signing_key',
        { status: 'retiring', retire_after: tx.nowMs + RETIRING_MS, ...NO_PRIVATE_KEY },
        { kid: retired.kid },
      );
    }
    const made = await settlePlaces(tx, next);
    await record(tx, 'signing_key.rotated', change.audit(standby.kid, { retired: retired?.kid ?? null, made }));
    return outcome;
  });
}

/** HAZARD: a key that signs before every verifier has it makes them refuse good tokens. */
function requirePublished(standby: SigningKeyRow | undefined, nowMs: number): asserts standby is SigningKeyRow {
  const waitMs = standby ? standby.created_at + PUBLISHED_MS - nowMs : PUBLISHED_MS;
  if (waitMs <= 0) return;
  throw new ControlPlaneError(
    'invalid_state',
    'The next key has not been published for long enough; verifiers would not know it yet.',
    { state: standby ? 'standby' : 'missing', retryAfterMs: waitMs },
  );
}

/**
 * Takes a key out of use at once and destroys its private part. When it was the active one the standby signs from this
 * transaction on, published long enough or not. `next`, when there is one, takes the free place.
 *
 * @returns null when there is no such key
 */
export function revokeKey(
  engine: Engine,
  kid: string,
  next: NewSigningKey | null,
  change: KeyChange,
): Promise<Outcome | null> {
  return transact(engine, async (tx) => {
    const key = (await lockKeys(tx)).find((each) => each.kid === kid);
    if (!key) return null;
    const first = change.request && (await findFirstUse(tx, change.request));
    if (first) return first;
    const outcome = { targetId: kid, operationId: null };
    if (change.request) await takeIdempotencyKey(tx, change.request, outcome);
    if (key.status === 'revoked') return outcome;
    await tx.update(
      'sys_signing_key',
      { status: 'revoked', revoked_at: tx.nowMs, retire_after: null, ...NO_PRIVATE_KEY },
      { kid },
    );
    const made = await settlePlaces(tx, next);
    await record(tx, 'signing_key.revoked', change.audit(kid, { was: key.status, made }));
    return outcome;
  });
}

/** Removes keys that retired so long ago that no token of theirs is valid. The row of a revoked key stays. */
export function forgetRetiredKeys(engine: Engine): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.query
      .deleteFrom('sys_signing_key')
      .where('status', '=', 'retiring')
      .where('retire_after', '<=', tx.encode({ retire_after: tx.nowMs }).retire_after)
      .execute();
  });
}

/** One change of the keys at a time: the installation's row is locked first. The unique indexes hold what this promises. */
async function lockKeys(tx: Tx): Promise<SigningKeyRow[]> {
  await tx.find('sys_installation', { id: 'installation' }, 'lock');
  return tx.query.selectFrom('sys_signing_key').selectAll().execute();
}

/** Without an active key the standby becomes it. The new key, if there is one, takes the place that is free then; its id is returned if so. */
async function settlePlaces(tx: Tx, next: NewSigningKey | null): Promise<string | null> {
  const keys = await tx.query.selectFrom('sys_signing_key').selectAll().execute();
  const active = withStatus(keys, 'active');
  const standby = withStatus(keys, 'standby');
  if (!active && standby) {
    await tx.update('sys_signing_key', { status: 'active', activated_at: tx.nowMs }, { kid: standby.kid });
  }
  if (!next || (active && standby)) return null;
  const status = active || standby ? 'standby' : 'active';
  const times = { created_at: tx.nowMs, activated_at: status === 'active' ? tx.nowMs : null };
  await tx.insert('sys_signing_key', { ...next, ...times, status, retire_after: null, revoked_at: null });
  return next.kid;
}

async function record(tx: Tx, type: 'signing_key.rotated' | 'signing_key.revoked', entry: AuditEntry): Promise<void> {
  await appendAudit(tx, entry);
  await enqueueEvent(tx, {
    organization_id: PLATFORM_CHAIN,
    environment_id: null,
    type,
    actor: { kind: entry.actor_kind, id: entry.actor_id },
    payload: { kid: entry.target_id },
  });
}

const withStatus = (keys: readonly SigningKeyRow[], status: SigningKeyRow['status']): SigningKeyRow | undefined =>
  keys.find((key) => key.status === status);
