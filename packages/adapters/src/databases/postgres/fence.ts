import type { AdapterContext, DatabaseTarget, Placement } from '@envplane/spec';
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
 * statement of an overtaken claim never begins. `besides` are databases that are locked too, without passing their fence.
 * @throws AdapterError `conflict` when what stands under the name is not ours
 */
export function underFence<T>(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
  work: (work: FencedWork) => Promise<T>,
  besides: readonly Names[] = [],
): Promise<T> {
  const names = namesOf(target);
  return unfenced(pool, target.placement, context, async (opened) => {
    // In one order everywhere, or two copies in opposite directions would wait for each other.
    const locks = [names, ...besides].map(({ database }) => database).sort();
    const found = await effect(context, 'pg.fence', async () => {
      const results = await opened.session.script([
        ...locks.map((lock) => `SELECT pg_advisory_lock(hashtextextended(${literal(lock)}, 0))`),
        passFence(names.database, context.fenceEpoch),
        lookStatement(names),
      ]);
      if (results.at(-2)?.length !== 1) throw stale();
      return sightingOf(results.at(-1)?.[0], target);
    });
    return work({ ...opened, names, found });
  });
}

/** Returns a row unless a newer claim has been here. It sees what was committed while the statement before it waited. */
export function passFence(name: string, epoch: number): string {
  return `INSERT INTO public.fence AS f (name, epoch, updated_at) VALUES (${literal(name)}, ${BigInt(epoch)}, now())
    ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, updated_at = now() WHERE f.epoch <= excluded.epoch
    RETURNING epoch`;
}
