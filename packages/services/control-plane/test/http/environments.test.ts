import type { ConnectionView, EnvironmentDatabaseDetailView, EnvironmentView, OperationView } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
});
afterAll(() => harness.close());

const path = (environment: { id: string }, rest = '') => `/v1/environments/${environment.id}${rest}`;
const codeOf = (answer: { status: number; body: Record<string, unknown> }) => [answer.status, answer.body['code']];

describe('creating', () => {
  it('makes an environment with a ready database', async () => {
    const body = {
      slug: 'dev',
      envType: 'development',
      displayName: 'Dev',
      hostname: 'Dev.Example.COM.',
      visibility: 'public',
      metadata: { team: ['a', { b: null }] },
    };
    const answer = await harness.call<EnvironmentView>('POST', '/v1/organizations/acme/environments', { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(path(answer.body));
    expect(answer.body).toMatchObject({
      ...body,
      hostname: 'dev.example.com',
      status: 'active',
      isDefault: false,
      createdBy: 'platform',
    });
    expect(answer.headers.get('server-timing')).toMatch(
      /^authenticate;dur=\S+, query;dur=\S+, (encryptor;dur=\S+, )?operation;dur=\S+, total;dur=\S+$/,
    );
    expect((await harness.call('GET', path(answer.body))).body).toEqual(answer.body);
  });

  it('refuses a second one of a slug, of a hostname, of a default', async () => {
    const create = (body: object) =>
      harness.call('POST', '/v1/organizations/acme/environments', { body: { envType: 'test', ...body } });
    expect(codeOf(await create({ slug: 'dev' }))).toEqual([409, 'slug_taken']);
    expect(codeOf(await create({ slug: 'other', hostname: 'dev.example.com' }))).toEqual([409, 'hostname_taken']);
    expect(codeOf(await create({ slug: 'other', isDefault: true }))).toEqual([409, 'default_taken']);
    expect(codeOf(await create({ slug: 'other', driver: 'turso' }))).toEqual([422, 'driver_not_configured']);
    expect(codeOf(await create({ slug: 'other', placement: 'x' }))).toEqual([422, 'validation_failed']);
  });

  it('says why an operation failed, and goes on when it is retried', async () => {
    harness.guarded.beforeCreate = () => Promise.reject(new AdapterError('quota_exceeded', 'no more'));
    const failed = await harness.call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'stuck', envType: 'test', driver: 'guarded' },
    });
    expect(codeOf(failed)).toEqual([409, 'operation_failed']);
    const operationId = String(failed.body['operationId']);
    const { body: operation } = await harness.call<OperationView>('GET', `/v1/operations/${operationId}`);
    expect(operation).toMatchObject({
      status: 'failed',
      done: true,
      error: { code: 'quota_exceeded', detail: failed.body['detail'] },
    });

    const { body: page } = await harness.call<{ items: EnvironmentView[] }>(
      'GET',
      '/v1/organizations/acme/environments?status=failed',
    );
    expect(page.items.map(({ slug }) => slug)).toEqual(['stuck']);
    const [environment] = page.items as [EnvironmentView];
    harness.guarded.beforeCreate = async () => {};
    const retried = await harness.call('POST', path(environment, '/retry'));
    expect([retried.status, retried.body['status']]).toEqual([200, 'active']);
    expect(retried.headers.get('operation-id')).toBe(operationId);
    expect(codeOf(await harness.call('POST', path(environment, '/retry')))).toEqual([409, 'invalid_state']);
  });
});

describe('upsert', () => {
  const put = (body: object) =>
    harness.call<EnvironmentView>('PUT', '/v1/organizations/acme/environments/declared', { body });

  it('creates, changes nothing, changes', async () => {
    const created = await put({ envType: 'test', displayName: 'Declared' });
    expect(created.status).toBe(201);
    const same = await put({ envType: 'test', displayName: 'Declared' });
    expect([same.status, same.body]).toEqual([200, created.body]);
    const changed = await put({ envType: 'test', displayName: 'Renamed', storageLimitMb: 9 });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      id: created.body.id,
      displayName: 'Renamed',
      database: { storageLimitMb: 9 },
    });
  });

  it('refuses to change what is fixed', async () => {
    const answer = await harness.call<{ code: string; errors: { pointer: string }[] }>(
      'PUT',
      '/v1/organizations/acme/environments/declared',
      {
        body: { envType: 'production', driver: 'guarded' },
      },
    );
    expect(answer.body.code).toBe('unsupported');
    expect(answer.body.errors.map(({ pointer }) => pointer)).toEqual(['/envType', '/driver']);
  });

  it('refuses a malformed slug as part of the path', async () => {
    const answer = await harness.call<{ errors: object[] }>(
      'PUT',
      '/v1/organizations/acme/environments/Not%20A%20Slug',
      { body: { envType: 'test' } },
    );
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ in: 'path', pointer: '/slug' }]);
  });
});

