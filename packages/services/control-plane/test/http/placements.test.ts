import type { PlacementView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document } from './conformance.ts';
import { CANARY, type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const create = (name: string, more: object = {}) =>
  harness.call<PlacementView & { code: string; errors: { pointer: string }[] }>('POST', '/v1/placements', {
    body: { name, driver: 'guarded', settings: { address: name }, administrator: `${CANARY}x`, ...more },
  });
const provision = (organization: string, body: object) =>
  harness.call(`POST`, `/v1/organizations/${organization}/environments`, { body: { envType: 'test', ...body } });

describe('placements', () => {
  it('are created, read by id or name, changed, and have a version', async () => {
    const made = await create('north', { region: 'north', weight: 5, capacity: 7 });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"v1"']);
    expect(made.headers.get('location')).toBe(`/v1/placements/${made.body.id}`);
    expect(made.body).toEqual({
      id: made.body.id,
      name: 'north',
      driver: 'guarded',
      region: 'north',
      status: 'ok',
      settings: { address: 'north' },
      weight: 5,
      capacity: 7,
      databases: 0,
      administrator: 'sealed',
      administratorVariable: null,
      lastErrorCode: null,
      version: 1,
    });
    for (const reference of ['north', made.body.id]) {
      expect((await harness.call('GET', `/v1/placements/${reference}`)).body).toEqual(made.body);
    }
    const changed = await harness.call('PATCH', '/v1/placements/north', {
      body: { capacity: null },
      headers: { 'if-match': '"v1"' },
    });
    expect(changed.body).toMatchObject({ capacity: null, weight: 5, version: 2 });
    const stale = await harness.call('PATCH', '/v1/placements/north', {
      body: { weight: 1 },
      headers: { 'if-match': '"v1"' },
    });
    expect([stale.status, stale.body['code']]).toEqual([412, 'version_mismatch']);
  });

  it('the administrator of one whose driver cannot set it is not replaced', async () => {
    const rotate = (placement: string, body: object = {}) =>
      harness.call('POST', `/v1/placements/${placement}/rotate-administrator`, { body });
    const refused = await rotate('north');
    expect([refused.status, refused.body['code']]).toEqual([422, 'unsupported']);
    expect([(await rotate('nowhere')).status, (await rotate('north', { urgency: 'soon' })).status]).toEqual([404, 422]);
  });

  it('a place that refuses us, cannot be reached or is not allowed is not added', async () => {
    const answers = [
      await create('picky'),
      await create('down'),
      await create('again', { settings: { address: 'north' } }),
      await create('north', { settings: { address: 'elsewhere' } }),
      await create('nowhere', { driver: 'nope' }),
      await create('both', { administratorVariable: 'ENVPLANE_PLACEMENT_X' }),
      await create('leak', { settings: { url: 'postgres://a:b@c' } }),
      await create('nested', { settings: { a: { b: 'c' } } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code, body.errors?.[0]?.pointer ?? null])).toEqual([
      [422, 'validation_failed', '/administrator'],
      [503, 'provider_unavailable', null],
      [409, 'invalid_state', null],
      [409, 'name_taken', null],
      [422, 'driver_not_configured', null],
      [422, 'validation_failed', '/administrator'],
      [422, 'validation_failed', '/settings/url'],
      [422, 'validation_failed', '/settings/a'],
    ]);
    const { body } = await harness.call<{ items: PlacementView[] }>('GET', '/v1/placements');
    expect(body.items.map(({ name }) => name)).toEqual(['guarded', 'north', 'sqlite']);
  });

  it('drain, activate, check and retire', async () => {
    await create('south', { capacity: 1 });
    await harness.organization('acme');
    const post = (verb: string) => harness.call('POST', `/v1/placements/south/${verb}`);
    expect((await post('drain')).body['status']).toBe('draining');
    const refused = await provision('acme', { slug: 'one', placement: 'south' });
    expect([refused.status, refused.body['code']]).toEqual([422, 'validation_failed']);
    expect((await post('activate')).body['status']).toBe('ok');
    expect((await provision('acme', { slug: 'one', placement: 'south' })).status).toBe(201);
    const full = await provision('acme', { slug: 'two', placement: 'south' });
    expect([full.status, full.body['code']]).toEqual([409, 'quota_exceeded']);
    expect((await post('check')).body).toMatchObject({ ok: true, code: null, placement: { databases: 1 } });
    const held = await harness.call('DELETE', '/v1/placements/south');
    expect([held.status, held.body['code']]).toEqual([409, 'invalid_state']);
    await create('empty');
    const retired = await harness.call('DELETE', '/v1/placements/empty');
    expect([retired.status, retired.body['status']]).toEqual([200, 'retired']);
  });

  it('a driver is configured when it has a placement that is not retired', async () => {
    const fresh = await startHarness();
    const configured = async () => {
      const { body } = await fresh.call<{ items: { driver: string; configured: boolean }[] }>('GET', '/v1/drivers');
      return body.items.filter((each) => each.configured).map(({ driver }) => driver);
    };
    expect(await configured()).toEqual(['sqlite', 'guarded']);
    await fresh.call('DELETE', '/v1/placements/guarded');
    expect(await configured()).toEqual(['sqlite']);
    const organization = await fresh.organization('acme');
    const answer = await fresh.call('POST', `/v1/organizations/${organization.id}/environments`, {
      body: { slug: 'x', envType: 'test', driver: 'guarded' },
    });
    expect([answer.status, answer.body['code']]).toEqual([422, 'driver_not_configured']);
    await fresh.close();
  });

  it('sec S7 only the routes of the platform administrator take an address', () => {
    const takeSettings = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).filter((operation) => {
        const { schema } = (operation.requestBody?.content['application/json'] ?? {}) as { schema?: object };
        const name = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(schema ?? {}))?.[1] ?? '';
        const { schemas } = document.components as unknown as { schemas: Record<string, object> };
        return /"(settings|url|host|address|path)":/.test(JSON.stringify(schemas[name] ?? schema ?? {}));
      }),
    );
    expect(
      takeSettings.map(({ operationId, 'x-envplane': { permission } }) => [operationId, permission]).sort(),
    ).toEqual([
      // Settings of a package: refused whatever they are.
      ['cloudPackages.install', 'env:environment.update'],
      ['placements.create', 'platform:placements.manage'],
      ['placements.update', 'platform:placements.manage'],
    ]);
  });
});
