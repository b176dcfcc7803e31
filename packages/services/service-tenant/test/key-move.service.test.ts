import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { awsKmsEncryptor } from '@envplane/adapters/aws-kms';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { InjectedCrash, startKmsEmulator } from '@envplane/testkit';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import { type Action, createFaults } from './world/faults.ts';
import { keptKeys, openAll, tally } from './world/kept-keys.ts';
import { readRows } from './world/oracle.ts';
import { STORES, type StoreKind } from './world/stores.ts';
import { TOKENS, user } from './world/tokens.ts';
import {
  BEYOND_LEASE_MS,
  environmentRequest,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

const emulator = await startKmsEmulator();
afterAll(() => emulator.close());
for (const [name, value] of Object.entries(emulator.variables)) vi.stubEnv(name, value);

const kms = () => awsKmsEncryptor({ keyId: emulator.keyArn, endpoint: emulator.endpoint });

let world: World<MemoryDriver>;
afterEach(() => world.close());

const keyFile = () => join(world.directory, 'key.json');
const local = (createIfMissing = false) => localKeyEncryptor({ keyFile: keyFile(), createIfMissing });

/** What a process is configured with, the encryptor that wraps what is new first. */
type Configured = readonly ('local' | 'aws-kms')[];

function configuration([primary, ...others]: Configured): Partial<ControlPlaneOptions> {
  const make = (id: string | undefined, inUse: ReadonlySet<string>) =>
    id === 'aws-kms' ? kms() : local(!inUse.has('local'));
  return {
    tokens: TOKENS,
    encryptor: ({ inUse }) => make(primary, inUse),
    otherEncryptors: ({ inUse }) => Promise.all(others.map((id) => make(id, inUse))),
  };
}
const open = (...configured: Configured) => world.open(configuration(configured));

/** A world with each kind of thing that is sealed. Returns the environment. */
async function fill(controlPlane: ControlPlane): Promise<string> {
  world.driver.provider.servers.set('a', { identity: 'a', administrator: 'canary-admin', refusal: null });
  const place = { name: 'a', driver: 'memory', settings: { address: 'a' }, administrator: 'canary-admin' };
  await controlPlane.service.placements.create(place);
  const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  await controlPlane.service.members.add({ environmentId: id }, { userId: 'mia', role: 'admin' });
  const handle = await controlPlane.service.as(user('mia')).connect(id);
  await handle.exec('CREATE TABLE note (text TEXT)');
  await handle.exec('INSERT INTO note VALUES (?)', [id]);
  return id;
}

/** Whatever is sealed opens: the credential, the administrator of the placement, the signing key. */
async function expectServing(controlPlane: ControlPlane, environmentId: string): Promise<void> {
  const { service } = controlPlane;
  const handle = await service.as(user('mia')).connect(environmentId);
  expect(await handle.query('SELECT text FROM note')).toEqual([{ text: environmentId }]);
  expect(await service.placements.check('a')).toMatchObject({ ok: true });
  expect((await service.as(user('mia')).issueToken(environmentId)).accessToken).toMatch(/^eyJ/);
}

describe.each(STORES)('moving data keys between encryptors, %s store', (store: StoreKind) => {
  beforeEach(async () => {
    world = await openWorld(store, 'memory');
  });

  it('cap EN1 from the key file to AWS KMS and back: every data key, no credential, nobody cut off', async () => {
    let controlPlane = await open('local');
    const environmentId = await fill(controlPlane);
    const deks = await openAll(world, await local());
    const { credentials } = await readRows(world);
    await controlPlane.close();
    for (const [from, to] of [
      ['local', 'aws-kms'],
      ['aws-kms', 'local'],
    ] as const) {
      controlPlane = await open(to, from);
      await expectServing(controlPlane, environmentId);
      const { operationId } = await controlPlane.service.encryptionKeys.move({ to });
      await settle(world, controlPlane);
      expect(await controlPlane.service.operations.get(operationId ?? '')).toMatchObject({
        kind: 'encryption_key.move',
        status: 'succeeded',
        result: { encryptor: to, rewrapped: deks.length },
      });
      expect(await tally(world)).toEqual([
        `${to} environment 16`,
        `${to} installation 1`,
        `${to} placement 1`,
        `${to} signing-key 2`,
      ]);
      await controlPlane.close();
      if (to === 'aws-kms') rmSync(keyFile());
      controlPlane = await open(to);
      await expectServing(controlPlane, environmentId);
      expect(await openAll(world, to === 'local' ? await local() : await kms())).toEqual(deks);
      expect((await readRows(world)).credentials).toEqual(credentials);
      await controlPlane.close();
    }
  });

  const KILLS: [Action, number][] = [
    ['crash-before', 0],
    ['crash-after', 0],
    ['crash-after', 1],
    ['crash-before', 9],
    ['crash-after', 18],
  ];
  // The way from row to row is the same code on both stores.
  const kills = store === 'sqlite' ? KILLS : KILLS.slice(2, 4);
  it.each(kills)(
    'cap EN4 killed (%s) at row %i: every data key opens by what its row says, and the next process finishes',
    async (action, occurrence) => {
      const first = await open('local');
      const environmentId = await fill(first);
      const deks = await openAll(world, await local());
      await first.close();
      const faults = createFaults({ at: { name: 'cp.rewrap', occurrence }, action });
      const second = await world.open({ ...configuration(['aws-kms', 'local']), effect: faults.effect });
      faults.arm();
      const accepted = await second.service.encryptionKeys.move({ to: 'aws-kms' });
      await expect(second.worker.settle()).rejects.toThrow(InjectedCrash);
      await second.close();
      const wrapped = (await keptKeys(world)).map((key) => key.wrapped.encryptorId);
      if (occurrence > 0) expect(new Set(wrapped)).toContain('aws-kms');
      if (occurrence < 10) expect(new Set(wrapped)).toContain('local');
      if (wrapped.includes('local')) {
        const missing = expect.stringContaining('wrapped by the encryptor local, which is not configured');
        await expect(open('aws-kms')).rejects.toMatchObject({ message: missing });
      }
      expect(await openAll(world, await kms(), await local())).toEqual(deks);
      // Whichever of the two wraps what is new, everything serves.
      const undecided = await open('local', 'aws-kms');
      await expectServing(undecided, environmentId);
      await undecided.close();
      world.clock.advance(BEYOND_LEASE_MS);
      const third = await open('aws-kms', 'local');
      await settle(world, third);
      expect(await third.service.operations.get(accepted.operationId ?? '')).toMatchObject({
        status: 'succeeded',
        progress: { done: deks.length, total: deks.length },
      });
      expect((await tally(world)).every((line) => line.startsWith('aws-kms '))).toBe(true);
      await third.close();
      const fourth = await open('aws-kms');
      await expectServing(fourth, environmentId);
      expect(await openAll(world, await kms())).toEqual(deks);
    },
  );

  it('cap EN1 turned round half-way: the first move is cancelled and everything comes back', async () => {
    const first = await open('local');
    const environmentId = await fill(first);
    await first.close();
    const faults = createFaults({ at: { name: 'cp.rewrap', occurrence: 8 }, action: 'crash-before' });
    const second = await world.open({ ...configuration(['aws-kms', 'local']), effect: faults.effect });
    faults.arm();
    const there = await second.service.encryptionKeys.move({ to: 'aws-kms' });
    await expect(second.worker.settle()).rejects.toThrow(InjectedCrash);
    await second.close();
    const third = await open('local', 'aws-kms');
    const mixed = await tally(world);
    world.clock.advance(BEYOND_LEASE_MS);
    await third.worker.settle();
    expect(await tally(world)).toEqual(mixed);
    const back = await third.service.encryptionKeys.move({ to: 'local' });
    await settle(world, third);
    const { operations } = third.service;
    expect((await operations.get(there.operationId ?? '')).status).toBe('cancelled');
    await expect(operations.retry(there.operationId ?? '')).rejects.toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining('Repeat the move'),
    });
    expect((await operations.get(back.operationId ?? '')).status).toBe('succeeded');
    expect((await tally(world)).every((line) => line.startsWith('local '))).toBe(true);
    await expectServing(third, environmentId);
  });
});

