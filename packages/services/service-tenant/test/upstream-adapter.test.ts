import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { type UpstreamAdapter, type UpstreamAdapterOptions, wrapUpstreamAdapter } from '@envplane/adapters/upstream';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openControlPlane } from '../src/index.ts';

const SECRET = 'secret-of-the-provider';

/** A provider of the protocol: databases by name, each with a password, and no way to ask for it again. */
interface Provider {
  databases: Map<string, { url: string; password: string }>;
  creates: number;
  /** The next answers that are lost after the database was made. */
  losesAnswers: number;
  adapter: UpstreamAdapter;
  /** The same, of a newer form. */
  deletes(): UpstreamAdapter;
}

function provider(): Provider {
  const databases: Provider['databases'] = new Map();
  const state: Provider = {
    databases,
    creates: 0,
    losesAnswers: 0,
    adapter: {
      driver: 'elsewhere',
      createDatabase: async ({ databaseName, projectId, environmentId }) => {
        expect(projectId).toBe(environmentId);
        state.creates += 1;
        const made = {
          url: `libsql://app:${SECRET}-${state.creates}@${databaseName}.elsewhere.test`,
          password: `${SECRET}-${state.creates}`,
        };
        databases.set(databaseName, made);
        if (state.losesAnswers-- > 0) throw new Error(`socket hang up after ${made.password}`);
        return { databaseUrl: made.url, plaintextSecret: made.password };
      },
    },
    deletes: (): UpstreamAdapter => ({
      ...state.adapter,
      deleteDatabase: async ({ databaseName }) => void databases.delete(databaseName),
    }),
  };
  return state;
}

/** A control plane whose one driver is that adapter. */
async function open(adapter: UpstreamAdapter, options?: UpstreamAdapterOptions) {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-upstream-'));
  const logLines: string[] = [];
  const write = (fields: object) => void logLines.push(JSON.stringify(fields));
  const plane = await openControlPlane({
    store: `file:${join(directory, 'store.db')}`,
    adapters: [wrapUpstreamAdapter(adapter, options)],
    defaultDriver: adapter.driver,
    encryptor: () => localKeyEncryptor({ keyFile: join(directory, 'key.json'), createIfMissing: true }),
    logger: { debug: write, info: write, warn: write, error: write },
  });
  onTestFinished(async () => {
    await plane.close();
    rmSync(directory, { recursive: true });
  });
  const provision = () =>
    plane.service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
      createdBy: 'ada',
    });
  /** Every byte of both stores. */
  const stored = () =>
    ['store.db', 'keys.db'].map((file) => new Database(join(directory, file)).serialize().toString('latin1')).join('');
  return { ...plane, provision, stored, logLines };
}

it('a plain adapter serves: its secret is sealed, and handed out with the address', async () => {
  const elsewhere = provider();
  const { service, provision, stored } = await open(elsewhere.adapter);
  const { environment, database } = (await provision()).defaultEnvironment;
  expect(database.databaseUrl).toMatch(/^libsql:\/\/[a-z0-9]+\.elsewhere\.test$/);
  const connection = await service.environments.describeConnection(environment.id);
  expect(connection).toMatchObject({ user: 'app', url: database.databaseUrl });
  expect(connection.secret?.reveal()).toBe(`${SECRET}-1`);
  expect(stored()).not.toContain(SECRET);
  expect(await service.drivers()).toMatchObject([{ driver: 'elsewhere', guarantees: 'reduced' }]);
  await expect(service.connect(environment.id)).rejects.toThrow('opens no connections');

  for (const verb of ['suspend', 'resume'] as const) {
    const { operationId } = await service.environments[verb](environment.id);
    expect(await service.operations.wait(operationId ?? '', 10_000)).toMatchObject({ status: 'succeeded' });
  }
  await expect(service.rotateCredential(database.id, 'chosen')).rejects.toMatchObject({ code: 'unsupported' });
  expect(elsewhere.creates).toBe(1);
});

it('of an address what is secret is cut out, and what only sounds like it stays', async () => {
  const { adapter } = provider();
  const { service, provision, stored } = await open({
    ...adapter,
    createDatabase: async () => ({
      databaseUrl: `mongodb://app@db.elsewhere.test/x?authSource=admin&sslkey=/etc/app.pem&authToken=${SECRET}&token=${SECRET}&tls=1`,
      plaintextSecret: SECRET,
    }),
  });
  const { environment, database } = (await provision()).defaultEnvironment;
  expect(database.databaseUrl).toBe('mongodb://db.elsewhere.test/x?authSource=admin&sslkey=%2Fetc%2Fapp.pem&tls=1');
  expect((await service.environments.describeConnection(environment.id)).secret?.reveal()).toBe(SECRET);
  expect(stored()).not.toContain(SECRET);
});

