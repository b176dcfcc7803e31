import type { AdapterContext, KnownByMarker, Placement } from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { unfenced } from './fence.ts';
import { isGenerated, prefixOf } from './names.ts';
import { objectIdOf } from './observe.ts';
import { databaseUrlOf } from './settings.ts';

type Row = { oid: string; broken: boolean; owner: string; marker: string | null };

/** The contract's `identifyDatabase`: a complete database of the installation's owner, by the comment on its own owner role. */
export async function identifyDatabase(
  pool: AdministratorPool,
  placement: Placement,
  { installationId, databaseName }: { installationId: string; databaseName: string },
  context: AdapterContext,
): Promise<KnownByMarker | null> {
  const databaseOwner = `${prefixOf(installationId)}_dbo`;
  if (!isGenerated(databaseName)) return null;
  return unfenced(pool, placement, context, async ({ place, session }) => {
    const [row] = await effect(context, 'pg.observe', () =>
      session.rows<Row>(
        `SELECT d.oid::text AS oid, d.datconnlimit = -2 AS broken, pg_get_userbyid(d.datdba)::text AS owner,
           shobj_description(r.oid, 'pg_authid') AS marker
         FROM pg_database d LEFT JOIN pg_roles r ON r.rolname = d.datname || '_o' WHERE d.datname = $1`,
        [databaseName],
      ),
    );
    const objectId = objectIdOf(row?.marker ?? null);
    if (!row || row.broken || row.owner !== databaseOwner || objectId === null) return null;
    const databaseUrl = databaseUrlOf(place, databaseName);
    return { objectId, organizationScope: null, databaseUrl, externalUid: row.oid };
  });
}
