import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PostgresServer, startPostgres } from '../src/servers/postgres.ts';
import { createRunDirectory } from '../src/servers/run-directory.ts';

const DEADLINE = { timeout: 15_000 };

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

async function whereabouts(adminUrl: string) {
  const [row] = await query(adminUrl, 'show data_directory');
  const data = String(row?.['data_directory']);
  return { run: dirname(data), pid: Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10) };
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}/exe`);

describe('a PostgreSQL server of the testkit', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: true });
  });
  afterAll(() => server.stop());

  it('stores passwords as SCRAM verifiers and asks for them on every connection', async () => {
    expect(
      await query(server.adminUrl, 'select left(rolpassword, 14) as kind from pg_authid where rolcanlogin'),
    ).toEqual([{ kind: 'SCRAM-SHA-256$' }]);
    expect(
      await query(server.adminUrl, "select distinct auth_method from pg_hba_file_rules where type <> 'local'"),
    ).toEqual([{ auth_method: 'scram-sha-256' }]);
  });

  it('refuses a wrong password', async () => {
    const url = new URL(server.adminUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('listens on loopback only and does not run as root', async () => {
    expect(await query(server.adminUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).not.toMatch(/^Uid:.*\b0\b/m);
  });

  it('lets who may enter its data directory in without a password, and nobody else', async () => {
    const { socketDirectory: host, port } = server;
    expect(statSync(host).mode & 0o077).toBe(0);
    const sql = postgres({ host, port, user: new URL(server.adminUrl).username, database: 'postgres', max: 1 });
    expect(await sql`select inet_client_addr() is null as local`.finally(() => sql.end())).toEqual([{ local: true }]);
  });

  it('creates a database once', async () => {
    const url = await server.createDatabase('Env-1');
    expect(await query(url, 'select current_database()')).toEqual([{ current_database: 'Env-1' }]);
    await expect(server.createDatabase('Env-1')).rejects.toMatchObject({ code: '42P04' });
  });

  it.each(['fast', 'immediate'] as const)('keeps committed rows through a restart (%s)', async (mode) => {
    const before = server.pid;
    const url = await server.createDatabase(`restart_${mode}`);
    await query(url, 'create table t as select 7 as n');
    await server.restart(mode);
    expect(await query(url, 'select n from t')).toEqual([{ n: 7 }]);
    expect(server.pid).not.toBe(before);
    expect(isAlive(before)).toBe(false);
  });
});

describe('what a run leaves behind', () => {
  it('nothing, after stop', async () => {
    const server = await startPostgres();
    const { run, pid } = await whereabouts(server.adminUrl);
    expect(pid).toBe(server.pid);
    await server.stop();
    await server.stop();
    expect(existsSync(run)).toBe(false);
    expect(isAlive(pid)).toBe(false);
    await expect.poll(() => keeperOf(run), DEADLINE).toBeUndefined();
  });

  it('nothing, when its owner is killed', async () => {
    const { owner, run, pid } = await startOwner();
    owner.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), DEADLINE).toBe(false);
    await expect.poll(() => existsSync(run), DEADLINE).toBe(false);
  });

  it('nothing after the next run, when owner and keeper are killed', async () => {
    const { owner, run, pid } = await startOwner();
    process.kill(keeperOf(run) ?? Number.NaN, 'SIGKILL');
    await expect.poll(() => keeperOf(run), DEADLINE).toBeUndefined();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(isAlive(pid)).toBe(true);

    const next = createRunDirectory();
    onTestFinished(() => next.end());
    await expect.poll(() => isAlive(pid), DEADLINE).toBe(false);
    await expect.poll(() => existsSync(run), DEADLINE).toBe(false);
    expect(existsSync(next.path)).toBe(true);
  });

  it('leaves a process alone that only has the pid of a recorded one', async () => {
    const bystander = spawn('sleep', ['60']);
    onTestFinished(() => void bystander.kill());
    // No system has such a pid, so the runner of this directory is dead.
    const run = mkdtempSync(join(tmpdir(), 'envplane-run-4999999999-1-'));
    const record = { pid: bystander.pid, startTime: '1', exe: readlinkSync(`/proc/${bystander.pid}/exe`) };
    writeFileSync(join(run, 'pids.jsonl'), `${JSON.stringify(record)}\n`);

    const next = createRunDirectory();
    onTestFinished(() => next.end());
    await expect.poll(() => existsSync(run), DEADLINE).toBe(false);
    expect(bystander.signalCode).toBeNull();
  });
});

async function startOwner(): Promise<{ owner: ChildProcess; run: string; pid: number }> {
  const owner = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('owner.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [adminUrl] = await once(owner.stdout, 'data');
  return { owner, ...(await whereabouts(String(adminUrl))) };
}

/** The keeper's command line ends with the run directory it keeps. */
function keeperOf(run: string): number | undefined {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.find((pid) => commandLine(pid).endsWith(`keeper.mjs\0${run}\0`));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
