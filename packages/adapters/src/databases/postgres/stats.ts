import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { unfenced } from './fence.ts';
import { namesOf } from './names.ts';
import { look, standing } from './observe.ts';

/** The contract's `measureDatabase`: bytes on the server's disk, an empty database's catalogs (about 7 MB) included. */
export async function measureDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<{ sizeBytes: number }> {
  namesOf(target);
  return unfenced(pool, target.placement, context, async (work) => {
    const { oid } = standing(await effect(context, 'pg.observe', () => look(work.session, target)));
    const [row] = await effect(context, 'pg.measure', () =>
      work.session.rows<{ size: number | bigint | null }>('SELECT pg_database_size($1::text::oid) AS size', [oid]),
    );
    if (row === undefined || row.size === null) throw missing();
    return { sizeBytes: Number(row.size) };
  });
}
