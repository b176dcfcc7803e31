import type { Principal } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import type { Deps } from '../deps.ts';
import type { AuditEntry } from '../store/audit.ts';
import { recordOnce } from '../store/recorded-once.ts';

const HOUR_MS = 3_600_000;
const REMEMBERED = 10_000;

/** What this process knows to be recorded, by what it is: the hour it was recorded in. The store is asked once an hour. */
export type Recorded = LRUCache<string, number>;

export const createRecorded = (): Recorded => new LRUCache({ max: REMEMBERED });

/**
 * Records what the same principal may do many times an hour: the first time in each, whichever process it comes to.
 * @param entry `action` and the principal tell it from others, with `of`: what it is about
 * @param nowMs decides the hour; epoch ms
 * @throws ControlPlaneError `store_unavailable`
 */
export async function recordHourly(
  deps: Pick<Deps, 'engine' | 'recorded'>,
  { kind, id }: Pick<Principal, 'kind' | 'id'>,
  of: string,
  entry: AuditEntry,
  nowMs: number,
): Promise<void> {
  const hour = Math.floor(nowMs / HOUR_MS);
  const principalId = `${kind}:${id}`;
  const known = `${entry.action} ${of} ${principalId}`;
  if (deps.recorded.get(known) === hour) return;
  const once = { principalId, verb: entry.action, key: `${of} ${hour}`, requestHash: '' };
  await recordOnce(deps.engine, entry, once);
  deps.recorded.set(known, hour);
}
