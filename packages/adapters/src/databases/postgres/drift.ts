import type { AcceptedCredential, AdapterContext, DatabaseTarget, Drift, SqlRow } from '@envplane/spec';
import { asAdministrator } from './administrator.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { unfenced } from './fence.ts';
import { type Findings, findingsAround, findingsOf, findingsWithin } from './harden.ts';
import { literal, type Names, namesOf, TENANT_SCHEMA } from './names.ts';
import { look, standing } from './observe.ts';
import type { Place } from './settings.ts';

/** What each of the findings means. */
const GRANTS: Readonly<Record<string, string>> = {
  owner: 'The database has another owner.',
  database_open: 'Everybody may enter the database or create in it.',
  schema_open: 'Everybody may use the schema public.',
  schema: `The schema ${TENANT_SCHEMA} has another owner.`,
  powerful: 'A role of the database has rights beyond it.',
  enterable: 'A role that nobody logs in as has a login.',
  related: 'A role of the database is a member of another role.',
};

/** The contract's `findDrift`: what hardening and setting the credentials would put right. */
export function findDrift(
  pool: AdministratorPool,
  target: DatabaseTarget,
  accepted: readonly AcceptedCredential[] | null,
  context: AdapterContext,
): Promise<readonly Drift[]> {
  return unfenced(pool, target.placement, context, ({ place, session }) =>
    effect(context, 'pg.observe', async () => {
      standing(await look(session, target));
      const names = namesOf(target);
      const [row] = await session.rows<Settings>(settings(names));
      const drift = [...settingsDrift(row, place), ...(accepted ? loginDrift(row, names, accepted) : [])];
      // Nobody can enter it to look any further.
      if (row?.open !== true) return drift;
      const around = await session.script<Findings>([findingsAround(names)]);
      const within = await asAdministrator(place, names.database, context.signal, (inside) =>
        inside.script<Findings>([findingsWithin(names)]),
      );
      return [...drift, ...grantsDrift({ ...findingsOf(around), ...findingsOf(within) })];
    }),
  );
}

interface Settings extends SqlRow {
  open: boolean;
  sessions: number;
  /** A login does not act as the role that owns, or reads, what tenants create. */
  astray: boolean;
  /** Those that may log in, with spaces between. */
  logins: string | null;
}

function settings(names: Names): string {
  const { database, logins, owner, reader } = names;
  const actsAs = [
    ...logins.full_access.map((login) => [login, owner]),
    ...logins.read_only.map((login) => [login, reader]),
  ];
  const expected = actsAs
    .map(([login = '', role = '']) => `(${literal(login)}, ${literal(`role=${role}`)})`)
    .join(', ');
  return `SELECT d.datallowconn AS open, d.datconnlimit AS sessions,
      (SELECT string_agg(r.rolname, ' ') FROM (VALUES ${expected}) AS e (login, setting)
        JOIN pg_roles r ON r.rolname = e.login WHERE r.rolcanlogin) AS logins,
      EXISTS (SELECT FROM (VALUES ${expected}) AS e (login, setting) JOIN pg_roles r ON r.rolname = e.login
        LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = d.oid
        WHERE r.rolcanlogin AND e.setting <> ALL (coalesce(s.setconfig, '{}'))) AS astray
    FROM pg_database d WHERE d.datname = ${literal(database)}`;
}

function settingsDrift(row: Settings | undefined, { connectionLimit }: Place): Drift[] {
  const found = (kind: Drift['kind'], isFound: boolean, detail: string): Drift[] => (isFound ? [{ kind, detail }] : []);
  return [
    ...found('settings', row?.open !== true, 'The database lets nobody in.'),
    ...found('settings', row?.sessions !== connectionLimit, 'The number of sessions is not that of the placement.'),
    ...found('grants', row?.astray === true, 'A login does not act as the role it is made for.'),
  ];
}

function loginDrift(row: Settings | undefined, names: Names, accepted: readonly AcceptedCredential[]): Drift[] {
  const loginOf = ({ authorization, slot }: AcceptedCredential) => names.logins[authorization][slot];
  const known = accepted.map(loginOf);
  const needed = accepted.filter(({ isActive }) => isActive).map(loginOf);
  const found = row?.logins?.split(' ') ?? [];
  const drift: Drift[] = [];
  if (found.some((login) => !known.includes(login))) {
    drift.push({ kind: 'grants', detail: 'A credential that is not in use opens the database.' });
  }
  if (needed.some((login) => login !== undefined && !found.includes(login))) {
    drift.push({ kind: 'grants', detail: 'A credential in use does not open the database.' });
  }
  return drift;
}

const grantsDrift = (row: Findings): Drift[] =>
  Object.entries(GRANTS).flatMap(([name, detail]) => (row[name] === false ? [] : [{ kind: 'grants', detail }]));