describe('with AWS KMS', () => {
  beforeEach(async () => {
    world = await openWorld('sqlite', 'memory');
  });
  const called = async (run: () => Promise<unknown>) => {
    const before = emulator.calls.length;
    await run();
    return emulator.calls.slice(before).map(({ operation }) => operation);
  };

  it('a new environment costs one call, a connection to a warm one none', async () => {
    const { service } = await open('aws-kms');
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId, id } = defaultEnvironment.environment;
    const MADE = 31;
    const ids = [id];
    // The first sixteen keys are there: with them all, thirty-two environments.
    const calls = await called(async () => {
      for (let made = 0; made < MADE; made += 1) {
        const { environment } = await service.provisionEnvironment(environmentRequest(organizationId, `e${made}`));
        ids.push(environment.id);
      }
    });
    expect(calls).toEqual(Array.from({ length: 16 }, () => 'GenerateDataKey'));
    expect((await readRows(world)).keys).toHaveLength(MADE + 1);
    expect(
      await called(async () => {
        for (const each of ids) await service.environments.describeConnection(each);
        for (const each of ids) await service.connect(each);
      }),
    ).toEqual([]);
  });

  it('a connection to a cold environment costs one call, its placement another one, however many ask for it', async () => {
    const first = await open('aws-kms');
    await fill(first);
    const organizationId = (await readRows(world)).organizations[0]?.id ?? '';
    const ids: string[] = [];
    for (const placement of ['memory', 'a']) {
      const request = { ...environmentRequest(organizationId, placement), placement };
      ids.push((await first.service.provisionEnvironment(request)).environment.id);
    }
    await first.close();
    const { service } = await open('aws-kms');
    const ask = (id = '') => service.environments.describeConnection(id);
    const crowd = (id: string | undefined) => Promise.all(Array.from({ length: 20 }, () => ask(id)));
    const isOpening = (name: string) => name === 'Decrypt';
    // The placement is looked at after the start as well, so either may come first.
    const both = await called(async () => {
      await service.placements.check('a');
      await crowd(ids[1]);
    });
    expect(both.filter(isOpening).length).toBeLessThanOrEqual(2);
    expect(await called(() => crowd(ids[0]))).toEqual(['Decrypt']);
    expect(await called(() => Promise.all(ids.map(ask)))).toEqual([]);
  });

  it('cap EN5 while KMS is down environments in the cache go on, others answer 503 with Retry-After, and all are back by themselves', async () => {
    const first = await open('aws-kms');
    const warm = await fill(first);
    const organizationId = (await readRows(world)).organizations[0]?.id ?? '';
    const { environment } = await first.service.provisionEnvironment(environmentRequest(organizationId));
    await first.close();
    const controlPlane = await open('aws-kms');
    const { service } = controlPlane;
    await service.environments.describeConnection(warm);
    await service.placements.check('a');
    await emulator.down();
    const refused = {
      code: 'encryptor_unavailable',
      status: 503,
      message: expect.stringContaining('cannot be reached'),
      details: { retryAfterMs: 5_000 },
    };
    expect((await service.environments.describeConnection(warm)).secret?.reveal()).toBeTruthy();
    expect(await service.placements.check('a')).toMatchObject({ ok: true });
    await expect(service.environments.describeConnection(environment.id)).rejects.toMatchObject(refused);
    await expect(service.as(user('mia')).issueToken(warm)).rejects.toMatchObject(refused);
    await expect(service.provisionEnvironment(environmentRequest(organizationId, 'x'))).rejects.toMatchObject(refused);
    await expect(service.encryptionKeys.rewrap()).rejects.toMatchObject(refused);
    expect(await controlPlane.health()).toMatchObject({ store: true, encryptor: false });
    await emulator.up();
    expect(await controlPlane.health()).toMatchObject({ store: true, encryptor: true });
    await service.environments.describeConnection(environment.id);
    await expectServing(controlPlane, warm);
  });

  it('cap EN4 a rotation of the key in AWS is followed by a re-wrap: no data key is left under the old material', async () => {
    const controlPlane = await open('aws-kms');
    const environmentId = await fill(controlPlane);
    const deks = await openAll(world, await kms());
    const [old] = await controlPlane.service.encryptionKeys.list();
    const { KMS } = await import('@aws-sdk/client-kms');
    const administrator = new KMS({ endpoint: emulator.endpoint });
    await administrator.rotateKeyOnDemand({ KeyId: emulator.keyArn });
    administrator.destroy();
    expect(await controlPlane.service.encryptionKeys.list()).toMatchObject([
      { current: true, dataKeys: 0 },
      { current: false, dataKeys: deks.length, kekId: old?.kekId },
    ]);
    const asked = await called(async () => {
      await controlPlane.service.encryptionKeys.rotate();
      await settle(world, controlPlane);
    });
    expect(asked.filter((name) => name === 'ReEncrypt')).toHaveLength(deks.length);
    expect(asked).not.toContain('Encrypt');
    expect(await controlPlane.service.encryptionKeys.list()).toMatchObject([{ current: true, dataKeys: deks.length }]);
    expect(await openAll(world, await kms())).toEqual(deks);
    await expectServing(controlPlane, environmentId);
  });
});

