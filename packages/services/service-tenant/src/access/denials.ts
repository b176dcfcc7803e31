import type { ControlPlaneError, Logger, PermissionCatalogue, ProblemCode } from '@envplane/spec';
import { actorOf, audited } from '../request.ts';
import { type AuditEntry, PLATFORM_CHAIN } from '../store/audit.ts';
import { appendDenials } from '../store/denials.ts';
import type { StoreEngine } from '../store/engine.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import type { Caller } from './caller.ts';

/** How often what is new is written, in ms: long enough to be a batch, short enough for an alarm. */
const WRITE_MS = 1_000;
/** How long what is the same as before is only counted, in ms. */
const QUIET_MS = 60_000;
/** Entries that one principal can cause in that time in detail, and as many again by organization; what is more is one entry. */
const OF_ONE = 20;
/** Entries of everybody in that time; what is more is one entry. */
const OF_ALL = 500;
/** So many are one transaction: others who write to the same chain wait for it. */
const BATCH = 50;

/** What somebody was refused, as far as it is known: nulls for what does not exist. */
export interface Place {
  organizationId: string | null;
  environmentId: string | null;
}

/**
 * Refusals on their way into the audit log. A refusal is noted in memory, so that it takes no time that could tell what exists
 * and what does not, and a flood of them costs the store a bounded number of entries.
 */
export interface Denials {
  /** @param missing permissions that would have been needed; what is in no catalogue is not recorded */
  note(caller: Caller, place: Place, reason: ProblemCode, missing: readonly string[]): void;
  /** Writes what is due now. What cannot be written is kept and written later; nothing is thrown. */
  write(): Promise<void>;
  start(): void;
  /** Writes all there is. */
  stop(): Promise<void>;
}

/** The refusal itself, once it is noted. */
export function refused(
  { denials }: { denials: Pick<Denials, 'note'> },
  caller: Caller,
  place: Place,
  error: ControlPlaneError,
  missing: readonly string[] = error.details.missing ?? [],
): ControlPlaneError {
  denials.note(caller, place, error.code, missing);
  return error;
}

interface Denial extends Place {
  /** Null: several. */
  caller: Caller | null;
  reason: string;
  missing: readonly string[];
}

/** Of one kind of refusal: how many were not written yet, and when they are. */
interface Open {
  denial: Denial;
  /** What its number is limited by; see `levelsOf`. */
  readonly group: string | null;
  count: number;
  firstMs: number;
  lastMs: number;
  dueMs: number;
}

