import { type AdapterContext, AdapterError, type DatabaseLocation, type DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { asAdministrator } from './administrator.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { createStatement, prepare } from './create.ts';
import { effect } from './effects.ts';
import { emptyTables } from './empty-tables.ts';
import { unfinishedCopy } from './errors.ts';
import { type FencedWork, underFence } from './fence.ts';
import {
  type Findings,
  findingsAround,
  findingsWithin,
  harden,
  openDatabase,
  refuseFindings,
  secureInside,
} from './harden.ts';
import { FENCE_DATABASE, identifier, loginsOf, type Names, namesOf, rolesOf, TENANT_SCHEMA } from './names.ts';
import { look, standing } from './observe.ts';
import { arrayOf, existing, mark } from './roles.ts';
import type { Session } from './session.ts';

/** How often sessions of the source are ended while the copy waits for the last of them, in ms. */
const ENDING_INTERVAL_MS = 100;

/**
 * The contract's `copyDatabase`. The source's sessions are ended; whoever connects while the server copies waits until it is done,
 * because the server locks the template for that long. Nothing has to be undone when this process dies.
 */
export async function copyDatabase(
  pool: AdministratorPool,
  source: DatabaseTarget,
  target: DatabaseTarget,
  options: { schemaOnly: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const from = namesOf(source);
  return underFence(
    pool,
    target,
    context,
    async (work) => {
      const { found, names, session } = work;
      const unmade = found === null || found.oid === null;
      if (!unmade && !found.broken && found.progress === 'made') return harden(work, target, 'made', context);
      if (!unmade && found.progress !== 'loading') throw unfinishedCopy();
      const template = standing(await effect(context, 'pg.observe', () => look(session, source)));
      if (template.progress !== 'made') throw missing();
      if (unmade) await load(work, from, target, context);
      await effect(context, 'pg.move-roles', async () => {
        const { progress } = standing(await look(session, target));
        if (progress === 'loading') await makeOwn(work, { from, names }, target, options, context.signal);
      });
      return harden(work, target, 'made', context);
    },
    { besides: [from] },
  );
}

interface Pair {
  from: Names;
  names: Names;
}

async function load(work: FencedWork, from: Names, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  await prepare(work, target, 'loading', context);
  await effect(context, 'pg.load', async () => {
    const there = await look(work.session, target);
    if (there !== null && there.oid !== null) return;
    let copying = true;
    const copied = work.session.run(createStatement(work, from.database)).finally(() => {
      copying = false;
    });
    const ended = asAdministrator(work.place, FENCE_DATABASE, context.signal, async (other) => {
      while (copying) {
        await other.run(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1::name AND usename = ANY ($2::text::name[])',
          [from.database, arrayOf(loginsOf(from))],
        );
        await new Promise((resolve) => setTimeout(resolve, ENDING_INTERVAL_MS));
      }
    });
    await Promise.all([copied, ended]);
  });
}

/** Moves what the copy holds to its own roles, in one transaction that also says that the copy is complete. */
async function makeOwn(
  { place, script }: FencedWork,
  pair: Pair,
  target: DatabaseTarget,
  options: { schemaOnly: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { names } = pair;
  await script(openDatabase(names, place.connectionLimit));
  await asAdministrator(place, names.database, signal, (inside) =>
    inside.transaction(async () => {
      await moveRoles(inside, pair);
      if (options.schemaOnly) await emptyTables(inside);
      await inside.script([...secureInside(names), mark(names, target, 'made')]);
      for (const question of [findingsAround(names), findingsWithin(names)]) {
        refuseFindings(await inside.script<Findings>([question]));
      }
      await assertMoved(inside, pair);
    }),
  );
}

async function moveRoles(inside: Session, { from, names }: Pair): Promise<void> {
  const readable = await inside.rows<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = '${TENANT_SCHEMA}' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND has_table_privilege($1::name, c.oid, 'SELECT')`,
    [from.reader],
  );
  const roles = await existing(inside, rolesOf(from));
  // Who gets a function, a type or the like must already be allowed to create in its schema, or only a superuser may hand it over.
  await inside.script([...secureInside(names), `ALTER SCHEMA ${TENANT_SCHEMA} OWNER TO ${identifier(names.owner)}`]);
  await movePolicies(inside, { from, names });
  await inside.run(`REASSIGN OWNED BY ${identifier(from.owner)} TO ${identifier(names.owner)}`);
  await inside.run(`DROP OWNED BY ${roles.map(identifier).join(', ')}`);
  // HAZARD: that took away what the source's roles may do with the source itself too, because databases are shared objects.
  const source = identifier(from.database);
  await inside.run(`GRANT TEMPORARY ON DATABASE ${source} TO ${identifier(from.owner)}`);
  for (const login of await existing(inside, loginsOf(from))) {
    await inside.run(`GRANT CONNECT ON DATABASE ${source} TO ${identifier(login)}`);
  }
  if (readable.length > 0) {
    await inside.run(`GRANT SELECT ON ${readable.map(({ name }) => name).join(', ')} TO ${identifier(names.reader)}`);
  }
}

/** A policy for a role of the source becomes one for the same role of the copy; it would go with `DROP OWNED BY` else. */
async function movePolicies(inside: Session, { from, names }: Pair): Promise<void> {
  const policies = await inside.rows<{ statement: string }>(
    `SELECT format('ALTER POLICY %I ON %s TO ', p.polname, p.polrelid::regclass)
       || string_agg(CASE r.rolname WHEN $1::name THEN $2 WHEN $3::name THEN $4 ELSE quote_ident(r.rolname) END, ', ') AS statement
     FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
     GROUP BY p.oid, p.polname, p.polrelid HAVING bool_or(r.rolname IN ($1::name, $3::name))`,
    [from.owner, identifier(names.owner), from.reader, identifier(names.reader)],
  );
  await inside.script(policies.map(({ statement }) => statement));
}

/** @throws AdapterError `unavailable` when the copy still knows a role of the source */
async function assertMoved(inside: Session, { from }: Pair): Promise<void> {
  const left = await inside.rows(
    `SELECT FROM pg_roles r WHERE r.rolname = ANY ($1::text::name[]) AND (
       has_database_privilege(r.oid, current_database(), 'CONNECT, TEMPORARY, CREATE')
       OR EXISTS (SELECT FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
         WHERE d.datname = current_database() AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid))`,
    [arrayOf(rolesOf(from))],
  );
  if (left.length > 0) throw new AdapterError('unavailable', 'The copy still knows a role of the source.');
}