describe('life', () => {
  let environment: EnvironmentView;
  beforeAll(async () => {
    environment = await harness.environment('acme', 'life');
  });

  it('suspends and resumes', async () => {
    const suspended = await harness.call('POST', path(environment, '/suspend'));
    expect([suspended.status, suspended.body['status']]).toEqual([200, 'suspended']);
    expect(codeOf(await harness.call('POST', path(environment, '/connection')))).toEqual([409, 'invalid_state']);
    const resumed = await harness.call('POST', path(environment, '/resume'));
    expect([resumed.status, resumed.body['status']]).toEqual([200, 'active']);
  });

  it('takes the default over from another', async () => {
    const answer = await harness.call('POST', path(environment, '/set-default'));
    expect([answer.status, answer.body['isDefault']]).toEqual([200, true]);
    const { body } = await harness.call<{ items: EnvironmentView[] }>('GET', '/v1/organizations/acme/environments');
    expect(body.items.filter(({ isDefault }) => isDefault).map(({ slug }) => slug)).toEqual(['life']);
    expect((await harness.call('GET', '/v1/organizations/acme')).body['defaultEnvironmentId']).toBe(environment.id);
    const refused = await harness.call('POST', path(environment, '/purge'), { body: { confirm: 'life' } });
    expect(codeOf(refused)).toEqual([409, 'is_default']);
  });

  it('archives and restores, unless protected', async () => {
    await harness.call('PATCH', path(environment), { body: { deletionProtection: true } });
    expect(codeOf(await harness.call('POST', path(environment, '/archive')))).toEqual([409, 'deletion_protected']);
    await harness.call('PATCH', path(environment), { body: { deletionProtection: false } });
    const archived = await harness.call('POST', path(environment, '/archive'));
    expect([archived.status, archived.body['status']]).toEqual([200, 'archived']);
    const restored = await harness.call('POST', path(environment, '/restore'));
    expect([restored.status, restored.body['status']]).toEqual([200, 'active']);
  });

  it('renames without touching id or database', async () => {
    const { body } = await harness.call<EnvironmentView>('PATCH', path(environment), {
      body: { slug: 'renamed', metadata: { a: 1 } },
    });
    expect(body).toMatchObject({ id: environment.id, slug: 'renamed', metadata: { a: 1 } });
    expect(body.database.databaseName).toBe(environment.database.databaseName);
    expect(codeOf(await harness.call('PATCH', path(environment), { body: { slug: 'dev' } }))).toEqual([
      409,
      'slug_taken',
    ]);
  });

  it('copies', async () => {
    const answer = await harness.call<EnvironmentView>('POST', path(environment, '/copy'), {
      body: { slug: 'copied', envType: 'sandbox' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(path(answer.body));
    expect(answer.body).toMatchObject({ slug: 'copied', status: 'active', envType: 'sandbox' });
    const refused = await harness.call('POST', path(environment, '/copy'), {
      body: { slug: 'elsewhere', envType: 'sandbox', driver: 'guarded' },
    });
    expect(refused.status).toBe(422);
  });

  it('looks at the database', async () => {
    const { body } = await harness.call<EnvironmentDatabaseDetailView>('GET', path(environment, '/database'));
    expect(body).toMatchObject({ environmentId: environment.id, health: 'ok', driver: 'sqlite' });
    expect(body.sizeBytes).toBeGreaterThan(0);
    expect(body.overLimit).toBe(false);
  });

  it('says that a database is larger than its limit', async () => {
    const made = await harness.environment('acme', 'large');
    await harness.call('PATCH', path(made), { body: { storageLimitMb: 1 } });
    const database = await harness.controlPlane.service.connect(made.id);
    await database.exec('create table blob (bytes blob)');
    const looked = async () =>
      (await harness.call<EnvironmentDatabaseDetailView>('GET', path(made, '/database'))).body.overLimit;
    await database.exec('insert into blob values (zeroblob(500000))');
    expect(await looked()).toBe(false);
    await database.exec('insert into blob values (zeroblob(1100000))');
    expect(await looked()).toBe(true);
  });

  it('sec S27 an adapter that gives no answer is reported, and its text stays inside', async () => {
    const made = await harness.environment('acme', 'mute', 'guarded');
    harness.guarded.beforeFind = () =>
      Promise.reject(new AdapterError('unavailable', `${CANARY}text`, { retryAfterMs: 2_500 }));
    const answer = await harness.call('GET', path(made, '/database'));
    harness.guarded.beforeFind = async () => {};
    const { health, sizeBytes, overLimit } = answer.body;
    expect([answer.status, health, sizeBytes, overLimit]).toEqual([200, 'unreachable', null, null]);
    expect(answer.text).not.toContain(CANARY);
    expect((await harness.call('GET', path(made, '/database'))).body['health']).toBe('ok');
  });

  it('sec S31 is purged with its slug only, and answers the same receipt again', async () => {
    const copy = await harness.environment('acme', 'short-lived');
    expect(codeOf(await harness.call('POST', path(copy, '/purge'), { body: { confirm: 'short' } }))).toEqual([
      422,
      'confirmation_mismatch',
    ]);
    expect((await harness.call('GET', path(copy))).body).toEqual(copy);
    const purged = await harness.call('POST', path(copy, '/purge'), { body: { confirm: 'short-lived' } });
    expect(purged.status).toBe(200);
    expect(purged.body).toMatchObject({ environmentId: copy.id });
    const again = await harness.call('POST', path(copy, '/purge'), { body: { confirm: 'short-lived' } });
    expect([again.status, again.body]).toEqual([200, purged.body]);
    expect(codeOf(await harness.call('POST', path(copy, '/purge'), { body: { confirm: 'other' } }))).toEqual([
      422,
      'confirmation_mismatch',
    ]);
    expect((await harness.call('GET', path(copy))).status).toBe(404);
  });

  it('follows a purge that is under way already', async () => {
    const made = await harness.environment('acme', 'purged-thrice');
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        harness.call('POST', path(made, '/purge'), { body: { confirm: 'purged-thrice' } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe('one operation at a time', () => {
  it('cap HT4 the second is 423 with the place of the first, and may be repeated', async () => {
    const release = harness.hold();
    const accepted = await harness.call<OperationView>('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'slow', envType: 'test', driver: 'guarded' },
      headers: { prefer: 'respond-async' },
    });
    expect(accepted.status).toBe(202);
    const slow = { id: accepted.body.target.id };
    const second = await harness.call('POST', path(slow, '/suspend'));
    expect(codeOf(second)).toEqual([423, 'operation_in_progress']);
    expect(second.headers.get('location')).toBe(`/v1/operations/${accepted.body.id}`);
    expect(second.headers.get('retry-after')).toBe('1');
    release();
    await harness.controlPlane.worker.settle();
    expect((await harness.call('POST', path(slow, '/suspend'))).status).toBe(200);
  });
});

describe('connecting', () => {
  it('sec S29 hands out the secret, uncached and audited', async () => {
    const environment = await harness.environment('acme', 'guarded', 'guarded');
    const answer = await harness.call<ConnectionView>('POST', path(environment, '/connection'), {
      body: { authorization: 'full_access' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ driver: 'guarded', user: 'tenant', credentialId: environment.credential?.id });
    expect(answer.body.secret).toMatch(new RegExp(`^${CANARY}[0-9a-f]{48}$`));
    expect(answer.body.url).not.toContain(CANARY);
    const events = await harness.call<{ items: { action: string; detail: object }[] }>(
      'GET',
      `/v1/audit-events?organizationId=${environment.organizationId}&environmentId=${environment.id}&action=connection.opened`,
    );
    expect(events.body.items).toHaveLength(1);
    expect(events.text).not.toContain(CANARY);
  });

  it('says honestly that SQLite files have no secret', async () => {
    const environment = await harness.environment('acme', 'files');
    const { body } = await harness.call<ConnectionView>('POST', path(environment, '/connection'));
    expect(body).toMatchObject({ driver: 'sqlite', user: null, secret: null, namespace: null, expiresAt: null });
    const readOnly = await harness.call('POST', path(environment, '/connection'), {
      body: { authorization: 'read_only' },
    });
    expect(codeOf(readOnly)).toEqual([422, 'unsupported']);
  });
});
