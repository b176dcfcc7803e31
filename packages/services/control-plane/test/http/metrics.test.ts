import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { METRICS } from '@envplane/service-tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/telemetry.ts';
import { type Harness, startHarness } from './harness.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../../docs/metrics.md', import.meta.url)), 'utf8');

/** The rows of the page: `| name | kind | unit | attributes | … |`. */
const documented = [...page.matchAll(/^\| `((?:http|envplane)\.[\w.]+)` \| (\w+) \| (\w*) ?\| ([^|]*)\|/gm)].map(
  ([, name = '', kind = '', unit = '', attributes = '']) => ({
    name,
    kind,
    unit,
    attributes: [...attributes.matchAll(/`([\w.]+)`/g)].map(([, attribute = '']) => attribute).sort(),
  }),
);

/** Owns what the harness makes. */
const ADA = { kind: 'user', id: 'ada', issuer: 'https://idp.example', subject: 'ada' } as const;

let harness: Harness;
let text: string;
let prod: string;

beforeAll(async () => {
  const telemetry = createTelemetry();
  harness = await startHarness({ metrics: telemetry }, Date.now, { meter: telemetry.meter });
  const { controlPlane, call, organization, environment } = harness;
  telemetry.watch(controlPlane, () => 4);
  controlPlane.events.on('*', () => undefined);
  const { id } = await organization('acme');
  const { id: environmentId } = await environment('acme', 'dev', 'guarded');
  prod = (await call<{ defaultEnvironmentId: string }>('GET', `/v1/organizations/${id}`)).body.defaultEnvironmentId;
  await controlPlane.service.as({ principal: ADA, requestId: null, clientAddress: null }).issueToken(prod);
  await call('POST', `/v1/environments/${environmentId}/connection`, { body: {} });
  for (const permission of ['env:data.read', 'env:data.read', 'env:data.read', 'env:nothing.read']) {
    await controlPlane.service.gate.check(ADA, prod, permission);
  }
  for (let times = 0; times < 3; times += 1) await controlPlane.service.connect(prod);
  text = (await call('GET', '/metrics')).text;
});
afterAll(() => harness.close());

/** What is printed: the lines `# UNIT` and `# TYPE`, and the labels of the samples below them. */
function printed() {
  const units = new Map([...text.matchAll(/^# UNIT (\w+) (\w+)$/gm)].map(([, name, unit]) => [name, unit]));
  return [...text.matchAll(/^# TYPE (\w+) (\w+)\n((?:(?!#).*\n?)*)/gm)].map(
    ([, name = '', kind = '', samples = '']) => ({
      name,
      kind,
      unit: units.get(name) ?? '',
      labels: [...new Set([...samples.matchAll(/(\w+)="/g)].map(([, label = '']) => label))]
        .filter((label) => label !== 'le')
        .sort(),
    }),
  );
}

/** The value of the one sample of these labels, in any order. */
function sample(name: string, labels: Record<string, string> = {}): number | undefined {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const found = lines.filter((line) =>
    Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  );
  return found.length === 1 ? Number(found[0]?.split(' ').at(-1)) : undefined;
}

const inPrometheus = (name: string) => name.replaceAll('.', '_');

describe('cap OP2 metrics', () => {
  it('are those of docs/metrics.md, with their kinds, units and attributes, no more and no fewer', () => {
    expect(documented.length).toBeGreaterThan(10);
    expect(
      documented
        .map(({ name, kind, unit, attributes }) => ({
          name: `${inPrometheus(name)}${kind === 'counter' ? '_total' : ''}`,
          kind,
          unit,
          labels: attributes.map(inPrometheus).sort(),
        }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    ).toEqual(printed().sort((a, b) => a.name.localeCompare(b.name)));
  });

  it('of the engine have the attributes that it declares', () => {
    for (const { name, attributes } of Object.values(METRICS)) {
      expect(documented.find((row) => row.name === name)?.attributes, name).toEqual([...attributes].sort());
    }
  });

  it('name no organization, environment, user or request', () => {
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toContain('acme');
  });

  it('count what was decided, looked up, issued, called and kept', () => {
    // Three of ada's, and one for each connection.
    expect(sample('envplane_gate_decisions_total', { envplane_verdict: 'allow' })).toBe(6);
    expect(sample('envplane_gate_decisions_total', { envplane_verdict: 'permission_denied' })).toBe(1);
    expect(sample('envplane_gate_decisions_total', { envplane_verdict: 'store_unavailable' })).toBe(0);
    const looked = (cache: string) =>
      ['hit', 'miss'].map((outcome) =>
        sample('envplane_cache_lookups_total', { envplane_cache: cache, envplane_outcome: outcome }),
      );
    expect(looked('gate')).toEqual([4, 3]);
    expect(looked('connection')).toEqual([2, 1]);
    expect(looked('data_key')).toEqual([expect.any(Number), 0]);
    expect(sample('envplane_token_issued_total')).toBe(1);
    expect(sample('envplane_pool_connections', { envplane_state: 'open' })).toBe(1);
    expect(sample('envplane_environments', { envplane_status: 'active', envplane_driver: 'guarded' })).toBe(1);
    expect(sample('envplane_fence_rejections_total', { envplane_driver: 'sqlite' })).toBe(0);
    const called = { envplane_encryptor: 'local', envplane_outcome: 'ok' };
    expect(sample('envplane_encryptor_duration_count', called)).toBeGreaterThan(0);
    expect(sample('http_server_active_requests')).toBe(4);
  });

  it('time operations, passes and the calls of each driver', () => {
    const ended = { envplane_operation_kind: 'environment.provision', envplane_outcome: 'succeeded' };
    expect(sample('envplane_operation_duration_count', ended)).toBe(1);
    expect(sample('envplane_operation_active', { envplane_operation_kind: 'environment.provision' })).toBe(0);
    const settled = { envplane_phase: 'creating', envplane_outcome: 'settled' };
    expect(sample('envplane_reconcile_pass_duration_count', settled)).toBe(2);
    for (const driver of ['sqlite', 'guarded']) {
      const linked = { envplane_driver: driver, envplane_effect: 'sq.link', envplane_outcome: 'ok' };
      expect(sample('envplane_effect_duration_count', linked), driver).toBe(1);
      expect(sample('envplane_effect_duration_sum', linked), driver).toBeGreaterThan(0);
    }
  });
});
