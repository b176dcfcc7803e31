import type { AdapterContext, Placement } from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { unfenced } from './fence.ts';
import { isGenerated, prefixOf } from './names.ts';

/** The contract's `listDatabases`: every database whose name carries our prefix, whoever made it. */
export async function* listDatabases(
  pool: AdministratorPool,
  placement: Placement,
  installationId: string,
  context: AdapterContext,
): AsyncGenerator<{ databaseName: string; externalUid: string }> {
  const prefix = prefixOf(installationId);
  const rows = await unfenced(pool, placement, context, ({ session }) =>
    effect(context, 'pg.list', () =>
      session.rows<{ name: string; oid: string }>(
        'SELECT datname::text AS name, oid::text AS oid FROM pg_database WHERE starts_with(datname::text, $1) ORDER BY datname',
        [prefix],
      ),
    ),
  );
  for (const { name, oid } of rows) if (isGenerated(name)) yield { databaseName: name, externalUid: oid };
}
