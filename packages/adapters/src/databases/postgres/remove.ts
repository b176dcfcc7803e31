import { type AdapterContext, AdapterError, type DatabaseTarget } from '@envplane/spec';
import { asAdministrator } from './administrator.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { type FencedWork, underFence } from './fence.ts';
import { identifier, type Names, rolesOf } from './names.ts';
import { arrayOf, closeLogins, existing, mark } from './roles.ts';

/** The contract's `deleteDatabase`. The roles go last: until then it is observed as ours and an interrupted delete is repeated (I7). */
export async function deleteDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  await underFence(pool, target, context, async (work) => {
    const { session, script, names, found } = work;
    if (found === null) return;
    if (found.oid !== null) {
      await effect(context, 'pg.cut', () =>
        closeLogins(session, names).then((closing) => script([mark(names, target, 'dropping'), ...closing])),
      );
      await effect(context, 'pg.drop-db', () =>
        session.run(`DROP DATABASE IF EXISTS ${identifier(names.database)} WITH (FORCE)`),
      );
    }
    await effect(context, 'pg.drop-roles', () => dropRoles(work, names, context.signal));
  });
}

async function dropRoles({ place, session, script }: FencedWork, names: Names, signal: AbortSignal): Promise<void> {
  const roles = await existing(session, rolesOf(names));
  if (roles.length === 0) return;
  const elsewhere = await session.rows<{ datname: string; owns: boolean }>(
    `SELECT d.datname::text AS datname, bool_or(s.deptype = 'o') AS owns
     FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.refobjid
     WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = ANY ($1::text::name[]) GROUP BY d.datname`,
    [arrayOf(roles)],
  );
  // What a copy in progress holds is still owned by them; its rows must not go with the source.
  if (elsewhere.some(({ owns }) => owns)) {
    throw new AdapterError('unavailable', 'A copy of this database is not finished.');
  }
  // Any tenant can name these roles in a GRANT on its own tables, which must not keep them alive.
  for (const { datname } of elsewhere) {
    await asAdministrator(place, datname, signal, (inside) =>
      inside.run(`DROP OWNED BY ${roles.map(identifier).join(', ')}`),
    );
  }
  await script(roles.map((role) => `DROP ROLE IF EXISTS ${identifier(role)}`));
}
