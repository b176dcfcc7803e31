import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlaneOptions } from '@envplane/service-tenant';
import { expect } from 'vitest';
import { createTelemetry } from '../../src/telemetry.ts';
import { CANARY, startHarness, TOKEN } from './harness.ts';
import { type Known, Random, randomRequest } from './random-requests.ts';

/** Repeats a run. */
export const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const IN_FLIGHT = 16;
/** How long the events of an operation are followed, ms. */
const FOLLOWED_MS = 5_000;

/** How many requests to send: as many as the environment says, or else as the test wants. */
export const requestsOr = (count: number): number => Number(process.env['FUZZ_REQUESTS'] ?? count);

/**
 * Sends random requests to a service in process: no 5xx but 503, nothing that the document does not tell of, no secret, and the
 * service is as well afterwards as before.
 *
 * @param engine replaces parts of the control plane
 * @param expected what the requests must have come to, or they prove nothing: operations that succeeded, statuses
 */
export async function fuzz(
  requests: number,
  engine: Partial<ControlPlaneOptions>,
  expected: { operations: readonly string[]; statuses: readonly number[] },
): Promise<void> {
  console.log(`fuzz: FUZZ_SEED=${SEED} FUZZ_REQUESTS=${requests}`);
  const telemetry = createTelemetry();
  const harness = await startHarness({ metrics: telemetry }, Date.now, { meter: telemetry.meter, ...engine });
  telemetry.watch(harness.controlPlane, () => 0);
  const known = await seedWorld();
  const statuses = new Map<number, number>();
  const reached = new Map<string, number>();
  let sent = 0;

  async function lane(): Promise<void> {
    while (sent < requests) {
      const index = sent;
      sent += 1;
      const request = randomRequest(new Random(SEED ^ Math.imul(index, 0x9e3779b1)), known, TOKEN);
      const { operationId, method, path, headers } = request;
      // The Fetch standard has no body there; raw sockets try it.
      const body = /^(get|head)$/i.test(method) ? undefined : request.body;
      const about = `request ${index}: ${method} ${path} ${JSON.stringify(headers).replace(TOKEN, '…')} ${String(body).slice(0, 300)}`;
      const answering = harness
        .call<{ id?: string; target?: { type: string; id: string } }>(method, path, { body, headers, token: null })
        .catch((error: unknown) => {
          throw new Error(about, { cause: error });
        });
      // Of an operation that waits there is no last event: a store that was declared restored deletes nothing until it is released.
      const answer = await (operationId === 'operations.events'
        ? Promise.race([answering, sleep(FOLLOWED_MS, null)])
        : answering);
      if (!answer) continue;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status < 300) reached.set(operationId, (reached.get(operationId) ?? 0) + 1);
      if (answer.status >= 500 && answer.status !== 503) throw new Error(`${answer.status} to ${about}`);
      const isConnection = operationId === 'environments.connect' && answer.status === 200;
      const echoed = `${isConnection ? '' : answer.text}${JSON.stringify([...answer.headers])}`;
      if (echoed.includes(CANARY)) throw new Error(`a secret in the answer to ${about}`);
      if (operationId === 'inventory.afterRestore' && answer.status < 300) await release();
      learn(answer.body.target, answer.headers.get('operation-id'));
    }
  }

  /** Otherwise nothing would be purged any more. */
  async function release(): Promise<void> {
    await harness.call('POST', '/v1/inventory/check', { body: {} });
    await harness.call('POST', '/v1/inventory/release', { body: { accept: [] } });
  }

  /** New things take the place of old ones, so that some requests meet what is gone. */
  function learn(target: { type: string; id: string } | undefined, operationId: string | null): void {
    const random = new Random(sent);
    if (operationId) known.operations[random.below(20)] = operationId;
    if (target)
      (target.type === 'organization' ? known.organizations : known.environments)[random.below(20)] = target.id;
  }

  async function seedWorld(): Promise<Known> {
    const organizations = await Promise.all(
      ['slug-0', 'slug-1', 'slug-2'].map((slug) => harness.organization(slug, 'guarded')),
    );
    const environments = await Promise.all(
      organizations.map(({ slug }) => harness.environment(slug, 'dev', 'guarded')),
    );
    return {
      organizations: organizations.flatMap(({ id, slug }) => [id, slug]),
      environments: [
        ...environments.map(({ id }) => id),
        ...organizations.map((each) => each.defaultEnvironmentId ?? ''),
      ],
      operations: (await harness.controlPlane.service.operations.list({}, { limit: 20 })).items.map(({ id }) => id),
    };
  }

  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));

  expect(harness.logLines.filter((line) => line.includes(CANARY))).toEqual([]);
  expect(harness.logLines.filter((line) => line.includes('http.defect'))).toEqual([]);
  const metrics = (await harness.call('GET', '/metrics')).text;
  expect(metrics).toContain('route="/v1/environments/{env}/connection"');
  expect(metrics.split('\n').filter((line) => line.includes(CANARY))).toEqual([]);
  console.log('fuzz:', Object.fromEntries([...statuses].sort()), Object.fromEntries([...reached].sort()));
  expect(expected.operations.filter((operationId) => !reached.has(operationId))).toEqual([]);
  expect(expected.statuses.filter((status) => !statuses.has(status))).toEqual([]);
  // And the service is as well as before.
  await harness.controlPlane.worker.settle();
  expect((await harness.call('GET', '/readyz')).status).toBe(200);
  expect((await harness.controlPlane.service.auditEvents.verify(undefined)).ok).toBe(true);
  for (const { id } of (await harness.controlPlane.service.organizations.list({ limit: 200 })).items) {
    expect((await harness.controlPlane.service.auditEvents.verify(id)).ok).toBe(true);
  }
  await harness.close();
}