it('an address with a parameter of which nobody knows whether it is secret is refused, and kept nowhere', async () => {
  const { adapter } = provider();
  const { service, provision, logLines, stored } = await open({
    ...adapter,
    createDatabase: async () => ({
      databaseUrl: `libsql://db.elsewhere.test/?signingKey=${SECRET}`,
      plaintextSecret: 'another',
    }),
  });
  await expect(provision()).rejects.toMatchObject({ code: 'operation_failed' });
  const [environment] = (await service.environments.list('acme', {}, { limit: 1 })).items;
  expect(environment).toMatchObject({ status: 'failed' });
  expect(logLines.join()).toContain('"code":"invalid_request"');
  expect([...logLines, stored()].join('')).not.toContain(SECRET);
});

it('an answer that is lost is not asked for again: the environment fails, and a person decides', async () => {
  const elsewhere = provider();
  elsewhere.losesAnswers = 1;
  const { service, provision, logLines, stored } = await open(elsewhere.adapter);
  const failed = await provision().catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'operation_failed' });
  const [environment] = (await service.environments.list('acme', {}, { limit: 1 })).items;
  expect(environment).toMatchObject({ status: 'failed' });
  expect(elsewhere.creates).toBe(1);
  expect([...logLines, String(failed), stored()].join('')).not.toContain(SECRET);

  const { operationId } = await service.environments.retry(environment?.id ?? '');
  expect(await service.operations.wait(operationId ?? '', 10_000)).toMatchObject({ status: 'succeeded' });
  expect(elsewhere.creates).toBe(2);
});

it('one that may be repeated is, by the same name', async () => {
  const elsewhere = provider();
  elsewhere.losesAnswers = 1;
  const { provision } = await open(elsewhere.adapter, { idempotent: true });
  expect((await provision()).defaultEnvironment.environment.status).toBe('active');
  expect([elsewhere.creates, elsewhere.databases.size]).toEqual([2, 1]);
});

it('one that can be looked at is not made twice: what is there without its secret is told', async () => {
  const elsewhere = provider();
  elsewhere.losesAnswers = 1;
  const findDatabase = async (name: string) => {
    const found = elsewhere.databases.get(name);
    return found ? { databaseUrl: found.url } : null;
  };
  const { provision } = await open(elsewhere.adapter, { findDatabase });
  await expect(provision()).rejects.toMatchObject({ code: 'operation_failed' });
  expect(elsewhere.creates).toBe(1);
});

it('what does not open is not ready, when the adapter’s owner can tell', async () => {
  const elsewhere = provider();
  let isOpen = false;
  const verify = async ({ secret }: { secret: { reveal(): string } }) => {
    if (!isOpen) throw new Error(`no ${secret.reveal()}`);
  };
  const { provision, service, logLines } = await open(elsewhere.adapter, { verify });
  const provisioned = provision();
  await expect
    .poll(async () => logLines.filter((line) => line.includes('reconcile.backoff')).length)
    .toBeGreaterThan(0);
  expect((await service.environments.list('acme', {}, { limit: 1 })).items).toMatchObject([{ status: 'provisioning' }]);
  isOpen = true;
  expect((await provisioned).defaultEnvironment.environment.status).toBe('active');
  expect(logLines.join('')).not.toContain(SECRET);
});

it('a purge deletes by name where the adapter can, and stays visible where it cannot', async () => {
  const elsewhere = provider();
  const { service, provision } = await open(elsewhere.deletes());
  const { environment } = (await provision()).defaultEnvironment;
  expect(elsewhere.databases.size).toBe(1);
  const archived = await service.environments.archive(environment.id);
  await service.operations.wait(archived.operationId ?? '', 10_000);
  await service.environments.purge(environment.id, { confirm: environment.slug });
  await expect.poll(() => elsewhere.databases.size).toBe(0);
  await expect.poll(async () => (await service.environments.list('acme', {}, { limit: 1 })).items).toEqual([]);

  const keeping = await open(provider().adapter);
  const kept = (await keeping.provision()).defaultEnvironment.environment;
  await keeping.service.operations.wait(
    (await keeping.service.environments.archive(kept.id)).operationId ?? '',
    10_000,
  );
  await keeping.service.environments.purge(kept.id, { confirm: kept.slug });
  const purging = async () =>
    (await keeping.service.operations.list({ environmentId: kept.id }, { limit: 1 })).items[0];
  await expect.poll(async () => JSON.stringify((await purging())?.steps)).toContain('unsupported');
  expect(await purging()).toMatchObject({ kind: 'environment.purge', status: 'running' });
});

