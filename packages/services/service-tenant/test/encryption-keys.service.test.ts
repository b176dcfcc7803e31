import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretEncryptor } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noMeter } from '../src/metrics.ts';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { createDataKeys } from '../src/secrets/data-keys.ts';
import { createEncryptorSet } from '../src/secrets/encryptor-set.ts';
import { createKeyStore } from '../src/store/key-store.ts';
import { replaceWrap } from '../src/store/wrapped-keys.ts';
import { keptKeys, openAll, tally } from './world/kept-keys.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import { TOKENS, user } from './world/tokens.ts';
import {
  BEYOND_LEASE_MS,
  keyFileEncryptor,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  readNotes,
  settle,
  type World,
  writeNote,
} from './world/world.ts';

const LEASE_MS = 30_000;

describe.each(STORES)('key-encryption keys, %s store', (store) => {
  let world: World<MemoryDriver>;
  let controlPlane: ControlPlane;
  let environmentId: string;
  const logged: object[] = [];
  const write = (fields: object) => void logged.push(fields);
  const logger = { debug: write, info: write, warn: write, error: write };

  const open = (options: Partial<ControlPlaneOptions> = {}) => world.open({ tokens: TOKENS, logger, ...options });
  const keys = (plane = controlPlane) => plane.service.encryptionKeys;
  const operation = async (id: string | null) => controlPlane.service.operations.get(id ?? '');
  const keyFile = () => join(world.directory, 'key.json');
  const encryptor = () => keyFileEncryptor(world.directory, false);

  beforeEach(async () => {
    logged.length = 0;
    world = await openWorld(store, 'memory');
    world.driver.provider.servers.set('a', { identity: 'a', administrator: 'canary-admin', refusal: null });
    controlPlane = await open();
    const settings = { address: 'a' };
    await controlPlane.service.placements.create({
      name: 'a',
      driver: 'memory',
      settings,
      administrator: 'canary-admin',
    });
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
    environmentId = defaultEnvironment.environment.id;
    await writeNote(world, environmentId);
  });
  afterEach(async () => {
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    await world.close();
  });

  it('cap EN4 a rotation leaves no data key under the old one: of environments, placements, signing keys and the installation', async () => {
    const before = await openAll(world, await encryptor());
    const [old] = await keys().list();
    expect(old).toMatchObject({ encryptor: 'local', current: true, dataKeys: before.length });
    expect(await tally(world)).toEqual([
      'local environment 16',
      'local installation 1',
      'local placement 1',
      'local signing-key 2',
    ]);
    const { operationId } = await keys().rotate();
    await settle(world, controlPlane);
    const [current, ...rest] = await keys().list();
    expect(rest).toEqual([]);
    expect(current).toMatchObject({ encryptor: 'local', current: true, dataKeys: before.length });
    expect(current?.kekId).not.toBe(old?.kekId);
    expect(await openAll(world, await encryptor())).toEqual(before);
    expect(await operation(operationId)).toMatchObject({
      ...{ kind: 'encryption_key.rotate', status: 'succeeded', target: { type: 'installation' } },
      progress: { done: before.length, total: before.length },
      result: { encryptor: 'local', kekId: current?.kekId, rewrapped: before.length },
      steps: [
        { name: 'rewrap', status: 'succeeded' },
        { name: 'verify', status: 'succeeded' },
      ],
    });
  });

  it('cap EN4 a rotation changes no credential, and everything opens with the new key alone', async () => {
    const before = await readRows(world);
    await keys().rotate();
    await settle(world, controlPlane);
    const after = await readRows(world);
    expect(after.credentials).toEqual(before.credentials);
    expect(after.databases.map(({ database_name: name }) => name)).toEqual(
      before.databases.map(({ database_name: name }) => name),
    );
    const { primary, keys: all, ...keyset } = JSON.parse(readFileSync(keyFile(), 'utf8'));
    expect(all).toHaveLength(2);
    const alone = all.filter(({ id }: { id: string }) => id === primary);
    writeFileSync(keyFile(), JSON.stringify({ ...keyset, primary, keys: alone }), { mode: 0o600 });
    await controlPlane.close();
    controlPlane = await open();
    expect(await readNotes(world, environmentId)).toEqual([environmentId]);
    expect(await controlPlane.service.placements.check('a')).toMatchObject({ ok: true });
    await controlPlane.service.members.add({ environmentId }, { userId: 'mia', role: 'reader' });
    const issued = await controlPlane.service.as(user('mia')).issueToken(environmentId);
    expect(issued.accessToken).toMatch(/^eyJ/);
  });

  it('cap EN4 who asked and what came of it is in the audit chain of the platform', async () => {
    await keys().rotate();
    await settle(world, controlPlane);
    const { items } = await controlPlane.service.auditEvents.list({}, { limit: 50 });
    const entries = items.filter(({ targetKind }) => targetKind === 'installation');
    expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['encryption_key.rotate', 'in-process'],
      ['encryption_key.rewrapped', 'reconciler'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('canary');
    expect(await controlPlane.service.auditEvents.verify(undefined)).toMatchObject({ ok: true });
  });

  it('K2 nothing left is counted twice, a lease apart: a key of a process that had not heard is found', async () => {
    const [stale] = (await keptKeys(world)).filter(({ holder }) => holder === 'environment');
    const { operationId } = await keys().rotate();
    await controlPlane.worker.settle();
    expect((await keys().list()).length).toBe(1);
    expect(await operation(operationId)).toMatchObject({
      status: 'running',
      steps: [{ status: 'succeeded' }, { status: 'running' }],
    });
    world.clock.advance(LEASE_MS - 1);
    await controlPlane.worker.settle();
    expect((await operation(operationId)).status).toBe('running');
    const { keys: engine } = await world.inspect();
    const { ciphertext, kekId } = stale?.wrapped ?? { ciphertext: '', kekId: '' };
    await engine.write(async (_query, _nowMs, execute) => {
      const [wrap, kek, id] = store === 'sqlite' ? ['?', '?', '?'] : ['$1', '$2', '$3'];
      const text = `update sys_environment_key set wrapped_dek = ${wrap}, kek_id = ${kek} where id = ${id}`;
      await execute(text, [ciphertext, kekId, stale?.rowId]);
    });
    world.clock.advance(1);
    await controlPlane.worker.settle();
    expect((await operation(operationId)).status).toBe('running');
    expect((await keys().list()).length).toBe(1);
    world.clock.advance(LEASE_MS);
    await controlPlane.worker.settle();
    expect((await operation(operationId)).status).toBe('succeeded');
  });

  it('one at a time; the same request answers the same operation; one under way is not cancelled', async () => {
    const first = await keys().rotate({ idempotencyKey: 'one' });
    expect(await keys().rotate({ idempotencyKey: 'one' })).toMatchObject({
      operationId: first.operationId,
      replayed: true,
    });
    const busy = { code: 'operation_in_progress', details: { operationId: first.operationId } };
    await expect(keys().rotate()).rejects.toMatchObject(busy);
    await expect(keys().rewrap()).rejects.toMatchObject(busy);
    await expect(controlPlane.service.operations.cancel(first.operationId ?? '')).rejects.toMatchObject({
      code: 'invalid_state',
    });
    await expect(controlPlane.service.operations.retry(first.operationId ?? '')).rejects.toMatchObject({
      code: 'operation_in_progress',
    });
    await settle(world, controlPlane);
    await expect(controlPlane.service.operations.retry(first.operationId ?? '')).rejects.toMatchObject({
      code: 'invalid_state',
    });
    expect(JSON.parse(readFileSync(keyFile(), 'utf8')).keys).toHaveLength(2);
  });

  it('another process goes on once the lease of a dead one has ended', async () => {
    const { operationId } = await keys().rotate();
    await controlPlane.close();
    const { main } = await world.inspect();
    const lease = async (ms: number) => {
      const at = store === 'sqlite' ? world.clock.nowMs + ms : new Date(world.clock.nowMs + ms).toISOString();
      await main.write((_query, _nowMs, execute) =>
        execute(`update sys_installation set rewrap_due_at = ${store === 'sqlite' ? '?' : '$1'}`, [at]),
      );
    };
    await lease(LEASE_MS);
    controlPlane = await open();
    await controlPlane.worker.settle();
    expect((await operation(operationId)).steps[0]?.status).not.toBe('succeeded');
    world.clock.advance(BEYOND_LEASE_MS);
    await settle(world, controlPlane);
    expect((await operation(operationId)).status).toBe('succeeded');
  });

  it('I3 two processes at once re-wrap each row once more at most, and both serve', async () => {
    const other = await open();
    const before = await openAll(world, await encryptor());
    await keys().rotate();
    await Promise.all([controlPlane.worker.settle(), other.worker.settle()]);
    await settle(world, controlPlane);
    expect((await keys(other).list()).length).toBe(1);
    expect(await openAll(world, await encryptor())).toEqual(before);
    expect((await readRows(world)).keys.map(({ version }) => version)).toEqual(Array.from({ length: 16 }, () => 2));
    await other.close();
  });

  it('I3 a row that has another wrap than was read keeps it, whatever it is of', async () => {
    const stores = await world.inspect();
    const before = await keptKeys(world);
    const next = { ciphertext: 'next', kekId: 'next', encryptorId: 'next' };
    for (const key of before) {
      const stale = { ...key, wrapped: { ...key.wrapped, ciphertext: 'stale' } };
      expect(await replaceWrap(stores, stale, next)).toBe(false);
    }
    expect(await keptKeys(world)).toEqual(before);
    for (const key of before) {
      expect(await replaceWrap(stores, key, next)).toBe(true);
      expect(await replaceWrap(stores, { ...key, wrapped: next }, key.wrapped)).toBe(true);
    }
    expect(await keptKeys(world)).toEqual(before);
  });

  it('I3 a process that lost its lease writes nothing of what became of the work', async () => {
    let release: () => void = () => undefined;
    const reached = new Promise<void>((arrive) => {
      let commits = 0;
      const effect: EffectHook = async (name, run) => {
        if (name === 'cp.rewrap-commit') commits += 1;
        if (name !== 'cp.rewrap-commit' || commits !== 2) return run();
        arrive();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return run();
      };
      void controlPlane.close().then(async () => {
        controlPlane = await open({ effect });
        await keys().rotate();
      });
    });
    await reached;
    const slow = controlPlane;
    world.clock.advance(BEYOND_LEASE_MS);
    controlPlane = await open();
    await settle(world, controlPlane);
    const state = async () => {
      const { main } = await world.inspect();
      return [(await readRows(world)).operations, (await main.select('select * from sys_installation', [])).rows];
    };
    const before = await state();
    expect(JSON.stringify(before)).toContain('"status":"succeeded"');
    release();
    await slow.close();
    expect(await state()).toEqual(before);
  });

  it('rel G14 a data key that does not open stays as it is and is named; the others move, and a retry finishes', async () => {
    const [key] = (await readRows(world)).keys.filter((row) => row.environment_id !== environmentId);
    const setWrap = async (wrap: string) => {
      const { keys: engine } = await world.inspect();
      await engine.write((_query, _nowMs, execute) => {
        const [first, second] = store === 'sqlite' ? ['?', '?'] : ['$1', '$2'];
        return execute(`update sys_environment_key set wrapped_dek = ${first} where id = ${second}`, [wrap, key?.id]);
      });
    };
    const good = key?.wrapped_dek ?? '';
    const bad = Buffer.from(good, 'base64').reverse().toString('base64');
    await setWrap(bad);
    const { operationId } = await keys().rotate();
    await settle(world, controlPlane);
    expect(await operation(operationId)).toMatchObject({
      status: 'failed',
      error: { code: 'data_key_unreadable', detail: expect.stringMatching(/^1 data keys do not open/) },
    });
    expect(logged).toContainEqual({ event: 'encryption_key.unreadable', environmentId: key?.environment_id });
    expect((await keys().list()).map(({ dataKeys }) => dataKeys)).toEqual([19, 1]);
    expect((await readRows(world)).keys.find(({ id }) => id === key?.id)?.wrapped_dek).toBe(bad);
    await setWrap(good);
    await controlPlane.service.operations.retry(operationId ?? '');
    await settle(world, controlPlane);
    expect(await operation(operationId)).toMatchObject({ status: 'succeeded', error: null });
    expect((await keys().list()).length).toBe(1);
  });

  it('rel G14 a new wrap that does not open what was sealed is never stored', async () => {
    const real = await encryptor();
    await controlPlane.close();
    const lying: SecretEncryptor = {
      ...real,
      rewrapDek: async (_wrapped, context) => real.wrapDek(Buffer.alloc(32, 9), context),
    };
    controlPlane = await open({ encryptor: () => lying });
    const sealing = (await readRows(world)).keys.find((row) => row.environment_id === environmentId);
    const before = await keptKeys(world);
    await keys().rotate();
    await settle(world, controlPlane);
    const after = await keptKeys(world);
    const kept = (all: typeof before) =>
      all
        .filter(({ holder, rowId }) => holder !== 'environment' || rowId === sealing?.id)
        .map(({ wrapped }) => wrapped);
    expect(kept(after)).toEqual(kept(before));
    expect(await readNotes(world, environmentId)).toEqual([environmentId]);
  });

  it('cap EN5 while the encryptor is down re-wrapping waits, says until when, and goes on by itself', async () => {
    const real = await encryptor();
    await controlPlane.close();
    let left = Number.POSITIVE_INFINITY;
    const limited: SecretEncryptor = {
      ...real,
      rewrapDek: async (...call) => {
        left -= 1;
        return left < 0 ? (await keyFileEncryptor('/nonexistent', false)).rewrapDek(...call) : real.rewrapDek(...call);
      },
      health: async () => void (left < 0 ? await keyFileEncryptor('/nonexistent', false) : await real.health()),
    };
    controlPlane = await open({ encryptor: () => limited });
    left = 5;
    const { operationId } = await keys().rotate();
    await controlPlane.worker.settle();
    const waiting = await operation(operationId);
    expect(waiting).toMatchObject({ status: 'running', steps: [{ error: { code: 'encryptor_unavailable' } }, {}] });
    expect(Date.parse(waiting.nextAttemptAt ?? '')).toBeGreaterThan(world.clock.nowMs);
    expect((await keys().list()).map(({ dataKeys }) => dataKeys)).not.toContain(0);
    left = Number.POSITIVE_INFINITY;
    await settle(world, controlPlane);
    expect(await operation(operationId)).toMatchObject({ status: 'succeeded', nextAttemptAt: null });
  });

  it('a new key-encryption key that cannot be made is no operation', async () => {
    const before = await readRows(world);
    const content = readFileSync(keyFile());
    writeFileSync(keyFile(), '{');
    await expect(keys().rotate()).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    writeFileSync(keyFile(), content);
    expect(await readRows(world)).toEqual(before);
  });
});

it('sec S23 a remembered data key is zeroed when its time is over, whether anybody asks for it or not', async () => {
  const world = await openWorld('sqlite', 'memory');
  const controlPlane = await world.open();
  await controlPlane.service.provisionOrganization(organizationRequest());
  const { keys } = await world.inspect();
  const dataKeys = createDataKeys({
    encryptors: createEncryptorSet(await keyFileEncryptor(world.directory, false)),
    keyStore: createKeyStore(keys),
    installationId: (await keptKeys(world)).find(({ holder }) => holder === 'installation')?.subjectId ?? '',
    meter: noMeter,
    uuid: () => 'unused',
  });
  const [row] = (await readRows(world)).keys;
  const dek = await dataKeys.get(row?.id ?? '');
  dataKeys.forgetExpired();
  expect(Buffer.from(dek).equals(Buffer.alloc(32))).toBe(false);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 5 * 60_000 + 1);
  // The cache remembers the time for a millisecond.
  await vi.waitFor(() => {
    dataKeys.forgetExpired();
    expect(Buffer.from(dek)).toEqual(Buffer.alloc(32));
  });
  vi.restoreAllMocks();
  await world.close();
});