describe('what is refused', () => {
  beforeEach(async () => {
    world = await openWorld('sqlite', 'memory');
  });

  it('cap EN2 a start without an encryptor that wraps keys of the store, which is named', async () => {
    const first = await open('local');
    await fill(first);
    await first.close();
    const missing = {
      code: 'encryptor_unavailable',
      message: expect.stringContaining('wrapped by the encryptor local, which is not configured'),
    };
    await expect(open('aws-kms')).rejects.toMatchObject(missing);
    rmSync(keyFile());
    await expect(open('aws-kms', 'local')).rejects.toMatchObject({ message: expect.stringContaining('missing') });
    await expect(open('local', 'aws-kms')).rejects.toMatchObject({ message: expect.stringContaining('missing') });
  });

  it('a move to where the service does not wrap, a rotation while another encryptor holds keys', async () => {
    const first = await open('local');
    const environmentId = await fill(first);
    await first.close();
    const second = await open('aws-kms', 'local');
    const { encryptionKeys } = second.service;
    await expect(encryptionKeys.move({ to: 'local' })).rejects.toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining('wraps new keys with aws-kms; start it with ENVPLANE_ENCRYPTOR=local'),
    });
    for (const verb of [encryptionKeys.rotate, encryptionKeys.rewrap]) {
      await expect(verb()).rejects.toMatchObject({
        code: 'invalid_state',
        message: expect.stringContaining('envplane key move --to aws-kms'),
      });
    }
    await expectServing(second, environmentId);
  });

  it.each(['local', 'aws-kms'] as const)(
    'rel G14 under %s: a wrap or a record that was changed or put into another row, whatever it is of',
    async (id) => {
      const controlPlane = await open(id);
      const environmentId = await fill(controlPlane);
      world.driver.provider.servers.set('b', { identity: 'b', administrator: 'canary-b', refusal: null });
      const place = { name: 'b', driver: 'memory', settings: { address: 'b' }, administrator: 'canary-b' };
      await controlPlane.service.placements.create(place);
      await controlPlane.close();

      const expectRefused = async (connecting: RegExp, issuing: RegExp) => {
        const plane = await open(id);
        const { service } = plane;
        await expect(service.as(user('mia')).connect(environmentId)).rejects.toThrow(connecting);
        await expect(service.as(user('mia')).issueToken(environmentId)).rejects.toThrow(issuing);
        for (const name of ['a', 'b']) expect(await service.placements.check(name)).toMatchObject({ ok: false });
        await plane.close();
      };
      const wraps = [await columnOf(KEYS), await columnOf(ADMINISTRATOR_KEYS), await columnOf(SIGNING_KEYS)];
      expect(wraps.map(({ values }) => values.length)).toEqual([16, 2, 2]);
      const records = [await columnOf(CREDENTIALS), await columnOf(ADMINISTRATORS), await columnOf(PRIVATE_PARTS)];
      expect(records.map(({ values }) => values.length)).toEqual([2, 2, 2]);
      for (const [columns, ...messages] of [
        [wraps, /does not authenticate/, /does not authenticate/],
        [records, /sealed record/, /signing key cannot be opened/],
      ] as const) {
        for (const change of [swapped, withChangedByte]) {
          for (const { values, write } of columns) await write(change(values));
          await expectRefused(...messages);
          for (const { values, write } of columns) await write(values);
        }
      }
      const name = await columnOf(NAME_KEY);
      await name.write(withChangedByte(name.values));
      await expect(open(id)).rejects.toThrow(/does not authenticate/);
      await name.write(name.values);
      await expectServing(await open(id), environmentId);
    },
  );
});

