import { randomBytes } from 'node:crypto';
import { type DatabaseAdapter, type DatabaseTarget, Secret } from '@envplane/spec';
import { type DatabaseAdapterHarness, describeIsolation, findLeaks } from '@envplane/testkit';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.ts';

describe('the driver as it is', () => {
  const harness = sqliteHarness();
  afterAll(() => harness.close());
  describeIsolation(harness);
});

describe('cap K3 the suite finds what a driver lets through', () => {
  let harness: SqliteHarness;
  const leaksOf = (leaky: Partial<DatabaseAdapter>): Promise<string[]> =>
    findLeaks({ ...harness, adapter: { ...harness.adapter, ...leaky } } satisfies DatabaseAdapterHarness);

  beforeEach(() => {
    harness = sqliteHarness();
  });
  afterEach(() => harness.close());

  it('one database for everybody', async () => {
    let first: Parameters<DatabaseAdapter['connect']> | undefined;
    const connect: DatabaseAdapter['connect'] = (...asked) => {
      first ??= asked;
      return harness.adapter.connect(...first);
    };
    expect(await leaksOf({ connect })).toContain('environment 2 sees a table that another one made');
  });

  it('a password that nobody compares', async () => {
    const credentials: DatabaseAdapter['credentials'] = {
      kind: 'caller_set',
      credentialKind: 'password',
      authorizations: ['full_access'],
      generateSecret: () => new Secret(randomBytes(24).toString('base64url')),
      applyCredentials: async () => undefined,
      verifyRefused: async () => undefined,
    };
    const connect: DatabaseAdapter['connect'] = (target, url) => harness.adapter.connect(target, url, null);
    const verifyDatabase: DatabaseAdapter['verifyDatabase'] = (target, _credential, context) =>
      harness.adapter.verifyDatabase(target, null, context);
    const leaks = await leaksOf({ credentials, connect, verifyDatabase });
    expect(leaks).toHaveLength(9);
    expect(leaks).toContain('the credential of environment 1 opens environment 3');
    expect(leaks).toContain('the credential of nobody opens environment 2');
  });

  it('a deletion that takes the neighbours of the same organization', async () => {
    const made: DatabaseTarget[] = [];
    const createDatabase: DatabaseAdapter['createDatabase'] = (target, ...rest) => {
      made.push(target);
      return harness.adapter.createDatabase(target, ...rest);
    };
    const deleteDatabase: DatabaseAdapter['deleteDatabase'] = async (target, context) => {
      for (const each of made.filter(({ organizationScope }) => organizationScope === target.organizationScope))
        await harness.adapter.deleteDatabase(each, context);
    };
    expect(await leaksOf({ createDatabase, deleteDatabase })).toEqual([
      'deleting environment 1 took the rows of environment 2',
    ]);
  });

  it('a deletion that deletes nothing', async () => {
    const leaks = await leaksOf({ deleteDatabase: async () => undefined });
    expect(leaks).toEqual([1, 2, 3].map((n) => `environment ${n} is open although it was deleted`));
  });
});
