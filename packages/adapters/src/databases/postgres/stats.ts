import type { AdapterContext, DatabaseMeasurements, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { unfenced } from './fence.ts';
import { loginsOf, namesOf } from './names.ts';
import { look, standing } from './observe.ts';
import { arrayOf } from './roles.ts';

/** The contract's `measureDatabase`: bytes on the server's disk, an empty database's catalogs (about 7 MB) included, and who is in. */
export async function measureDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<DatabaseMeasurements> {
  const names = namesOf(target);
  return unfenced(pool, target.placement, context, async (work) => {
    const { oid } = standing(await effect(context, 'pg.observe', () => look(work.session, target)));
    const [row] = await effect(context, 'pg.measure', () =>
      work.session.rows<{ size: number | bigint | null; open: number; limit: number }>(
        `SELECT pg_database_size(oid) AS size, datconnlimit AS limit,
           (SELECT count(*)::int FROM pg_stat_activity WHERE usename = ANY ($2::text::name[])) AS open
         FROM pg_database WHERE oid = $1::text::oid`,
        [oid, arrayOf(loginsOf(names))],
      ),
    );
    if (row === undefined || row.size === null) throw missing();
    return { sizeBytes: Number(row.size), sessions: { open: row.open, limit: row.limit } };
  });
}