/** Table, its key, and what of it is sealed or wrapped. */
type Column = readonly [table: string, key: string, column: string];
const KEYS: Column = ['sys_environment_key', 'id', 'wrapped_dek'];
const ADMINISTRATOR_KEYS: Column = ['sys_placement', 'id', 'administrator_key_ciphertext'];
const SIGNING_KEYS: Column = ['sys_signing_key', 'kid', 'private_key_ciphertext'];
const NAME_KEY: Column = ['sys_installation', 'id', 'name_key_ciphertext'];
const CREDENTIALS: Column = ['sys_database_credential', 'id', 'secret_ciphertext'];
const ADMINISTRATORS: Column = ['sys_placement', 'id', 'administrator_ciphertext'];
const PRIVATE_PARTS: Column = ['sys_signing_key', 'kid', 'private_ciphertext'];

/** What a column of a SQLite store holds, in order of its key, and a way to write it past the control plane. */
async function columnOf([table, key, column]: Column) {
  const { main, keys } = await world.inspect();
  const engine = (table === 'sys_environment_key' ? keys : main) as typeof main;
  const text = `select ${key} as id, ${column} as value from ${table} where ${column} is not null order by ${key}`;
  const { rows } = await engine.select<{ id: string; value: string }>(text, []);
  return {
    values: rows.map(({ value }) => value),
    write: (values: readonly string[]) =>
      engine.write(async (_query, _nowMs, execute) => {
        for (const [index, { id }] of rows.entries()) {
          await execute(`update ${table} set ${column} = ? where ${key} = ?`, [values[index], id]);
        }
      }),
  };
}

const swapped = (values: readonly string[]): string[] => [...values.slice(1), ...values.slice(0, 1)];
/** Each byte in turn: `sealing.mocked.test.ts` and the conformance of encryptors. */
const withChangedByte = (values: readonly string[]): string[] =>
  values.map((value) => {
    const bytes = Buffer.from(value, 'base64');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    return bytes.toString('base64');
  });