export function createDenials(deps: {
  engine: StoreEngine<ControlPlaneTables>;
  catalogue: PermissionCatalogue;
  logger: Logger;
  nowMs: () => number;
}): Denials {
  const { engine, catalogue, logger, nowMs } = deps;
  const open = new Map<string, Open>();
  const sizes = new Map<string, number>();
  /** One after the other: whoever asks for it gets what was noted until then. */
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;
  let timer: NodeJS.Timeout | undefined;

  const hasRoom = (group: string | null, isLast: boolean): boolean =>
    isLast || (open.size < OF_ALL && (group === null || (sizes.get(group) ?? 0) < OF_ONE));

  function close(key: string, { group }: Open): void {
    open.delete(key);
    if (group === null) return;
    const left = (sizes.get(group) ?? 1) - 1;
    if (left > 0) sizes.set(group, left);
    else sizes.delete(group);
  }

  async function writeDue(everything: boolean): Promise<void> {
    const now = nowMs();
    const byChain = new Map<string, Taken[]>();
    for (const [key, each] of open) {
      // A clock that was set back makes nothing wait for longer.
      const isDue = each.dueMs <= now || each.dueMs > now + QUIET_MS;
      if (!isDue && !everything) continue;
      if (each.count === 0) {
        close(key, each);
        continue;
      }
      const chain = each.denial.organizationId ?? PLATFORM_CHAIN;
      const batch = byChain.get(chain) ?? [];
      byChain.set(chain, batch);
      const { denial, count, firstMs, lastMs } = each;
      batch.push([each, denial, { count, firstMs, lastMs }]);
      Object.assign(each, { count: 0, dueMs: now + QUIET_MS });
    }
    for (const taken of byChain.values()) {
      for (let from = 0; from < taken.length; from += BATCH) await append(taken.slice(from, from + BATCH), now);
    }
  }

  async function append(taken: readonly Taken[], now: number): Promise<void> {
    try {
      await appendDenials(
        engine,
        taken.map(([, denial, noted]) => entryOf(denial, noted)),
      );
    } catch (error) {
      logger.warn({ event: 'denials.failed', err: error }, 'refusals are not in the audit log yet');
      for (const [each, denial, { count, firstMs }] of taken) {
        Object.assign(each, { denial, count: each.count + count, firstMs, dueMs: now + WRITE_MS });
      }
    }
  }

  const write = (everything = false): Promise<void> => {
    writing = writing.then(async () => {
      isWriting = true;
      await writeDue(everything);
      isWriting = false;
    });
    return writing;
  };

  return {
    note: (caller, place, reason, missing) => {
      const now = nowMs();
      const known = missing.filter((permission) => catalogue.has(permission));
      const levels = levelsOf({ ...place, caller, reason, missing: known });
      for (const [index, { key, group, denial }] of levels.entries()) {
        const same = open.get(key);
        if (!same && !hasRoom(group, index === levels.length - 1)) continue;
        const entry = same ?? { denial, group, count: 0, firstMs: now, lastMs: now, dueMs: now };
        if (!same) {
          open.set(key, entry);
          if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
        }
        if (entry.count === 0) Object.assign(entry, { denial, firstMs: now });
        entry.count += 1;
        entry.lastMs = now;
        return;
      }
    },
    write: () => write(),
    start: () => {
      timer = setInterval(() => void (isWriting || write()), WRITE_MS);
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      await write(true);
    },
  };
}

type Noted = Pick<Open, 'count' | 'firstMs' | 'lastMs'>;
/** What is being written of an open one. */
type Taken = readonly [Open, Denial, Noted];

/**
 * What a refusal is counted as, the most telling first: itself; the principal's in that organization; the principal's; anybody's.
 * The last two are in the chain of the platform.
 */
function levelsOf(denial: Denial): { key: string; group: string | null; denial: Denial }[] {
  const { caller, organizationId, environmentId, reason, missing } = denial;
  const actor = caller && actorOf(caller);
  const who = JSON.stringify([actor?.kind, actor?.id, caller?.principal.id]);
  const where = JSON.stringify([organizationId, environmentId, reason, missing]);
  const several = { reason: 'several', environmentId: null, missing: [] };
  const onPlatform = { ...several, organizationId: null };
  return [
    { key: `0 ${who} ${where}`, group: `0 ${who}`, denial },
    { key: `1 ${who} ${organizationId}`, group: `1 ${who}`, denial: { ...denial, ...several } },
    { key: `2 ${who}`, group: null, denial: { ...denial, ...onPlatform } },
    { key: '3', group: null, denial: { ...onPlatform, caller: null } },
  ];
}

const SEVERAL: Caller = {
  principal: { kind: 'platform', id: 'several', issuer: 'envplane', subject: 'several' },
  requestId: null,
  clientAddress: null,
};

function entryOf({ caller, organizationId, environmentId, reason, missing }: Denial, noted: Noted): AuditEntry {
  const target = { organizationId, ...(environmentId !== null && { environmentId }) };
  const iso = (ms: number) => new Date(ms).toISOString();
  const { count, firstMs, lastMs } = noted;
  const entry = audited(caller ?? SEVERAL, 'access.denied', target, {
    missing: [...missing],
    count,
    firstAt: iso(firstMs),
    lastAt: iso(lastMs),
  });
  // What belongs to nobody has no id that is worth keeping: whoever asked made it up.
  return { ...entry, outcome: 'deny', reason, ...(organizationId === null && { target_kind: 'platform' }) };
}
