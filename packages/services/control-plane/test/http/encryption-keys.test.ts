import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { EncryptionKeyView, OperationView } from '@envplane/spec';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

/** Longer than a lease. */
const LATER_MS = 31_000;

let harness: Harness;
let elapsedMs: number;
beforeEach(async () => {
  elapsedMs = 0;
  harness = await startHarness({}, () => Date.now() + elapsedMs);
  await harness.organization('acme', 'guarded');
});
afterEach(() => harness.close());

const keys = async () => {
  const { body } = await harness.call<{ items: EncryptionKeyView[] }>('GET', '/v1/encryption-keys');
  return body.items;
};
const post = (verb: string, options: Parameters<Harness['call']>[2] = {}) =>
  harness.call<OperationView>('POST', `/v1/encryption-keys/${verb}`, options);
const settle = async () => {
  await harness.controlPlane.worker.settle();
  elapsedMs += LATER_MS;
  await harness.controlPlane.worker.settle();
};

it('cap EN4 a rotation is an operation that ends with the keys in use, and is repeated safely', async () => {
  const [old] = await keys();
  expect(old).toMatchObject({ encryptor: 'local', current: true });
  const headers = { prefer: 'respond-async', 'idempotency-key': 'one' };
  const accepted = await post('rotate', { headers });
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get('location')).toBe(`/v1/operations/${accepted.body.id}`);
  const busy = await post('rewrap');
  expect(busy).toMatchObject({ status: 423, body: { code: 'operation_in_progress', operationId: accepted.body.id } });
  await settle();
  const { body: operation } = await harness.call<OperationView>('GET', `/v1/operations/${accepted.body.id}`);
  expect(operation).toMatchObject({ kind: 'encryption_key.rotate', status: 'succeeded', done: true });
  expect(operation.progress).toEqual({ done: old?.dataKeys, total: old?.dataKeys });
  const again = await harness.call<{ items: EncryptionKeyView[] }>('POST', '/v1/encryption-keys/rotate', { headers });
  expect(again.status).toBe(200);
  expect(again.body.items).toEqual(await keys());
  expect(again.body.items).toMatchObject([{ encryptor: 'local', current: true, dataKeys: old?.dataKeys }]);
  expect(again.body.items[0]?.kekId).not.toBe(old?.kekId);
});

it('a re-wrap of what is all right ends with nothing done', async () => {
  const before = await keys();
  const { body } = await post('rewrap', { headers: { prefer: 'respond-async' } });
  await settle();
  const { body: operation } = await harness.call<OperationView>('GET', `/v1/operations/${body.id}`);
  expect(operation).toMatchObject({ status: 'succeeded', progress: null, result: { rewrapped: 0 } });
  expect(await keys()).toEqual(before);
});

it('a move names where the service wraps, or is refused', async () => {
  expect(await post('move', { body: { to: 'aws-kms' } })).toMatchObject({
    status: 409,
    body: { code: 'invalid_state', state: 'local', allowed: ['aws-kms'] },
  });
  expect(await post('move', { body: {} })).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
  expect((await post('move', { body: { to: 'local' }, headers: { prefer: 'respond-async' } })).status).toBe(202);
});

it('cap EN5 without a working encryptor the answer is 503, and says when to come back', async () => {
  const keyFile = join(harness.directory, 'key.json');
  renameSync(keyFile, `${keyFile}.away`);
  for (const answer of [await post('rotate'), await post('rewrap'), await harness.call('GET', '/v1/encryption-keys')]) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'encryptor_unavailable' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  renameSync(`${keyFile}.away`, keyFile);
  expect((await keys()).length).toBe(1);
});

it('rel G13 neither answers nor the log hold a data key, a wrap of one or a secret', async () => {
  await post('rotate', { headers: { prefer: 'respond-async' } });
  await settle();
  const shown = JSON.stringify([await keys(), harness.logLines]);
  expect(shown).not.toMatch(/canary|ciphertext|[A-Za-z0-9+/]{60}/);
});
