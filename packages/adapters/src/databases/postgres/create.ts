import type { AdapterContext, DatabaseLocation, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { codeOf, unfinishedCopy } from './errors.ts';
import { type FencedWork, underFence } from './fence.ts';
import { harden } from './harden.ts';
import { identifier } from './names.ts';
import { look, type Progress, standing } from './observe.ts';
import { makeRoles } from './roles.ts';

const DUPLICATE_DATABASE = '42P04';

/** The contract's `createDatabase`. */
export async function createDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  options: { mustExist: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  return underFence(pool, target, context, async (work) => {
    const { found } = work;
    if (found?.progress === 'loading') throw unfinishedCopy();
    if (found === null || found.oid === null || found.broken) {
      // I5: a confirmed database that is gone is an incident, never a reason to create.
      if (options.mustExist) throw missing();
      await make(work, target, context);
      return harden(work, target, 'making', context);
    }
    return harden(work, target, found.progress, context);
  });
}

async function make(work: FencedWork, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  await prepare(work, target, 'making', context);
  await effect(context, 'pg.create', async () => {
    try {
      await work.session.run(`${createStatement(work, 'template0')} ENCODING 'UTF8'`);
    } catch (error) {
      if (codeOf(error) !== DUPLICATE_DATABASE) throw error;
      standing(await look(work.session, target));
    }
  });
}

/** Everything before the database itself: the remains of an interrupted drop removed, roles there and marked. */
export async function prepare(
  { session, script, names, found }: FencedWork,
  target: DatabaseTarget,
  progress: Progress,
  context: AdapterContext,
): Promise<void> {
  if (found?.broken) {
    await effect(context, 'pg.drop-db', async () => {
      await script([]);
      await session.run(`DROP DATABASE IF EXISTS ${identifier(names.database)}`);
    });
  }
  await effect(context, 'pg.roles', () => script(makeRoles(names, target, progress)));
}

/** A new database is open to every login of the cluster through PUBLIC, so nobody is let in until it is hardened (S12). */
export function createStatement({ place, names }: FencedWork, template: string): string {
  return `CREATE DATABASE ${identifier(names.database)} OWNER ${identifier(names.databaseOwner)}
    TEMPLATE ${identifier(template)} ALLOW_CONNECTIONS false CONNECTION LIMIT ${place.connectionLimit}`;
}
