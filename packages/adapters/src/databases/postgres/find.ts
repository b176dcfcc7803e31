import { type AdapterContext, AdapterError, type DatabaseTarget, type Observation } from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { toAdapterError } from './errors.ts';
import { unfenced } from './fence.ts';
import { type Names, namesOf } from './names.ts';
import { look, type Sighting } from './observe.ts';
import { databaseUrlOf, type Place } from './settings.ts';

/** The contract's `findDatabase`: tells what is there and never throws. */
export async function findDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<Observation> {
  try {
    const names = namesOf(target);
    return await unfenced(pool, target.placement, context, async ({ place, session }) => {
      const sighting = await effect(context, 'pg.observe', () => look(session, target));
      return sighting === null ? { kind: 'absent' } : observationOf(sighting, place, names);
    });
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
    return { kind: 'unknown', error: error instanceof AdapterError ? error : toAdapterError(error) };
  }
}

/** I7: roles without a database are ours while a create or a delete is to be repeated. Beside a lost database they are not the database. */
function observationOf({ oid, progress }: Sighting, place: Place, { database }: Names): Observation {
  if (oid === null && progress === 'made') return { kind: 'absent' };
  return { kind: 'ours', databaseUrl: databaseUrlOf(place, database), externalUid: oid ?? '0' };
}
