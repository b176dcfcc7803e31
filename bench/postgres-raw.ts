import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { startPostgres } from '@envplane/testkit';
import postgres from 'postgres';
import { type Figure, ms } from './harness.ts';

const OPTIONS = { prepare: false, fetch_types: false, onnotice: () => {} };
/** A login is refused: wrong password, or a role that may not log in. */
const REFUSED_LOGIN = ['28P01', '28000'];
const INSUFFICIENT_PRIVILEGE = '42501';

/** Writes and reads in a transaction that is rolled back, as one who may. */
const WRITE_AND_READ = [
  'BEGIN',
  'CREATE TABLE app.t (v integer)',
  'INSERT INTO app.t VALUES (1)',
  'SELECT v FROM app.t',
  'ROLLBACK',
];

/**
 * How a script is sent: statement after statement, as `psql -f` does, in transactions; or in as few messages as there can be, which is
 * what the driver does.
 */
export type Sending = 'statements' | 'messages';

export interface RawLogin {
  role: string;
  /** Whose rights it has. */
  group: string;
  password: string;
}

/** A server that flushes what it commits, as one in production does: both sides of a comparison wait for the same disk. */
export const startDurablePostgres = () => startPostgres({ fsync: true });

/** What both raw scripts are made of: an administrator who stays logged in, and logins as everybody else. */
export function rawServer(adminUrl: string, inFlight: number, sending: Sending) {
  const { hostname, port, username, password } = new URL(adminUrl);
  const server = { host: hostname, port: Number(port) };
  const administrator = postgres(adminUrl, { max: inFlight, ...OPTIONS });

  async function send(sql: Pick<postgres.Sql, 'unsafe'>, statements: readonly string[]): Promise<void> {
    for (const message of sending === 'messages' ? [statements.join(';')] : statements) await sql.unsafe(message);
  }

  /** One session, with one script or several. */
  async function inside(
    user: string,
    secret: string,
    database: string,
    scripts: readonly (readonly string[])[],
  ): Promise<void> {
    const sql = postgres({ ...server, user, password: secret, database, max: 1, ...OPTIONS });
    try {
      for (const script of scripts) await send(sql, script);
    } finally {
      await sql.end();
    }
  }
  /** Logs in and does what must work, and then what must be refused. */
  async function prove({ role, password }: RawLogin, database: string, works: readonly string[], forbidden: string) {
    await mustFail([INSUFFICIENT_PRIVILEGE], inside(role, password, database, [works, ['BEGIN', forbidden]]));
  }
  return {
    administrator,
    /** One transaction of the administrator. */
    transaction: (statements: readonly string[]) =>
      sending === 'messages'
        ? administrator.unsafe(statements.join(';'))
        : administrator.begin((sql) => send(sql, statements)),
    asAdministrator: (database: string, statements: readonly string[]) =>
      inside(username, password, database, [['BEGIN', ...statements, 'COMMIT']]),
    proveWriter: (login: RawLogin, database: string) =>
      prove(login, database, WRITE_AND_READ, 'CREATE SCHEMA forbidden'),
    proveReader: (login: RawLogin, database: string) =>
      prove(login, database, ['SELECT 1'], 'CREATE TABLE app.forbidden ()'),
    proveRefused: ({ role, password }: RawLogin, database: string) =>
      mustFail(REFUSED_LOGIN, inside(role, password, database, [['SELECT 1']])),
  };
}

/** Figures of a script sent in either way, and of the service, in ms and in this order. */
export function against(what: string, name: string, times: readonly number[], bound?: number): Figure[] {
  const [raw = Number.NaN, dense = Number.NaN, service = Number.NaN] = times;
  return [
    { name: `raw statements, ${what}`, value: ms(raw) },
    { name: `the same in as few messages as can be, ${what}`, value: ms(dense), ratio: dense / raw },
    { name, value: ms(service), ratio: service / raw, ...(bound && { bound: `<=${bound}` }) },
    { name: `${name}, against the few messages`, value: ms(service), ratio: service / dense },
  ];
}

async function mustFail(codes: readonly string[], run: Promise<void>): Promise<void> {
  const code = await run.then(
    () => 'none',
    (error: unknown) => (error instanceof postgres.PostgresError ? error.code : 'none'),
  );
  if (!codes.includes(code)) throw new Error(`expected one of ${codes.join(', ')}, got ${code}`);
}

export const newPassword = (): string => randomBytes(32).toString('base64url');

/** What makes a role a login of this database, whatever it was before. */
export async function letIn({ role, group, password }: RawLogin, database: string): Promise<string[]> {
  const settings = [
    `role = '${group}'`,
    'search_path = app',
    "statement_timeout = '60s'",
    "idle_in_transaction_session_timeout = '60s'",
  ];
  return [
    `GRANT ${group} TO ${role}`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    ...settings.map((setting) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${setting}`),
    `ALTER ROLE ${role} LOGIN PASSWORD '${await verifierOf(password)}'`,
  ];
}

const derive = promisify(pbkdf2);

/** What `\password` of psql sends: a server that gets it never sees the password, and neither does its log. */
async function verifierOf(password: string): Promise<string> {
  const salt = randomBytes(16);
  const salted = await derive(password, salt, 4096, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$4096:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
