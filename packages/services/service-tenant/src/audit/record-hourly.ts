import type { Logger, Principal } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { bounded } from '../bounded.ts';
import type { AuditEntry } from '../store/audit.ts';
import type { StoreEngine } from '../store/engine.ts';
import { recordOnce } from '../store/recorded-once.ts';
import type { ControlPlaneTables } from '../store/tables.ts';

const HOUR_MS = 3_600_000;
const REMEMBERED = 10_000;

type Who = Pick<Principal, 'kind' | 'id'>;

/** What the same principal may do many times an hour is recorded the first time in each, whichever process it comes to. */
export interface HourlyRecords {
  /**
   * @param of what it is about; the action of the entry and the principal tell it from others
   * @param nowMs decides the hour; epoch ms
   * @throws ControlPlaneError `store_unavailable`
   */
  record(who: Who, of: string, entry: AuditEntry, nowMs: number): Promise<void>;
  /** The same, written while the caller goes on (ADR 48). What cannot be written is logged, and tried again the next time. */
  note(who: Who, of: string, entry: AuditEntry, nowMs: number): void;
  /** Resolves when what was noted until now is written, or could not be. */
  settled(): Promise<void>;
}

export function createHourlyRecords(engine: StoreEngine<ControlPlaneTables>, logger: Logger): HourlyRecords {
  // The hour of what was recorded last, by what it is: the store is asked once an hour.
  const hours = new LRUCache<string, number>(bounded(REMEMBERED));
  const writing = new Set<Promise<void>>();

  const hourOf = (nowMs: number) => Math.floor(nowMs / HOUR_MS);
  const keyOf = ({ kind, id }: Who, of: string, { action }: AuditEntry) => `${action} ${of} ${kind}:${id}`;

  async function write({ kind, id }: Who, of: string, entry: AuditEntry, hour: number): Promise<void> {
    await recordOnce(engine, entry, {
      principalId: `${kind}:${id}`,
      verb: entry.action,
      key: `${of} ${hour}`,
      requestHash: '',
    });
  }

  return {
    record: async (who, of, entry, nowMs) => {
      const key = keyOf(who, of, entry);
      const hour = hourOf(nowMs);
      if (hours.get(key) === hour) return;
      await write(who, of, entry, hour);
      hours.set(key, hour);
    },
    note: (who, of, entry, nowMs) => {
      const key = keyOf(who, of, entry);
      const hour = hourOf(nowMs);
      if (hours.get(key) === hour) return;
      hours.set(key, hour);
      const written = write(who, of, entry, hour)
        .catch((error: unknown) => {
          hours.delete(key);
          logger.warn({ event: 'audit.note_failed', err: error }, 'what was done is not in the audit log yet');
        })
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    settled: async () => {
      await Promise.all(writing);
    },
  };
}
