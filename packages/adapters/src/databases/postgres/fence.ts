import type { AdapterContext, DatabaseTarget, Placement, SqlRow } from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect, refuseWhenAborted } from './effects.ts';
import { stale } from './errors.ts';
import { literal, type Names, namesOf } from './names.ts';
import { lookStatement, type Sighting, sightingOf } from './observe.ts';
import type { Session } from './session.ts';
import { type Place, placeOf } from './settings.ts';

/** What a step of this driver works with. */
export interface Work {
  place: Place;
  /** The administrator's session in the fence database. */
  session: Session;
}

/** What a step works with that has passed the fence: nobody else changes what it has found. */
export interface FencedWork extends Work {
  names: Names;
  found: Sighting | null;
  /**
   * Runs statements as `Session.script` does: the first of a work in the transaction of its fence, which commits with them, and not before
   * what it waits for has come, which it asks for when they have been sent.
   */
  script<Row extends SqlRow>(statements: readonly string[], waitsFor?: () => Promise<unknown>): Promise<Row[][]>;
}

/** Runs `work` with a session in the fence database, without lock: for looking only. */
export async function unfenced<T>(
  pool: AdministratorPool,
  placement: Placement,
  context: AdapterContext,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const place = placeOf(placement);
  refuseWhenAborted(context.signal);
  return pool.use(place, context.signal, (session) => work({ place, session }));
}

/**
 * Runs `work` as the only one that works on the database, and only if no newer claim has been here (F3). Lock and session are one:
 * a statement that a dead client left behind keeps the lock until it is done, so whoever comes next sees its result, and a late
 * statement of an overtaken claim never begins. The fence is raised in the transaction of what the work does first, or in one of its own
 * if it does nothing; what cannot be part of a transaction comes after, still under the lock.
 * @throws AdapterError `conflict` when what stands under the name is not ours
 */
export function underFence<T>(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
  work: (work: FencedWork) => Promise<T>,
  {
    besides = [],
    isOneTransaction = false,
  }: {
    /** Databases that are locked too, without passing their fence. */
    besides?: readonly Names[];
    /** All that the work does is its first script: the lock ends with it, and nobody has to give it back. */
    isOneTransaction?: boolean;
  } = {},
): Promise<T> {
  const names = namesOf(target);
  return unfenced(pool, target.placement, context, async (opened) => {
    const { session } = opened;
    const lock = isOneTransaction ? 'pg_advisory_xact_lock' : 'pg_advisory_lock';
    // In one order everywhere, or two copies in opposite directions would wait for each other.
    const locks = [names, ...besides].map(({ database }) => database).sort();
    let isRaised = false;
    const script: FencedWork['script'] = async (statements, waitsFor) => {
      if (isRaised || !waitsFor) {
        const results = await session.script(isRaised ? statements : [...statements, 'COMMIT']);
        isRaised = true;
        return results as never;
      }
      const results = session.script(statements);
      // Said when both are there; without the other one nothing is committed.
      results.catch(() => undefined);
      await waitsFor();
      await Promise.all([results, session.script(['COMMIT'])]);
      isRaised = true;
      return results as never;
    };
    const found = await effect(context, 'pg.fence', async () => {
      const results = await session.script([
        'BEGIN',
        ...locks.map((name) => `SELECT ${lock}(hashtextextended(${literal(name)}, 0))`),
        passFence(names.database, context.fenceEpoch),
        lookStatement(names),
      ]);
      if (results.at(-2)?.length !== 1) throw stale();
      return sightingOf(results.at(-1)?.[0], target);
    });
    const result = await work({ ...opened, names, found, script });
    if (!isRaised) await effect(context, 'pg.fence', () => script([]));
    // Not awaited: a session runs its statements in order, so whoever takes it next comes after this one.
    if (!isOneTransaction) session.script(['SELECT pg_advisory_unlock_all()']).catch(() => session.close());
    return result;
  });
}

/** Returns a row unless a newer claim has been here. It sees what was committed while the statement before it waited. */
export function passFence(name: string, epoch: number): string {
  return `INSERT INTO public.fence AS f (name, epoch, updated_at) VALUES (${literal(name)}, ${BigInt(epoch)}, now())
    ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, updated_at = now() WHERE f.epoch <= excluded.epoch
    RETURNING epoch`;
}
