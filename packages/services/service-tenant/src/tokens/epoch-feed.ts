import { type EpochFeed, isSafeText, LONGEST_TOKEN_SECONDS } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { decodeCursor, encodeCursor, isSequence } from '../store/cursor.ts';
import { revokedKeyIds } from '../store/signing-keys.ts';
import { type EpochPosition, epochSequence, epochsAfter } from '../store/token-epochs.ts';

/** How far back the feed goes, in ms: what is older concerns tokens that have expired, with ten minutes for clocks. */
const WINDOW_MS = (LONGEST_TOKEN_SECONDS + 600) * 1_000;
/**
 * What rose within this time is told again, in ms: transactions commit in another order than they began, and one that takes
 * less than this is not missed.
 */
const OVERLAP_MS = 30_000;
/** Epochs in one answer. */
const PAGE = 1_000;

/** A position with the time at which it was handed out. */
type Cursor = EpochPosition & { atMs: number };

/**
 * Which tokens were withdrawn since the cursor was handed out; without one, or with one that is too old, since the oldest token
 * still in use was issued. Revoked signing keys are in every answer: they are few.
 *
 * @throws ControlPlaneError `permission_denied`, `cursor_invalid`
 */
export async function readTokenEpochs(deps: Deps, caller: Caller, cursor?: string): Promise<EpochFeed> {
  await authorize(deps, caller, 'platform:token_epochs.read', { platform: true });
  const { engine } = deps;
  const given = cursor === undefined ? null : decodeCursor(cursor, FEED, isCursor);
  const nowMs = await engine.now();
  const sinceMs = nowMs - WINDOW_MS;
  // HAZARD: before the entries. What is committed between the two comes again; the other way round it would be skipped.
  const { lowest, highest } = await epochSequence(engine, nowMs - OVERLAP_MS);
  // A store that was restored from a backup knows less than a cursor of before.
  const reset = given === null || given.atMs < sinceMs || given.seq > highest + 1;
  const rows = await epochsAfter(engine, reset ? null : given, sinceMs, PAGE + 1);
  const items = rows.slice(0, PAGE).map(({ environment_id: environmentId, subject, epoch, seq }) => ({
    place: { seq, environmentId, subject },
    shown: { environmentId, subject, epoch },
  }));
  const more = rows.length > PAGE;
  const next = (more && items.at(-1)?.place) || { seq: lowest ?? highest + 1, environmentId: '', subject: '' };
  const revoked = await revokedKeyIds(engine, sinceMs);
  return {
    items: [...items.map(({ shown }) => shown), ...revoked.map((kid) => ({ kid }))],
    nextCursor: encodeCursor({ ...next, atMs: nowMs }, FEED),
    reset,
    more,
    serverTime: new Date(nowMs).toISOString(),
  };
}

const FEED = { list: 'token-epochs' };

function isCursor(value: unknown): value is Cursor {
  const cursor = value as Partial<Cursor> | null;
  if (typeof cursor !== 'object' || cursor === null) return false;
  const { seq, environmentId, subject, atMs } = cursor;
  const isText = (text: unknown) => typeof text === 'string' && isSafeText(text);
  return isSequence(seq) && isSequence(atMs) && isText(environmentId) && isText(subject);
}
