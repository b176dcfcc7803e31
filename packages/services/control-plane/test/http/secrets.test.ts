import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionView, EnvironmentView, OperationView } from '@envplane/spec';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { document } from './conformance.ts';
import { CANARY, type Harness, startHarness, TOKEN } from './harness.ts';

const ADMINISTRATOR = `${CANARY}of-a-placement`;

let harness: Harness;
let environment: EnvironmentView;
let secret: string;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme', 'guarded');
  environment = await harness.environment('acme', 'dev', 'guarded');
  const { body } = await harness.call<ConnectionView>('POST', `/v1/environments/${environment.id}/connection`);
  secret = body.secret ?? '';
  await harness.call('POST', '/v1/placements', {
    body: { name: 'remote', driver: 'guarded', settings: { address: 'remote' }, administrator: ADMINISTRATOR },
    headers: { 'idempotency-key': 'remote' },
  });
});
afterAll(() => harness.close());

it('sec S29 no other route answers with a secret', async () => {
  expect(secret).toContain(CANARY);
  const operation = (await harness.call<{ items: OperationView[] }>('GET', '/v1/operations')).body.items[0];
  const answered: string[] = [];
  for (const [pattern, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId, 'x-envplane': declared }] of Object.entries(methods)) {
      if (declared.secret) continue;
      const isFollowing = operationId === 'operations.events';
      const path = pattern
        .replace('{org}', 'acme')
        .replace('{env}', environment.id)
        .replace('{slug}', 'dev')
        .replace('{placement}', operationId === 'placements.retire' ? 'guarded' : 'remote')
        .replace('{id}', operation?.id ?? '')
        .replace('{asset}', 'initializer.js');
      const query = pattern === '/v1/audit-events' ? `?organizationId=${environment.organizationId}` : '';
      const body = operationId.endsWith('purge')
        ? { confirm: 'nobody' }
        : operationId === 'environments.upsert'
          ? { envType: 'development' }
          : {};
      const answer = await harness.call(method.toUpperCase(), `${path}${query}`, method === 'get' ? {} : { body });
      answered.push(operationId);
      expect(`${answer.text}${JSON.stringify([...answer.headers])}`, operationId).not.toContain(CANARY);
      if (isFollowing) expect(answer.text).toContain('event: operation');
    }
  }
  expect(answered.length).toBeGreaterThan(30);
});

it('sec S29 only the connection, a new key and the two ways to a token declare a secret', () => {
  const declared = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).filter((each) => each['x-envplane'].secret),
  );
  expect(declared.map(({ operationId }) => operationId)).toEqual([
    'environments.connect',
    'serviceAccounts.createKey',
    'tokens.issue',
    'tokens.exchange',
  ]);
});

it('sec S29 the secret is handed out each time and lies nowhere in the clear', async () => {
  const { id } = await harness.environment('acme', 'left-alone', 'guarded');
  const connect = () => harness.call<ConnectionView>('POST', `/v1/environments/${id}/connection`);
  const first = await connect();
  const again = await connect();
  expect(again.body.secret).toContain(CANARY);
  expect(again.body.secret).toBe(first.body.secret);
  expect(again.headers.get('cache-control')).toBe('no-store');
  for (const handedOut of [secret, again.body.secret, TOKEN])
    expect(harness.logLines.join('\n')).not.toContain(handedOut);
});

it('sec S25 a dump of the store holds neither a secret nor the token', () => {
  const bytes = storeFiles().map((path) => readFileSync(path).toString('latin1'));
  expect(bytes.length).toBeGreaterThan(1);
  expect(bytes.join('')).toContain(environment.id);
  expect(bytes.join('')).not.toContain(CANARY);
});

it('sec S26 the administrator of a placement is in no answer, problem or log line', async () => {
  const body = { name: 'second', driver: 'guarded', settings: { address: 'picky' }, administrator: ADMINISTRATOR };
  const answers = [
    await harness.call('GET', '/v1/placements/remote'),
    await harness.call('POST', '/v1/placements', { body }),
    await harness.call('POST', '/v1/placements', { body: { ...body, settings: { address: 'down' } } }),
    await harness.call('POST', '/v1/placements', { body: { ...body, settings: { url: `x://a:${ADMINISTRATOR}@b` } } }),
    await harness.call('POST', '/v1/placements', { body: { ...body, administrator: [ADMINISTRATOR] } }),
    await harness.call('PATCH', '/v1/placements/remote', { body: { administrator: `${ADMINISTRATOR}2` } }),
    await harness.call('GET', '/v1/audit-events'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 422, 503, 422, 422, 200, 200]);
  expect(answers.map(({ text }) => text).join('')).not.toContain(CANARY);
  expect(harness.logLines.join('\n')).not.toContain(CANARY);
});

it('sec S29 a replayed create leaves no secret behind', async () => {
  const create = () =>
    harness.call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'again', envType: 'test', driver: 'guarded' },
      headers: { 'idempotency-key': 'again' },
    });
  const first = await create();
  const second = await create();
  expect(second.text).toBe(first.text);
  expect(first.text).not.toContain(CANARY);
  expect(
    storeFiles()
      .map((path) => readFileSync(path).toString('latin1'))
      .join(''),
  ).not.toContain(CANARY);
});

it('sec S26 a problem that quotes the request does not quote a secret in it', async () => {
  const answer = await harness.call('POST', `/v1/environments/${environment.id}/connection`, {
    body: { authorization: secret },
  });
  expect(answer.status).toBe(422);
  expect(answer.text).not.toContain(secret);
  expect(harness.logLines.join('\n')).not.toContain(secret);
});

function storeFiles(): string[] {
  return readdirSync(harness.directory)
    .filter((name) => name.startsWith('control-plane.db') || name.startsWith('keys'))
    .map((name) => join(harness.directory, name));
}
