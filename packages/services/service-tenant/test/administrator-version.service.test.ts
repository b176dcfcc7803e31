import { AdapterError, Secret } from '@envplane/spec';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PlacementRow } from '../src/objects/index.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { createEncryptorSet } from '../src/secrets/encryptor-set.ts';
import { seal } from '../src/secrets/sealing.ts';
import { findInstallation } from '../src/store/installation.ts';
import { findRow, transact } from '../src/store/transaction.ts';
import { finish, keyFileEncryptor, type MemoryDriver, openWorld, settle, type World } from './world/world.ts';

const SECRET = 'canary-of-the-administrator';

let world: World<MemoryDriver>;
let plane: ControlPlane;
let id: string;
/** The server cannot be told of another secret. */
let isDeaf: boolean;

beforeEach(async () => {
  isDeaf = false;
  world = await openWorld('sqlite', 'memory');
  world.driver.provider.servers.set('a', { identity: 'a', administrator: SECRET, refusal: null });
  plane = await world.open({
    effect: async (name, run) => {
      if (isDeaf && name === 'me.administrator-set') throw new AdapterError('unavailable', 'The server is deaf.');
      return run();
    },
  });
  const body = { name: 'a', driver: 'memory', settings: { address: 'a' }, administrator: SECRET };
  id = (await plane.service.placements.create(body)).targetId;
});
afterEach(() => world.close());

async function row(): Promise<PlacementRow> {
  const { main } = await world.inspect();
  const found = await findRow(main, 'sys_placement', { id });
  if (!found) throw new Error('there is no such placement');
  return found;
}

/** Writes into the row, as somebody with the store and without a key can. */
async function tamper(patch: Partial<PlacementRow>): Promise<void> {
  const { main } = await world.inspect();
  const { version } = await row();
  await transact(main, (tx) => tx.update('sys_placement', { ...patch, version: version + 1 }, { id }));
}

/** A secret as it was sealed before there were versions, under the data key of the row. */
async function sealedBefore(secret: string): Promise<string> {
  const { main } = await world.inspect();
  const { installation_id: installationId = '' } = (await findInstallation(main)) ?? {};
  const { administrator_key_ciphertext: ciphertext, kek_id: kekId, encryptor_id: encryptorId } = await row();
  const wrapped = { ciphertext: ciphertext ?? '', kekId: kekId ?? '', encryptorId: encryptorId ?? '' };
  const dek = await createEncryptorSet(await keyFileEncryptor(world.directory, false)).unwrap(wrapped, {
    ...{ installationId, subjectId: id, purpose: 'placement' },
  });
  return seal(new Secret(secret), dek, { installationId, placementId: id, version: 0 });
}

const rotate = () => plane.service.placements.rotateAdministrator(id);
const serverSecret = () => world.driver.provider.servers.get('a')?.administrator;
const look = () => plane.service.placements.check(id);
const unopened = { ok: false, code: 'unavailable', detail: expect.stringContaining('cannot be opened') };

/** A rotation that is sealed in the row, and that the server has not heard of. */
async function staged(): Promise<{ operationId: string }> {
  isDeaf = true;
  const { operationId } = await rotate();
  await expect.poll(async () => (await plane.service.operations.get(operationId ?? '')).attempts).toBe(1);
  return { operationId: operationId ?? '' };
}

async function goOn(operationId: string): Promise<void> {
  isDeaf = false;
  await settle(world, plane);
  expect(await plane.service.operations.get(operationId)).toMatchObject({ status: 'succeeded' });
  expect(await look()).toMatchObject({ ok: true });
}

it('rel G14 an administrator of before is refused when it is put back, whatever version is written beside it', async () => {
  const before = await row();
  await finish(plane.service, rotate());
  const after = await row();
  // Under the same data key: nothing else tells them apart.
  expect(after.administrator_key_ciphertext).toBe(before.administrator_key_ciphertext);
  expect([before.administrator_version, after.administrator_version]).toEqual([1, 2]);
  const { administrator_ciphertext } = before;
  await tamper({ administrator_ciphertext });
  expect(await look()).toMatchObject(unopened);
  await tamper({ administrator_ciphertext, administrator_version: 0 });
  expect(await look()).toMatchObject(unopened);
  const { administrator_version } = after;
  await tamper({ administrator_ciphertext: after.administrator_ciphertext, administrator_version });
  expect(await look()).toMatchObject({ ok: true });
});

it('rel G14 the administrator in use and the one that is to follow cannot be exchanged', async () => {
  const { operationId } = await staged();
  const { administrator_ciphertext: current, next_administrator_ciphertext: next } = await row();
  await tamper({ administrator_ciphertext: next, next_administrator_ciphertext: current });
  expect(await look()).toMatchObject(unopened);
  await tamper({ administrator_ciphertext: current, next_administrator_ciphertext: current });
  isDeaf = false;
  world.clock.advance(61_000);
  await plane.worker.settle();
  expect(serverSecret()).toBe(SECRET);
  expect((await row()).administrator_version).toBe(1);
  await tamper({ next_administrator_ciphertext: next });
  await goOn(operationId);
  expect((await row()).administrator_version).toBe(2);
});

it('one that is handed in is bound to the next version as well', async () => {
  await plane.service.placements.update(id, { administrator: SECRET });
  expect((await row()).administrator_version).toBe(2);
  expect(await look()).toMatchObject({ ok: true });
});

it('one that was sealed before there were versions opens, and its successor is bound to the first', async () => {
  await tamper({ administrator_ciphertext: await sealedBefore(SECRET), administrator_version: 0 });
  expect(await look()).toMatchObject({ ok: true });
  await finish(plane.service, rotate());
  expect((await row()).administrator_version).toBe(1);
  expect(await look()).toMatchObject({ ok: true });
});

it('a rotation that was staged before there were versions comes to its end', async () => {
  const { operationId } = await staged();
  await tamper({
    administrator_version: 0,
    administrator_ciphertext: await sealedBefore(SECRET),
    next_administrator_ciphertext: await sealedBefore('canary-of-the-next-one'),
  });
  await goOn(operationId);
  expect(serverSecret()).toBe('canary-of-the-next-one');
  expect((await row()).administrator_version).toBe(0);
});