it('a purge that nothing can end is ended by forgetting: the database stays, and the receipt says so', async () => {
  const elsewhere = provider();
  const { service, provision, stored } = await open(elsewhere.adapter);
  const { environment, database } = (await provision()).defaultEnvironment;
  const { id, slug } = environment;
  const forget = (confirm = slug, as = service) => as.environments.forget(id, { confirm, retain: true });
  await expect(forget()).rejects.toMatchObject({ code: 'invalid_state' });
  const purge = await service.environments.purge(id, { confirm: slug });
  const operationId = purge.kind === 'accepted' ? (purge.operationId ?? '') : '';
  const running = () => service.operations.get(operationId);
  await expect.poll(async () => JSON.stringify((await running()).steps)).toContain('unsupported');
  await expect(service.operations.cancel(operationId)).rejects.toMatchObject({ code: 'invalid_state' });

  await expect(forget('other')).rejects.toMatchObject({ code: 'confirmation_mismatch' });
  const owner = { kind: 'user', id: 'ada', issuer: 'host', subject: 'ada' } as const;
  const asOwner = service.as({ principal: owner, requestId: null, clientAddress: null });
  await expect(forget(slug, asOwner)).rejects.toMatchObject({ code: 'permission_denied' });
  expect(await running()).toMatchObject({ status: 'running' });

  expect(await forget()).toMatchObject({ kind: 'accepted', operationId });
  expect(await service.operations.wait(operationId, 10_000)).toMatchObject({ status: 'succeeded' });
  const receipt = {
    environmentId: id,
    databaseName: database.databaseName,
    deletionPolicy: 'retain',
    absentSeenAt: null,
    remaining: [expect.stringContaining('the database itself'), expect.any(String), expect.any(String)],
  };
  expect(await forget()).toEqual({ kind: 'receipt', receipt: expect.objectContaining(receipt) });
  expect([...elsewhere.databases.keys()]).toEqual([database.databaseName]);
  expect((await service.environments.list('acme', {}, { limit: 1 })).items).toEqual([]);
  expect(stored()).not.toContain(SECRET);
  const { items } = await service.auditEvents.list({ organizationId: environment.organizationId }, { limit: 20 });
  expect(items.filter(({ action }) => action.startsWith('environment.forget'))).toMatchObject([
    { action: 'environment.forget' },
  ]);
});

it('a purge of something whose provider is gone for good is ended so too', async () => {
  const elsewhere = provider();
  const isGone = { value: false };
  const findDatabase = async (name: string) => {
    if (isGone.value) throw new Error('getaddrinfo ENOTFOUND elsewhere.test');
    const found = elsewhere.databases.get(name);
    return found ? { databaseUrl: found.url } : null;
  };
  const { service, provision, logLines } = await open(elsewhere.adapter, { findDatabase });
  const { id, slug } = (await provision()).defaultEnvironment.environment;
  isGone.value = true;
  const purge = await service.environments.purge(id, { confirm: slug });
  await expect
    .poll(async () => logLines.filter((line) => line.includes('reconcile.backoff')).length)
    .toBeGreaterThan(0);
  await service.environments.forget(id, { confirm: slug });
  const operation = service.operations.wait(purge.kind === 'accepted' ? (purge.operationId ?? '') : '', 10_000);
  expect(await operation).toMatchObject({ status: 'succeeded', result: { deletionPolicy: 'retain' } });
});

it('a driver is added while the process runs, once', async () => {
  const { service } = await open(provider().adapter);
  const other = provider();
  await service.registerAdapter(wrapUpstreamAdapter({ ...other.adapter, driver: 'later' }));
  const request = {
    organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
    driver: 'later',
    createdBy: 'ada',
  };
  expect((await service.provisionOrganization(request)).defaultEnvironment.database.driver).toBe('later');
  await expect(service.registerAdapter(wrapUpstreamAdapter({ ...other.adapter, driver: 'later' }))).rejects.toThrow(
    'has an adapter',
  );
  const ada = {
    principal: { kind: 'user', id: 'ada', issuer: 'host', subject: 'ada' },
    requestId: null,
    clientAddress: null,
  } as const;
  await expect(service.as(ada).registerAdapter(wrapUpstreamAdapter(provider().adapter))).rejects.toMatchObject({
    code: 'permission_denied',
  });
});
