import type { OperationView } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventStream } from '../../src/http/handlers/event-stream.ts';
import { type Harness, startHarness, TOKEN } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
});
afterAll(() => harness.close());
afterEach(() => {
  harness.guarded.beforeCreate = async () => {};
});

/** An environment whose database is not created before `release` is called. */
async function heldEnvironment(slug: string): Promise<{ operation: OperationView; release: () => void }> {
  const release = harness.hold();
  const { body: operation } = await harness.call<OperationView>('POST', '/v1/organizations/acme/environments', {
    body: { slug, envType: 'test', driver: 'guarded' },
    headers: { prefer: 'respond-async' },
  });
  return { operation, release };
}

const follow = async (id: string, headers: Record<string, string> = {}): Promise<Response> =>
  harness.app.request(`/v1/operations/${id}/events`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });

interface Event {
  id: number;
  operation: OperationView;
}
const eventsOf = (text: string): Event[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [, id = '', data = ''] = /^id: (\d+)\nevent: operation\ndata: (.*)$/.exec(block) ?? [];
      return { id: Number(id), operation: JSON.parse(data) };
    });

describe('events', () => {
  it('tell every change and end after the last', async () => {
    const { operation, release } = await heldEnvironment('followed');
    const response = await follow(operation.id);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    release();
    const events = eventsOf(await response.text());
    expect(events[0]?.operation).toMatchObject({ id: operation.id, status: 'running' });
    expect(events.at(-1)?.operation).toMatchObject({ status: 'succeeded', done: true });
    expect(events.filter(({ operation: { done } }) => done)).toHaveLength(1);
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('go on after the id that was seen last', async () => {
    const { operation, release } = await heldEnvironment('resumed');
    const first = await follow(operation.id);
    const reader = (first.body as ReadableStream<Uint8Array>).getReader();
    const [seen] = eventsOf(new TextDecoder().decode((await reader.read()).value));
    await reader.cancel();
    release();
    const rest = eventsOf(await (await follow(operation.id, { 'last-event-id': String(seen?.id) })).text());
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.every(({ id }) => id > (seen?.id ?? 0))).toBe(true);
    expect(rest.at(-1)?.operation.done).toBe(true);
  });

  it('tell the end again to who saw it last', async () => {
    const { operation, release } = await heldEnvironment('ended');
    release();
    const [last] = eventsOf(await (await follow(operation.id)).text()).slice(-1);
    const again = eventsOf(await (await follow(operation.id, { 'last-event-id': String(last?.id) })).text());
    expect(again).toEqual([last]);
  });

  it.each(['x', '-1', '1.5', '99999999999999999999', ''])('begin anew after the id %s, which is none', async (id) => {
    const { body } = await harness.call<{ items: OperationView[] }>('GET', '/v1/operations?status=succeeded&limit=1');
    const events = eventsOf(await (await follow(String(body.items[0]?.id), { 'last-event-id': id })).text());
    expect(events.at(-1)?.operation.done).toBe(true);
  });

  it('are not found for what does not exist, and empty for HEAD', async () => {
    expect((await harness.call('GET', `/v1/operations/${crypto.randomUUID()}/events`)).status).toBe(404);
    const { operation, release } = await heldEnvironment('headed');
    const head = await harness.call('HEAD', `/v1/operations/${operation.id}/events`);
    release();
    expect([head.status, head.text]).toEqual([200, '']);
    await harness.controlPlane.worker.settle();
  });

  it('end when the process is being stopped', async () => {
    const never = { next: () => new Promise<never>(() => undefined) };
    const stop = vi.fn();
    const text = await new Response(eventStream(never, () => true, stop)).text();
    expect(text).toBe('');
    expect(stop).toHaveBeenCalledOnce();
  });

  it('are kept alive by a comment after 15 s of silence', async () => {
    vi.useFakeTimers();
    try {
      const never = { next: () => new Promise<never>(() => undefined) };
      const reader = eventStream(
        never,
        () => false,
        () => undefined,
      ).getReader();
      let comments = 0;
      void reader.read().then(() => {
        comments += 1;
      });
      await vi.advanceTimersByTimeAsync(14_900);
      expect(comments).toBe(0);
      await vi.advanceTimersByTimeAsync(200);
      expect(comments).toBe(1);
      expect(
        new TextDecoder().decode((await Promise.all([reader.read(), vi.advanceTimersByTimeAsync(15_000)]))[0].value),
      ).toMatch(/^: .*\n\n$/);
      await reader.cancel();
    } finally {
      vi.useRealTimers();
    }
  });

  it('end without an error when the store cannot be read any more', async () => {
    const broken = { next: () => Promise.reject(new Error('SQLITE_IOERR at some path')) };
    expect(
      await new Response(
        eventStream(
          broken,
          () => false,
          () => undefined,
        ),
      ).text(),
    ).toBe('');
  });
});

describe('operations', () => {
  it('are listed newest first, with filters', async () => {
    const { body } = await harness.call<{ items: OperationView[] }>('GET', '/v1/operations?limit=200');
    const times = body.items.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const [first] = body.items as [OperationView];
    const one = await harness.call<{ items: OperationView[] }>(
      'GET',
      `/v1/operations?environmentId=${first.target.id}&status=${first.status}`,
    );
    expect(one.body.items.map(({ id }) => id)).toContain(first.id);
    expect((await harness.call('GET', '/v1/operations?status=unknown')).status).toBe(422);
  });

  it('are retried', async () => {
    harness.guarded.beforeCreate = () => Promise.reject(new AdapterError('unauthorized', 'no'));
    const failed = await harness.call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'retried', envType: 'test', driver: 'guarded' },
    });
    const operation = `/v1/operations/${failed.body['operationId']}`;
    harness.guarded.beforeCreate = async () => {};
    const retried = await harness.call<OperationView>('POST', `${operation}/retry`);
    expect([retried.status, retried.body.status]).toEqual([200, 'succeeded']);
    expect(retried.headers.get('operation-id')).toBe(retried.body.id);
    const refused = await harness.call('POST', `${operation}/retry`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'invalid_state']);
  });

  it('are cancelled while they can be undone', async () => {
    const { operation, release } = await heldEnvironment('cancelled');
    const cancelling = harness.call<OperationView>('POST', `/v1/operations/${operation.id}/cancel`);
    release();
    const { status, body } = await cancelling;
    expect([status, body.kind, body.status]).toEqual([200, 'environment.purge', 'succeeded']);
    expect((await harness.call('GET', `/v1/operations/${operation.id}`)).body).toMatchObject({
      status: 'cancelled',
      done: true,
    });
    expect((await harness.call('GET', `/v1/environments/${operation.target.id}`)).status).toBe(404);
  });

  it('are not cancelled once they are done', async () => {
    const { headers } = await harness.call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'done', envType: 'test' },
    });
    const refused = await harness.call('POST', `/v1/operations/${headers.get('operation-id')}/cancel`);
    expect([refused.status, refused.body['code'], refused.body['state']]).toEqual([409, 'invalid_state', 'succeeded']);
  });

  it('that another request superseded are a conflict for who waits', async () => {
    const { operation, release } = await heldEnvironment('superseded');
    const waiting = harness.call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'superseded', envType: 'test', driver: 'guarded' },
      headers: { 'idempotency-key': 'superseded' },
    });
    expect((await waiting).body['code']).toBe('slug_taken');
    const archiving = harness.call('POST', `/v1/environments/${operation.target.id}/archive`);
    release();
    expect((await archiving).status).toBe(200);
    expect((await harness.call('GET', `/v1/operations/${operation.id}`)).body['status']).toBe('cancelled');
  });
});
