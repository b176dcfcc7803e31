import { AdapterError, type DatabaseTarget, Secret } from '@envplane/spec';
import { adapterContext, newTarget, provision, readNotes, type TursoScope, writeNotes } from '@envplane/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { tursoAdapter, tursoEffects } from '../src/databases/turso/index.ts';
import { NEEDED_SCOPES, tursoHarness } from './turso-harness.ts';

const harness = await tursoHarness();
const { adapter, cloud } = harness;
const { copy, credentials: tokens, inventory, stats, suspend } = adapter;
if (!copy || !inventory || !stats || !suspend || tokens.kind !== 'provider_minted' || !tokens.withdrawal)
  throw new Error('a facet is missing');
const { withdrawal } = tokens;

afterAll(() => harness.close());

describe('placement', () => {
  const refusalOf = async (change: { settings?: Record<string, unknown>; administrator?: Secret | null }) => {
    const error = await adapter.checkPlacement({ ...harness.placement, ...change }).catch((reason: unknown) => reason);
    return error instanceof AdapterError ? error.code : error;
  };

  it('is refused without its settings, its token or its group', async () => {
    const { settings } = harness.placement;
    for (const change of [
      ...[{}, { organization: 'x' }, { ...settings, group: '../other' }, { ...settings, organization: 'a'.repeat(37) }],
      ...[
        { ...settings, apiUrl: 'http://api.turso.tech' },
        { ...settings, apiUrl: 'https://u:p@api.turso.tech' },
      ],
      ...[
        { ...settings, apiUrl: 'https://api.turso.tech/v2' },
        { ...settings, group: 'unknown' },
        { ...settings, organization: 'unknown' },
      ],
    ]) {
      expect(await refusalOf({ settings: change }), JSON.stringify(change)).toBe('invalid_request');
    }
    expect(await refusalOf({ administrator: null })).toBe('invalid_request');
    expect(await refusalOf({ administrator: new Secret('tp_unknown') })).toBe('unauthorized');
    expect(await refusalOf({ settings: { ...settings, apiUrl: 'https://api.turso.tech' } })).toHaveProperty('identity');
  });

  it('says how far its clock is ahead, within a second', async () => {
    const ahead = tursoAdapter({
      fetch: async (input, init) => {
        const answer = await cloud.fetch(input, init);
        const headers = new Headers(answer.headers);
        headers.set('date', new Date(Date.now() + 60_000).toUTCString());
        return new Response(answer.body, { status: answer.status, headers });
      },
    });
    const { clockSkewMs = 0 } = await ahead.checkPlacement(harness.placement);
    expect(clockSkewMs).toBeGreaterThan(58_000);
    expect(clockSkewMs).toBeLessThanOrEqual(60_000);
  });

  it('a later group of the same name is another place', async () => {
    const placement = { ...harness.placement, settings: { ...harness.placement.settings, group: 'again' } };
    const identities: string[] = [];
    for (let round = 0; round < 2; round++) {
      await harness.callApi('POST', 'groups', { name: 'again', location: 'lhr' });
      identities.push((await adapter.checkPlacement(placement)).identity);
      await harness.callApi('DELETE', 'groups/again');
    }
    expect(new Set(identities).size).toBe(2);
  });

  it('a database on AWS has its region in the host name', async () => {
    await harness.callApi('POST', 'groups', { name: 'virginia', location: 'aws-us-east-1' });
    const placement = { ...harness.placement, settings: { ...harness.placement.settings, group: 'virginia' } };
    const database = await provision(harness, newTarget(harness, { placement }));
    expect(database.location.databaseUrl).toBe(
      `libsql://${database.target.databaseName}-${cloud.organization}.aws-us-east-1.turso.io`,
    );
    await writeNotes(harness, database, 'there');
    expect(await readNotes(harness, database)).toEqual(['there']);
  });

  it('a name longer than the provider takes is refused before any request', async () => {
    const before = cloud.requests.length;
    const target = newTarget(harness, { databaseName: `ep${harness.installationId}e${'a'.repeat(26)}` });
    await expect(adapter.createDatabase(target, { mustExist: false }, adapterContext())).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(cloud.requests.length).toBe(before);
  });

  it.each<[TursoScope, (target: DatabaseTarget) => Promise<unknown>]>([
    ['read', (target) => adapter.deleteDatabase(target, adapterContext())],
    [
      'db:create',
      (target) =>
        adapter.createDatabase(
          { ...newTarget(harness), placement: target.placement },
          { mustExist: false },
          adapterContext(),
        ),
    ],
    ['db:configure', (target) => suspend.suspendDatabase(target, adapterContext())],
    ['db:mint-token', (target) => tokens.mintCredential(target, { authorization: 'full_access' }, adapterContext())],
    ['db:delete', (target) => adapter.deleteDatabase(target, adapterContext())],
    ['db:rotate-creds', (target) => withdrawal.withdrawCredentials(target, adapterContext())],
  ])('sec S36 the scope %s is needed, and its lack is definitive', async (missing, call) => {
    const { target } = await provision(harness);
    const administrator = cloud.issueToken(NEEDED_SCOPES.filter((scope) => scope !== missing));
    const weaker = { ...target, placement: { ...target.placement, administrator } };
    await expect(call(weaker)).rejects.toMatchObject({ name: 'AdapterError', code: 'unauthorized', definitive: true });
    expect(harness.objectOf(target)).toBeDefined();
  });
});

it('rel G1 every registered boundary is reached', async () => {
  const contexts: ReturnType<typeof adapterContext>[] = [];
  const next = () => {
    const context = adapterContext();
    contexts.push(context);
    return context;
  };
  const { target, credential } = await provision(harness, newTarget(harness), next());
  await copy.copyDatabase(target, newTarget(harness), { schemaOnly: true }, next());
  await suspend.suspendDatabase(target, next());
  await stats.measureDatabase(target, null, next());
  for await (const object of inventory.listDatabases(harness.placement, harness.installationId, next())) {
    expect(object.externalUid).not.toBe('');
  }
  if (adapter.credentials.kind !== 'provider_minted' || !credential) throw new Error('the provider mints');
  await adapter.credentials.verifyRefused(target, credential, next()).catch(() => undefined);
  await withdrawal.withdrawCredentials(target, next()).catch(() => undefined);
  await adapter.deleteDatabase(target, next());
  const reached = new Set(contexts.flatMap(({ boundaries }) => boundaries));
  expect([...reached].sort()).toEqual(Object.keys(tursoEffects).sort());
});

it('without an injected fetch the global one is used', () => {
  expect(tursoAdapter()).toMatchObject({
    driver: 'turso',
    maxNameLength: 26,
    settleMs: 900_000,
    limits: { storage: 'enforced' },
  });
});
