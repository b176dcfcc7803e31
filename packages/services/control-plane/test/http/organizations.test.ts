import type { EnvironmentView, OperationView, OrganizationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe('creating', () => {
  it('makes organization, owner, default environment and database as one operation', async () => {
    const body = {
      slug: 'acme',
      displayName: 'Acme',
      plan: 'pro',
      ownerUserId: 'ada',
      defaultEnvironment: {
        slug: 'live',
        displayName: 'Live',
        envType: 'staging',
        driver: 'guarded',
        storageLimitMb: 7,
      },
    };
    const created = await harness.call<OrganizationView>('POST', '/v1/organizations', { body });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/v1/organizations/${created.body.id}`);
    expect(created.headers.get('etag')).toBe(`"v${created.body.version}"`);
    expect(created.body).toMatchObject({
      slug: 'acme',
      displayName: 'Acme',
      plan: 'pro',
      status: 'active',
      isSystem: false,
      createdBy: 'platform',
    });

    const environment = await harness.call<EnvironmentView>(
      'GET',
      `/v1/environments/${created.body.defaultEnvironmentId}`,
    );
    expect(environment.body).toMatchObject({
      slug: 'live',
      displayName: 'Live',
      envType: 'staging',
      isDefault: true,
      status: 'active',
      plan: 'pro',
      database: { driver: 'guarded', storageLimitMb: 7 },
      credential: { status: 'active', authorization: 'full_access' },
    });
    const operation = await harness.call<OperationView>('GET', `/v1/operations/${created.headers.get('operation-id')}`);
    expect(operation.body).toMatchObject({
      kind: 'organization.provision',
      status: 'succeeded',
      target: { type: 'organization', id: created.body.id },
      createdBy: 'platform',
    });
  });

  it('names the default environment when nobody does', async () => {
    const { defaultEnvironmentId } = await harness.organization('plain');
    const { body } = await harness.call('GET', `/v1/environments/${defaultEnvironmentId}`);
    expect(body).toMatchObject({ slug: 'prod', displayName: 'Production', envType: 'production' });
  });

  it('rel G9 eight at once for one slug make one', async () => {
    const body = { slug: 'contended', displayName: 'Contended', ownerUserId: 'ada' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => harness.call('POST', '/v1/organizations', { body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    expect(answers.filter(({ status }) => status === 409).every((answer) => answer.body['code'] === 'slug_taken')).toBe(
      true,
    );
    const { body: page } = await harness.call<{ items: EnvironmentView[] }>(
      'GET',
      '/v1/organizations/contended/environments',
    );
    expect(page.items.map(({ isDefault, status }) => ({ isDefault, status }))).toEqual([
      { isDefault: true, status: 'active' },
    ]);
  });

  it.each([
    ['placement', 'nowhere', '/defaultEnvironment/placement'],
    ['region', 'the-moon', '/defaultEnvironment/region'],
    ['storageLimitMb', 0, '/defaultEnvironment/storageLimitMb'],
    ['envType', 'x', '/defaultEnvironment/envType'],
    ['x', 1, '/defaultEnvironment/x'],
  ])('points at the wrong field %s', async (field, value, pointer) => {
    const body = { slug: 'pointed', displayName: 'P', ownerUserId: 'ada', defaultEnvironment: { [field]: value } };
    const answer = await harness.call<{ errors: { in: string; pointer: string }[] }>('POST', '/v1/organizations', {
      body,
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
  });

  it('refuses a driver that is not configured', async () => {
    const body = { slug: 'elsewhere', displayName: 'E', ownerUserId: 'ada', defaultEnvironment: { driver: 'turso' } };
    const answer = await harness.call('POST', '/v1/organizations', { body });
    expect([answer.status, answer.body['code']]).toEqual([422, 'driver_not_configured']);
    expect((await harness.call('GET', '/v1/organizations/elsewhere')).status).toBe(404);
  });

  it('refuses a slug with the form of an id', async () => {
    const body = { slug: '0192f0c1-7b7e-7000-8000-000000000000', displayName: 'E', ownerUserId: 'ada' };
    expect((await harness.call('POST', '/v1/organizations', { body })).status).toBe(422);
  });
});

describe('reading and changing', () => {
  it('finds it by id and by slug', async () => {
    const made = await harness.organization('found');
    expect((await harness.call('GET', '/v1/organizations/found')).body).toEqual(made);
    expect((await harness.call('GET', `/v1/organizations/${made.id}`)).body).toEqual(made);
  });

  it('changes name and plan', async () => {
    const made = await harness.organization('changed');
    const answer = await harness.call<OrganizationView>('PATCH', '/v1/organizations/changed', {
      body: { displayName: 'New', plan: 'pro' },
    });
    expect(answer.body).toMatchObject({ id: made.id, displayName: 'New', plan: 'pro', version: made.version + 1 });
    const again = await harness.call<OrganizationView>('PATCH', '/v1/organizations/changed', {
      body: { displayName: 'New' },
    });
    expect(again.body.version).toBe(made.version + 1);
  });
});

describe('leaving', () => {
  it('archives with its environments and comes back', async () => {
    const { defaultEnvironmentId } = await harness.organization('resting');
    const archived = await harness.call('POST', '/v1/organizations/resting/archive');
    expect([archived.status, archived.body['status']]).toEqual([200, 'archived']);
    expect(archived.headers.get('operation-id')).toBeTruthy();
    expect((await harness.call('GET', `/v1/environments/${defaultEnvironmentId}`)).body['status']).toBe('archived');
    const refused = await harness.call('POST', '/v1/organizations/resting/environments', {
      body: { slug: 'x', envType: 'test' },
    });
    expect([refused.status, refused.body['code'], refused.body['state']]).toEqual([409, 'invalid_state', 'archived']);

    const restored = await harness.call('POST', '/v1/organizations/resting/restore');
    expect([restored.status, restored.body['status']]).toEqual([200, 'active']);
    expect((await harness.call('GET', `/v1/environments/${defaultEnvironmentId}`)).body['status']).toBe('active');
    const idle = await harness.call('POST', '/v1/organizations/resting/restore');
    expect([idle.status, idle.headers.get('operation-id')]).toEqual([200, null]);
  });

  it('sec S31 is purged with its slug only, and answers the same receipt again', async () => {
    const { id } = await harness.organization('leaving');
    const refused = await harness.call('POST', `/v1/organizations/${id}/purge`, { body: { confirm: 'other' } });
    expect([refused.status, refused.body['code']]).toEqual([422, 'confirmation_mismatch']);
    expect((await harness.call('GET', `/v1/organizations/${id}`)).body).toMatchObject({ status: 'active', version: 1 });

    const purged = await harness.call('POST', `/v1/organizations/${id}/purge`, { body: { confirm: 'leaving' } });
    expect(purged.status).toBe(200);
    expect(purged.body).toMatchObject({ organizationId: id });
    expect((await harness.call('GET', `/v1/organizations/${id}`)).status).toBe(404);
    const again = await harness.call('POST', `/v1/organizations/${id}/purge`, { body: { confirm: 'leaving' } });
    expect([again.status, again.body]).toEqual([200, purged.body]);
  });

  it('follows a purge that is under way already', async () => {
    const { id } = await harness.organization('twice', 'guarded');
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        harness.call('POST', `/v1/organizations/${id}/purge`, { body: { confirm: 'twice' } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});
