import { describe, expect, it } from 'vitest';
import { createClient, type OperationProgress, watchOperation } from '../../src/client/index.ts';

const baseUrl = 'http://envplane.test';

/** A service that answers as it is told, and remembers what it was asked. */
function scripted(...answers: (Response | Error)[]) {
  const requests: Request[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    requests.push(request);
    const answer = answers.shift();
    if (!answer || answer instanceof Error) throw answer ?? new Error('nothing was left to answer');
    return answer;
  };
  return { requests, client: createClient({ baseUrl, token: 'secret', fetch }) };
}

const busy = (status: number, headers: Record<string, string> = { 'retry-after': '0' }) =>
  Response.json(
    { code: 'busy', status },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );

describe('the client', () => {
  it('tries 429 and 503 again when it is told when, with one idempotency key and the same body', async () => {
    const { client, requests } = scripted(busy(503), busy(429), Response.json({ slug: 'acme' }, { status: 201 }));
    const body = { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' };
    const { data } = await client.POST('/v1/organizations', { body });
    expect(data).toMatchObject({ slug: 'acme' });
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map((request) => request.headers.get('idempotency-key'))).size).toBe(1);
    expect(requests[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await Promise.all(requests.map((request) => request.json()))).toEqual([body, body, body]);
    expect(requests[2]?.headers.get('authorization')).toBe('Bearer secret');
  });

  it('keeps the key of the caller, and sends none with a read', async () => {
    const { client, requests } = scripted(Response.json({}), Response.json({}));
    await client.PATCH('/v1/organizations/{org}', {
      params: { path: { org: 'acme' }, header: { 'idempotency-key': 'mine' } },
      body: { displayName: 'x' },
    });
    await client.GET('/v1/organizations/{org}', { params: { path: { org: 'acme' } } });
    expect(requests.map((request) => request.headers.get('idempotency-key'))).toEqual(['mine', null]);
  });

  it('does not try again without Retry-After, nor for ever, nor after a pause that is too long', async () => {
    for (const answers of [
      [busy(503, {})],
      [busy(503, { 'retry-after': '86400' })],
      Array.from({ length: 5 }, () => busy(429)),
    ]) {
      const { client, requests } = scripted(...answers);
      const { error } = await client.GET('/v1/drivers');
      expect(error).toMatchObject({ code: 'busy' });
      expect(requests).toHaveLength(answers.length);
    }
  });

  it('makes a problem of an answer that is not the service’s', async () => {
    const page = new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } });
    const { error } = await scripted(page).client.GET('/v1/drivers');
    expect(error).toMatchObject({ status: 502, code: 'not_envplane', detail: expect.stringContaining('502') });
  });
});

describe('watchOperation', () => {
  const event = (version: number, done: boolean) =>
    `event: operation\nid: ${version}\ndata: ${JSON.stringify({ id: 'op', version, done })}\n\n`;
  const stream = (...parts: (string | Error)[]) =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          const part = parts.shift();
          if (part instanceof Error) controller.error(part);
          else if (part === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(part));
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );

  async function watched(client: Parameters<typeof watchOperation>[0], signal = new AbortController().signal) {
    const seen: OperationProgress[] = [];
    for await (const progress of watchOperation(client, 'op', signal)) seen.push(progress);
    return seen;
  }

  it('goes on after a broken stream and an unreachable service, from the last event it saw', async () => {
    const { client, requests } = scripted(
      stream(event(1, false), ': still there\n\n', new TypeError('terminated')),
      new TypeError('fetch failed'),
      stream(event(2, false)),
      stream(event(3, true)),
    );
    const seen = await watched(client);
    expect(seen).toMatchObject([
      { operation: { version: 1 } },
      { operation: { version: 2 } },
      { operation: { version: 3, done: true } },
    ]);
    expect(requests.map((request) => request.headers.get('last-event-id'))).toEqual([null, '1', '1', '2']);
  });

  it('ends with the problem when the operation cannot be read', async () => {
    const { client } = scripted(busy(404, {}));
    expect(await watched(client)).toMatchObject([{ problem: { code: 'busy' } }]);
  });

  it('fails at once when the service was never there, and stops when it is told to', async () => {
    await expect(watched(scripted(new TypeError('fetch failed')).client)).rejects.toThrow('fetch failed');
    const { client } = scripted(stream(event(1, false)));
    await expect(watched(client, AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
