import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Figures } from '@envplane/service-tenant';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/telemetry.ts';
import { withoutSecrets } from '../../src/traces.ts';
import { call, cleanUp, newDataDirectory, startService } from './service-process.ts';

afterEach(cleanUp);

const FIGURES: Figures = {
  environments: [{ status: 'active', driver: 'sqlite', count: 3 }],
  operations: new Map([['environment.copy', 2]]),
  due: { count: 7, lagMs: 1_500 },
  outboxLagMs: null,
  connections: { open: 5, leaving: 2, opening: 1 },
  inventory: { quarantined: 2, isHeld: true, sweeps: [{ driver: 'sqlite', ageMs: 90_000 }] },
  heartbeatAgeMs: 2_000,
};

describe('cap OP2 metrics', () => {
  it('count requests by route, and show what the control plane tells of itself', async () => {
    const telemetry = createTelemetry();
    telemetry.watch({ figures: async () => FIGURES }, () => 4);
    telemetry.record({ method: 'GET', route: '/v1/environments/{env}', status: 200, durationMs: 2 });
    const text = await telemetry.render();
    const labels = 'http_request_method="GET",http_route="/v1/environments/{env}",http_response_status_code="200"';
    expect(text).toContain(`http_server_request_duration_count{${labels}} 1`);
    expect(text).toContain(`http_server_request_duration_sum{${labels}} 0.002`);
    expect(text).toContain(`http_server_request_duration_bucket{${labels},le="0.001"} 0`);
    expect(text).toContain(`http_server_request_duration_bucket{${labels},le="0.0025"} 1`);
    expect(text).toContain('http_server_active_requests 4');
    expect(text).toContain('envplane_environments{envplane_status="active",envplane_driver="sqlite"} 3');
    expect(text).toContain('envplane_operation_active{envplane_operation_kind="environment.copy"} 2');
    expect(text).toContain('envplane_reconcile_due 7');
    expect(text).toContain('envplane_reconcile_lag 1.5');
    expect(text).toContain('envplane_reconcile_heartbeat_age 2');
    expect(text).toContain('envplane_pool_connections{envplane_state="opening"} 1');
    expect(text).toContain('envplane_pool_connections{envplane_state="leaving"} 2');
    // Nobody listens, so nothing is late.
    expect(text).not.toContain('envplane_outbox_lag ');
  });

  it('keep one point for the same values, and go on without a store that cannot be read', async () => {
    const telemetry = createTelemetry();
    telemetry.watch({ figures: () => Promise.reject(new Error('down')) }, () => 0);
    const metric = { name: 'test.lookups', description: 'For the test.', attributes: ['cache', 'outcome'] } as const;
    telemetry.meter.counter(metric, { cache: 'a', outcome: 'hit' }).total += 1;
    telemetry.meter.counter(metric, { outcome: 'hit', cache: 'a' }).total += 1;
    telemetry.meter.counter(metric, { cache: 'a', outcome: 'miss' }).total += 1;
    const text = await telemetry.render();
    expect(text).toContain('test_lookups_total{cache="a",outcome="hit"} 2');
    expect(text).toContain('test_lookups_total{cache="a",outcome="miss"} 1');
    expect(text).not.toContain('envplane_environments{');
  });
});

it('cap OP2 a running service is scraped, and no id becomes a label', async () => {
  const service = await startService(newDataDirectory(), {}, 'dev');
  const { items } = (await call(service, 'GET', '/v1/organizations')).body;
  await call(service, 'GET', `/v1/organizations/${items[0]?.id}`);
  const text = await (await fetch(`${service.url}/metrics`)).text();
  expect(text).toContain('http_route="/v1/organizations/{org}"');
  expect(text).toContain('envplane_environments{envplane_status="active",envplane_driver="sqlite"} 2');
  expect(text).toMatch(/^envplane_effect_duration_count\{.*envplane_effect="sq\.link",envplane_outcome="ok"\} 2$/m);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
});

it('sec S35 metrics need the token where others can reach the listener', async () => {
  const service = await startService(newDataDirectory(), { ENVPLANE_HOST: '0.0.0.0' });
  const url = `http://127.0.0.1:${new URL(service.url).port}/metrics`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: `Bearer ${service.token()}` } })).status).toBe(200);
});

it('cap OP2 traces go to the collector that is configured, without queries', async () => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      received.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = collector.address() as AddressInfo;
    const service = await startService(newDataDirectory(), { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    await call(service, 'GET', '/v1/organizations/acme?token=canary');
    service.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    const spans = received.flatMap((text) => JSON.parse(text).resourceSpans[0].scopeSpans[0].spans);
    expect(spans.map(({ name }) => name)).toContain('GET /v1/organizations/:org');
    expect(received.join('')).not.toContain('canary');
  } finally {
    collector.close();
  }
});

it('a collector that does not answer does not hold the process', async () => {
  const service = await startService(newDataDirectory(), { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  await call(service, 'GET', '/v1/organizations');
  const asked = performance.now();
  service.kill('SIGTERM');
  expect((await service.ended).code).toBe(0);
  expect(performance.now() - asked).toBeLessThan(8_000);
});

it('sec S26 a span keeps neither the query of its URL nor the text of an error', () => {
  const ended: { attributes: object; events: object[] }[] = [];
  const processor = withoutSecrets({
    onStart: () => undefined,
    onEnd: (span) => ended.push(span as never),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const span = provider
    .getTracer('test')
    .startSpan('x', { attributes: { 'url.full': 'http://h/p?token=canary#canary' } });
  span.recordException(new Error('canary'));
  span.end();
  expect(ended).toHaveLength(1);
  expect(ended[0]?.attributes).toMatchObject({ 'url.full': 'http://h/p' });
  expect(ended[0]?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'Error' } }]);
  expect(JSON.stringify(ended.map(({ attributes, events }) => [attributes, events]))).not.toContain('canary');
});
