import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionVariables } from '../../src/cli/connection-variables.ts';
import { cleanUp, newDataDirectory, type RunningService, run, startService } from '../process/service-process.ts';

const SECRET = "p'w of nobody";

describe('the variables of a connection', () => {
  const connection = (fields: Partial<ConnectionView>): ConnectionView => ({
    driver: 'sqlite',
    url: 'file:///data/e.db',
    user: null,
    secret: null,
    namespace: null,
    expiresAt: null,
    credentialId: 'c',
    ...fields,
  });

  it('are those of every driver, and those that its own clients read', () => {
    expect(connectionVariables(connection({}))).toEqual({ DATABASE_URL: 'file:///data/e.db' });
    const url = 'postgres://[::1]:6432/epx?sslmode=verify-full';
    expect(connectionVariables(connection({ driver: 'postgres', url, user: 'epx_a', secret: SECRET }))).toEqual({
      DATABASE_URL: url,
      DATABASE_USER: 'epx_a',
      DATABASE_SECRET: SECRET,
      PGHOST: '::1',
      PGPORT: '6432',
      PGDATABASE: 'epx',
      PGUSER: 'epx_a',
      PGPASSWORD: SECRET,
      PGSSLMODE: 'verify-full',
    });
    const place = { url: 'https://data.example', secret: SECRET, namespace: 'n' };
    expect(connectionVariables(connection({ driver: 'libsql', ...place }))).toEqual({
      DATABASE_URL: 'https://data.example',
      DATABASE_SECRET: SECRET,
      DATABASE_NAMESPACE: 'n',
    });
    expect(
      connectionVariables(connection({ driver: 'turso', url: 'libsql://x.turso.io', secret: SECRET })),
    ).toMatchObject({ TURSO_DATABASE_URL: 'libsql://x.turso.io', TURSO_AUTH_TOKEN: SECRET });
  });
});

describe('env', () => {
  let service: RunningService;
  let directory: string;
  beforeAll(async () => {
    directory = newDataDirectory();
    service = await startService(directory, {}, 'dev');
  });
  afterAll(cleanUp);

  const env = (...args: string[]) =>
    run(['env', ...args], { ENVPLANE_URL: service.url, ENVPLANE_TOKEN: service.token() });

  it('cap UX4 pull prints what a shell reads, and writes a file only where it is told to', async () => {
    const printed = await env('pull', 'acme/dev');
    expect(printed.stdout).toMatch(/^DATABASE_URL=file:\/\S+\n$/);
    expect(printed.stderr).toContain('acme/dev');
    const file = join(directory, 'pulled.env');
    expect((await env('pull', 'acme/dev', '--file', file)).stdout).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(printed.stdout);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, 'MINE=1\n', { mode: 0o644 });
    const refused = await env('pull', 'acme/dev', '--file', file);
    expect([refused.code, readFileSync(file, 'utf8')]).toEqual([2, 'MINE=1\n']);
    expect((await env('pull', 'acme/dev', '--file', file, '--force')).code).toBe(0);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([printed.stdout, 0o600]);
  });

  it('cap UX4 exec hands the connection to a command and ends as it ends', async () => {
    const script = 'process.stdout.write(process.env.DATABASE_URL + process.argv[1]); process.exitCode = 5';
    const ran = await env('exec', 'acme/dev', '--', process.execPath, '-e', script, '|given');
    expect(ran.code).toBe(5);
    expect(ran.stdout).toMatch(/^file:\/\S+\|given$/);
    expect(existsSync(new URL(ran.stdout.replace('|given', '')))).toBe(true);
    const killed = await env('exec', 'acme/dev', '--', process.execPath, '-e', "process.kill(process.pid, 'SIGTERM')");
    expect(killed.code).toBe(143);
    const missing = await env('exec', 'acme/dev', '--', 'no-such-command-anywhere');
    expect([missing.code, missing.stdout]).toEqual([127, '']);
    expect(missing.stderr).toContain('no-such-command-anywhere');
    expect((await env('exec', 'acme/none', '--', 'true')).code).toBe(4);
  });
});
