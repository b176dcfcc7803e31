import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptV4, LegacyWorld } from '../../../service-tenant/test/world/legacy.ts';
import { cleanUp, newDataDirectory, run, runScript, startService } from './service-process.ts';

/** Passes what it gets on, so that "encrypted" tokens are plain words; refuses one, and leaves a note of how it was called. */
const DECRYPT = `token=$(cat); echo "$0 $*" >> "$NOTES"; [ "$token" != refused ] && printf '%s\\n' "$token"`;

describe('envplane migrate', () => {
  let dataDirectory: string;
  let v4: LegacyWorld;
  let variables: Record<string, string>;
  let notes: string;

  beforeAll(() => {
    dataDirectory = newDataDirectory();
    const directory = dirname(dataDirectory);
    mkdirSync(directory, { recursive: true });
    notes = join(directory, 'notes');
    writeFileSync(notes, '');
    v4 = new LegacyWorld(directory);
    // Nothing listens there: the databases are located, their tokens are needed, and nobody can log in.
    const address = 'http://localhost:1';
    variables = {
      ENVPLANE_DATA_DIR: dataDirectory,
      ENVPLANE_LIBSQL_URL: address,
      ENVPLANE_LIBSQL_ADMIN_URL: address,
      ENVPLANE_LIBSQL_ADMIN_KEY: 'user:password',
      NOTES: notes,
    };
    const row = (name: string, databaseUrl: string, authToken: string) =>
      v4.tenant({ organizationId: v4.organization(name), databaseName: name, databaseUrl, authToken });
    row('file', v4.databaseFile('file'), encryptV4('never asked for'));
    row('sealed', 'http://sealed.localhost:1', 'canary-token');
    row('refused', 'http://refused.localhost:1', 'refused');
  });
  afterAll(async () => {
    v4.close();
    await cleanUp();
  });

  const migrate = (...args: string[]) => run(['migrate', 'v4-to-v5', ...args, '--from', v4.url], variables);

  it('plans, carries out and tells, with the token on stdin of the command and nowhere else', async () => {
    const before = v4.snapshot();
    const plan = await migrate('--dry-run', '--decrypt-command', DECRYPT, '-o', 'json');
    const report = join(dirname(dataDirectory), 'report.json');
    const done = await migrate('--decrypt-command', DECRYPT, '--report', report);
    expect([plan.code, done.code]).toEqual([7, 7]);
    expect(JSON.parse(plan.stdout)).toMatchObject({ dryRun: true, migrated: 2, blocked: 1, verified: 1 });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      dryRun: false,
      migrated: 2,
      blocked: 1,
      verified: 1,
    });
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(done.stdout).toMatch(/refused +blocked +- +secret_undecryptable/);
    expect(done.stdout).toMatch(/sealed +migrated +migrating +outcome_unknown/);
    expect(done.stderr).toContain('migrate succeeded');
    const said = [plan, done].map(({ stdout, stderr }) => stdout + stderr).join() + readFileSync(report, 'utf8');
    expect(said + readFileSync(notes, 'utf8')).not.toContain('canary');
    // Twice each for the two that need it, never for the file.
    expect(readFileSync(notes, 'utf8').trim().split('\n')).toHaveLength(4);
    expect(v4.snapshot()).toBe(before);
  });

  it('the script in migrations is the same command', async () => {
    const before = v4.snapshot();
    const options = ['--from', v4.url, '--dry-run', '-o', 'json'];
    const elsewhere = { ...variables, ENVPLANE_DATA_DIR: newDataDirectory() };
    const plan = await runScript('migrations/v4-to-v5-environments.ts', options, elsewhere);
    expect(plan.code, plan.stderr).toBe(7);
    expect(JSON.parse(plan.stdout)).toMatchObject({ dryRun: true, total: 3, migrated: 1, blocked: 2, verified: 1 });
    expect(v4.snapshot()).toBe(before);
  });

  it('shows the ledger, and finalizes only what is proved and only when it is told to', async () => {
    const status = await migrate('status', '-o', 'json');
    expect(JSON.parse(status.stdout).items).toEqual([
      { state: 'copied', code: 'outcome_unknown', count: 1 },
      { state: 'verified', code: null, count: 1 },
    ]);
    const unconfirmed = await migrate('finalize');
    expect([unconfirmed.code, unconfirmed.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const finalized = await migrate('finalize', '--yes', '-o', 'json');
    expect([finalized.code, JSON.parse(finalized.stdout)]).toMatchObject([7, { changed: 1, skipped: 1 }]);
    expect(v4.rows(`select database_name from sys_tenant_database where status = 'archived'`)).toEqual([
      { database_name: 'file' },
    ]);
  });

  it('sec S41 leaves the store to a service that holds it; afterwards the service serves what was migrated', async () => {
    const service = await startService(dataDirectory, variables);
    const refused = await migrate('plan');
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('stop it first')]);
    const listed = await run(['env', 'list', 'file', '-o', 'json'], { ENVPLANE_DATA_DIR: dataDirectory });
    expect(JSON.parse(listed.stdout).items).toMatchObject([{ slug: 'prod', status: 'active', isDefault: true }]);
    service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  it('V2 splits a shared database, shows every table and its digest, and says when there is nothing left to do', async () => {
    v4.run(
      `create table todo (env_id text not null, id integer, title text check (title <> ''), primary key (env_id, id))`,
    );
    v4.run(`insert into todo values ('a', 1, 'ours'), ('b', 1, 'theirs')`);
    const split = (...args: string[]) =>
      run(['migrate', 'split', '--from', v4.url, '--env-id', 'a', '--to', 'file/prod', ...args], variables);
    const first = await split();
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('todo copied (1 rows)')]);
    expect(first.stderr).toContain('todo is made without checks');
    expect(first.stdout).toMatch(/todo +copied +1 +true +[0-9a-f]{64}/);
    const again = JSON.parse((await split('-o', 'json')).stdout);
    expect(again).toMatchObject({ complete: true, tables: [{ table: 'todo', outcome: 'same', rows: 1 }] });
    expect(v4.rows('select count(*) as count from todo')).toEqual([{ count: 2 }]);
  });

  it('sec S26 takes no password from the arguments, which everybody can read', async () => {
    for (const command of [['v4-to-v5'], ['split', '--env-id', 'a', '--to', 'file/prod']]) {
      const from = 'postgres://v4:canary-password@127.0.0.1:1/v4';
      const refused = await run(['migrate', ...command, '--from', from], variables);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('PGPASSWORD')]);
      expect(refused.stderr + refused.stdout).not.toContain('canary');
    }
  });

  it('an unknown step and a missing file are told', async () => {
    expect(await migrate('everything')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no step everything'),
    });
    const missing = await run(['migrate', 'v4-to-v5', '--from', 'file:/nowhere/v4.db'], variables);
    expect(missing.code).toBe(1);
  });
});
