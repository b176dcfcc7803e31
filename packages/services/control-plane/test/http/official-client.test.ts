import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Caller } from '@envplane/service-tenant';
import { AdapterError, type EnvironmentView } from '@envplane/spec';
import { clientOfHost, installHost } from '@envplane/testkit/hosts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener, type Listener } from '../../src/listener.ts';
import { CANARY, type Harness, TOKEN } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

type Row = Record<string, unknown> & { id: string };
/** What a method answers, as far as it is looked into here. */
interface Data extends Record<string, unknown> {
  environment: Row;
  project: Row;
  environments: Row[];
  projects: Row[];
  credential: Row;
}

type Call = (...parameters: unknown[]) => Promise<Data>;
/** What is claimed of the client: every method it has. */
const METHODS = [
  'list',
  'get',
  'create',
  'update',
  'delete',
  'activate',
  'rotateCredential',
  'updateHostname',
  'updateVisibility',
  'listRevisions',
  'listBranches',
  'renameBranch',
  'deleteBranch',
  'retryProvisioning',
  'listDrivers',
] as const;
const PACKAGE_METHODS = ['list', 'get', 'install', 'enable', 'disable', 'uninstall', 'upgrade'] as const;
type Api = Record<(typeof METHODS)[number], Call> & {
  packages: Record<(typeof PACKAGE_METHODS)[number], Call>;
};
type Client = new (options: object) => { environments: Api; projects: Api };

/** The client as its versions have it: where its methods are, and under which name they look for a row. */
const VERSIONS = [
  { version: '17.4.0', namespace: 'environments', row: 'environment', rows: 'environments', unserved: [] },
  // There are no templates here, and the later clients ask for none.
  { version: '16.1.0', namespace: 'projects', row: 'project', rows: 'projects', unserved: ['listTemplates'] },
] as const;

const sqlite = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
const quiet = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]));

let harness: Harness;
let listener: Listener;
let baseUrl: string;
const clients = new Map<string, Client>();
/** Everything that a client was answered. */
const answers: string[] = [];

beforeAll(async () => {
  harness = await startWithPeople();
  listener = createListener(harness.app.fetch);
  baseUrl = await listener.listen('127.0.0.1', 0);
  for (const { version } of VERSIONS) {
    const { ObjectStackClient } = await import(clientOfHost(await installHost(version, sqlite)));
    clients.set(version, ObjectStackClient);
  }
}, 300_000);
afterAll(async () => {
  await listener.drain();
  await harness.close();
});

/** The verbs ask for themselves, whatever stands before them. */
const stranger: Caller = {
  principal: { kind: 'user', id: 'eve', issuer: 'https://idp.example', subject: 'eve' },
  ...{ requestId: null, clientAddress: null },
};

async function recorded(...request: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...request);
  answers.push(`${await answer.clone().text()}${JSON.stringify([...answer.headers])}`);
  return answer;
}

describe.each(VERSIONS)('client.$namespace of $version', ({ version, namespace, row, rows, unserved }) => {
  const organization = `org-${version.replaceAll('.', '-')}`;
  let organizationId: string;
  let api: Api;
  const as = (token: string): Api => {
    const Made = clients.get(version) as Client;
    return new Made({ baseUrl, token, fetch: recorded, logger: quiet })[namespace];
  };
  const create = async (request: object): Promise<Row> =>
    (await api.create({ organization_id: organizationId, ...request }))[row];
  const refusal = (code: string, httpStatus: number) => expect.objectContaining({ code, httpStatus });

  beforeAll(async () => {
    organizationId = (await harness.organization(organization)).id;
    api = as(tokenOf('ada'));
  });

  it('has no method that is not claimed, but those of which it is said', async () => {
    const { packages, ...methods } = api;
    expect(Object.keys(methods).sort()).toEqual([...METHODS, ...unserved].sort());
    expect(Object.keys(packages).sort()).toEqual([...PACKAGE_METHODS].sort());
    for (const name of unserved) {
      const call = (api as unknown as Record<string, Call>)[name];
      await expect(call?.()).rejects.toEqual(refusal('ROUTE_NOT_FOUND', 404));
    }
  });

  it('creates an environment with a database of its own, and names it after what people read', async () => {
    const made = await api.create({ organization_id: organizationId, display_name: 'Ünit Tests!', plan: 'free' });
    expect(made).toMatchObject({ warnings: [], durationMs: expect.any(Number) });
    expect(made.environment).toEqual(made.project);
    expect(made[row]).toMatchObject({
      ...{ organization_id: organizationId, slug: 'unit-tests', display_name: 'Ünit Tests!', env_type: 'development' },
      ...{ is_default: false, is_system: false, plan: 'free', status: 'active', visibility: 'private', hostname: null },
      ...{ console_url: null, api_base_url: null, database_driver: 'sqlite', created_by: 'ada', region: null },
    });
    const { id } = made[row];
    const database = await harness.controlPlane.service.connect(id);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);

    const second = await api.create({ organization_id: organization, display_name: 'Unit tests' });
    expect(second[row]).toMatchObject({ slug: 'unit-tests-2', organization_id: organizationId });
    expect(second['warnings']).toEqual(['The slug unit-tests is taken; it has unit-tests-2.']);
  });

  it('creates what it is told: slug, type, region, driver, limit, metadata; no slug of its own is changed', async () => {
    const asked = { slug: 'told', env_type: 'staging', driver: 'sqlite', storage_limit_mb: 64, region: 'local' };
    const made = await create({ display_name: 'Told', ...asked, metadata: { team: 'a' } });
    const { driver, ...columns } = asked;
    expect(made).toMatchObject({ ...columns, database_driver: driver, metadata: { team: 'a' } });
    await expect(create({ display_name: 'Told', slug: 'told' })).rejects.toEqual(refusal('SLUG_TAKEN', 409));
    await expect(create({ display_name: 'Old', project_type: 'test' })).resolves.toMatchObject({ env_type: 'test' });
    await expect(create({ display_name: 'No', is_system: true })).rejects.toEqual(refusal('VALIDATION_FAILED', 422));
    await expect(create({ display_name: 'No', driver: 'oracle' })).rejects.toEqual(
      refusal('DRIVER_NOT_CONFIGURED', 422),
    );
    await expect(create({ display_name: 'No', is_default: true })).rejects.toEqual(refusal('DEFAULT_TAKEN', 409));
    const elsewhere = api.create({ organization_id: 'nobody', display_name: 'No' });
    await expect(elsewhere).rejects.toEqual(refusal('NOT_FOUND', 404));
  });

  it('a copy has the rows of its source, and is like it', async () => {
    const source = await create({ display_name: 'Source', env_type: 'staging' });
    const database = await harness.controlPlane.service.connect(source.id);
    await database.query('create table t (x integer)');
    await database.query('insert into t values (7)');
    const clone = { clone_from_environment_id: source.id, metadata: { copied: true } };
    const copy = await create({ display_name: 'Copy', plan: 'free', ...clone });
    expect(copy).toMatchObject({ slug: 'copy', display_name: 'Copy', status: 'active', metadata: { copied: true } });
    const copied = await harness.controlPlane.service.connect(copy.id);
    expect(await copied.query('select x from t')).toEqual([{ x: 7 }]);
    for (const unlike of [{ region: 'elsewhere' }, { storage_limit_mb: 1 }, { plan: 'pro' }, { is_default: true }]) {
      await expect(create({ display_name: 'Other', ...clone, ...unlike })).rejects.toEqual(
        refusal('VALIDATION_FAILED', 422),
      );
    }
    // Of another organization, and unknown to the caller.
    await expect(
      as(tokenOf('eve')).create({ organization_id: organizationId, display_name: 'Stolen', ...clone }),
    ).rejects.toEqual(refusal('NOT_FOUND', 404));
  });

  it('lists what the caller may read, filtered, with a true total', async () => {
    const list = (filters?: object, client = api) => client.list(filters);
    const all = await list({ organization_id: organizationId });
    const found = all[rows];
    expect(all['total']).toBe(found.length);
    expect(all.environments).toEqual(all.projects);
    expect(all['nextCursor']).toBeNull();
    expect(found.map((each) => each['slug']).slice(0, 3)).toEqual(['prod', 'unit-tests', 'unit-tests-2']);
    const staging = (await list({ organization_id: organizationId, env_type: 'staging', status: 'active' }))[rows];
    expect(staging).toEqual(found.filter((each) => each['env_type'] === 'staging'));
    // Over all organizations, for those who belong to any.
    expect((await list())['total']).toBeGreaterThanOrEqual(found.length);
    expect(await list(undefined, as(tokenOf('eve')))).toMatchObject({ environments: [], projects: [], total: 0 });
    await expect(list({ organization_id: organizationId }, as(tokenOf('eve')))).rejects.toEqual(
      refusal('NOT_FOUND', 404),
    );
    await expect(list(undefined, as('wrong'))).rejects.toEqual(refusal('INVALID_TOKEN', 401));
  });

  it('shows one with its database, credential, membership and organization', async () => {
    const { id, database_url } = await create({ display_name: 'Shown', driver: 'guarded' });
    const shown = await api.get(id);
    expect(shown.environment).toEqual(shown.project);
    expect(shown).toMatchObject({
      [row]: { id, database_driver: 'guarded' },
      database: { driver: 'guarded', database_url, region: 'local', storage_limit_mb: 1024 },
      credential: { status: 'active', authorization: 'full_access', expires_at: null },
      membership: { environment_id: id, user_id: 'ada', role: 'owner' },
      organization: { id: organizationId, slug: organization, plan: 'free' },
    });
    expect(Object.keys(shown.credential)).not.toContain('secret_ciphertext');
    // Who is in the environment alone learns nothing about the organization; the platform is no member.
    await harness.call('POST', `/v1/environments/${id}/members`, { body: { userId: 'gus', role: 'reader' } });
    const guest = await as(tokenOf('gus')).get(id);
    expect([guest['membership'], guest['organization']]).toMatchObject([{ role: 'reader' }, undefined]);
    const platform = await as(TOKEN).get(id);
    expect([platform['membership'], platform['organization']]).toMatchObject([undefined, { id: organizationId }]);
    await expect(as(tokenOf('eve')).get(id)).rejects.toEqual(refusal('NOT_FOUND', 404));
    await expect(api.get('proj-123')).rejects.toEqual(refusal('NOT_FOUND', 404));
  });

  it('changes fields, visibility and hostname; a hostname is one environment’s', async () => {
    const { id } = await create({ display_name: 'Changed' });
    const patch = { display_name: 'Renamed', metadata: { provisioningError: { code: 'old' }, kept: 1 } };
    const { [row]: patched } = await api.update(id, patch);
    expect([patched['display_name'], patched['metadata']]).toEqual(['Renamed', { kept: 1 }]);
    expect((await api.get(id))[row]['metadata']).toEqual({ kept: 1 });
    const hostname = `app.${organization}.example.com`;
    const renamed = await api.updateHostname(id, hostname.toUpperCase());
    expect(renamed[row]).toMatchObject({
      ...{ hostname, console_url: `https://${hostname}/`, api_base_url: `https://${hostname}/api/v1` },
    });
    const { id: other } = await create({ display_name: 'Other' });
    await expect(api.updateHostname(other, hostname)).rejects.toEqual(refusal('HOSTNAME_TAKEN', 409));
    const assigned = await api.create({ organization_id: organizationId, display_name: 'Third', hostname });
    expect(assigned['hostnameAssignment']).toEqual({
      requestedHostname: hostname,
      assignedHostname: hostname.replace('app', 'app-2'),
    });

    const resolve = async () => {
      const answer = await fetch(`${baseUrl}/api/v1/cloud/resolve-hostname?host=${hostname}`);
      return [answer.status, ((await answer.json()) as { data?: object }).data];
    };
    expect(await resolve()).toEqual([404, undefined]);
    expect((await api.updateVisibility(id, 'public'))[row]).toMatchObject({ visibility: 'public' });
    expect(await resolve()).toEqual([200, { environmentId: id, hostname }]);
    await expect(api.updateVisibility(id, 'unlisted')).rejects.toEqual(refusal('VALIDATION_FAILED', 422));
  });

  it('a status is a verb, and what cannot become one is refused', async () => {
    const { id } = await create({ display_name: 'Stateful' });
    const to = async (status: string) => (await api.update(id, { status }))[row]['status'];
    expect([await to('active'), await to('suspended'), await to('suspended')]).toEqual([
      'active',
      'suspended',
      'suspended',
    ]);
    await expect(harness.controlPlane.service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
    expect([await to('active'), await to('archived'), await to('active')]).toEqual(['active', 'archived', 'active']);
    await expect(to('failed')).rejects.toEqual(refusal('VALIDATION_FAILED', 422));
    await expect(to('provisioning')).rejects.toEqual(refusal('VALIDATION_FAILED', 422));
    await expect(api.update(id, { database_url: 'file:/etc/passwd' })).rejects.toEqual(
      refusal('VALIDATION_FAILED', 422),
    );
    // Who lacks the right to one part of a change makes none of it.
    await harness.call('POST', `/v1/environments/${id}/members`, { body: { userId: 'max', role: 'admin' } });
    const partly = as(tokenOf('max')).update(id, { display_name: 'Taken over', is_default: true });
    await expect(partly).rejects.toEqual(refusal('PERMISSION_DENIED', 403));
    expect((await api.get(id))[row]).toMatchObject({ display_name: 'Stateful', status: 'active' });
  });

  it('the default is handed on, never given up', async () => {
    const { id } = await create({ display_name: 'Next default' });
    expect((await api.update(id, { is_default: true }))[row]).toMatchObject({ is_default: true });
    await expect(api.update(id, { is_default: false })).rejects.toEqual(refusal('VALIDATION_FAILED', 422));
    const all = (await api.list({ organization_id: organizationId }))[rows];
    expect(all.filter((each) => each['is_default']).map((each) => each.id)).toEqual([id]);
    await expect(api.delete(id)).rejects.toEqual(refusal('IS_DEFAULT', 409));
    expect(await api.delete(id, { force: true })).toMatchObject({ deleted: true, environmentId: id });
  });

  it('deleting archives, says until when, and never overrides protection', async () => {
    const { id } = await create({ display_name: 'Deleted' });
    await harness.call('PATCH', `/v1/environments/${id}`, { body: { deletionProtection: true } });
    await expect(api.delete(id, { force: true })).rejects.toEqual(refusal('DELETION_PROTECTED', 409));
    await harness.call('PATCH', `/v1/environments/${id}`, { body: { deletionProtection: false } });
    const deleted = await api.delete(id);
    const { body } = await harness.call<EnvironmentView>('GET', `/v1/environments/${id}`);
    expect(body).toMatchObject({ status: 'archived', purgeAfter: expect.stringMatching(/Z$/) });
    expect(deleted).toMatchObject({ deleted: true, environmentId: id, [row]: { status: 'archived' } });
    expect(deleted['warnings']).toEqual([expect.stringContaining(String(body.purgeAfter))]);
    await expect(harness.controlPlane.service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
  });

  it('what failed says why, and is tried again; what serves is not', async () => {
    harness.guarded.beforeCreate = async () => {
      throw new AdapterError('unauthorized', `The login is refused: ${CANARY}of-a-provider.`);
    };
    const made = await api.create({ organization_id: organizationId, display_name: 'Flaky', driver: 'guarded' });
    const { id } = made[row];
    expect(made[row]).toMatchObject({
      status: 'failed',
      metadata: { provisioningError: { code: 'unauthorized', message: expect.any(String) } },
    });
    expect(made['warnings']).toHaveLength(1);
    expect((await api.list({ status: 'failed' }))[rows]).toContainEqual(made[row]);
    const { environments } = harness.controlPlane.service.as(stranger);
    expect(await environments.failures([id])).toEqual(new Map());
    expect((await harness.controlPlane.service.environments.failures([id])).get(id)).toMatchObject({
      code: 'unauthorized',
    });
    await expect(environments.packages(id)).rejects.toMatchObject({ code: 'not_found' });
    harness.guarded.beforeCreate = async () => undefined;
    expect((await api.retryProvisioning(id))[row]).toMatchObject({ id, status: 'active', metadata: null });
    await expect(api.retryProvisioning(id)).rejects.toEqual(refusal('INVALID_STATE', 409));
  });

  it('replaces a credential, with a secret of its own making', async () => {
    const { id } = await create({ display_name: 'Rotated', driver: 'guarded' });
    const { credential: before } = await api.get(id);
    const rotated = await api.rotateCredential(id, `${CANARY}supplied`);
    expect(rotated.credential).toMatchObject({ status: 'active', authorization: 'full_access' });
    expect(rotated.credential.id).not.toBe(before.id);
    expect(rotated['warnings']).toEqual([expect.stringContaining('not used')]);
    const { id: file } = await create({ display_name: 'A file' });
    await expect(api.rotateCredential(file, '')).rejects.toEqual(refusal('UNSUPPORTED', 422));
  });

  it('without a session nothing is switched, and it says so', async () => {
    const { id } = await create({ display_name: 'Activated' });
    expect(await api.activate(id)).toMatchObject({
      ...{ [row]: { id }, sessionUpdated: false, warnings: [expect.stringContaining('session')] },
    });
    await expect(as(tokenOf('eve')).activate(id)).rejects.toEqual(refusal('NOT_FOUND', 404));
  });

  it('what belongs to other products is empty, or refused by name', async () => {
    const { id } = await create({ display_name: 'Alone' });
    if (version === '17.4.0') {
      const asked = { limit: 5, branch: 'main' };
      expect(await api.listRevisions(id, asked)).toEqual({ items: [], nextCursor: null, branch: 'main' });
      expect(await api.listBranches(id)).toEqual({ environmentId: id, branches: [] });
      await expect(api.renameBranch(id, 'main', 'next')).rejects.toEqual(refusal('BRANCH_NOT_FOUND', 404));
      await expect(api.deleteBranch(id, 'a/b')).rejects.toEqual(refusal('BRANCH_NOT_FOUND', 404));
    }
    expect((await api.listDrivers())?.['drivers']).toContainEqual({
      ...{ name: 'sqlite', driverId: 'com.envplane.driver.sqlite' },
    });
    const { packages } = api;
    const store = new Database(join(harness.directory, 'control-plane.db'));
    store
      .prepare('insert into sys_environment_package values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(`p-${version}`, `t-${version}`, id, 'crm', '1.2.0', 'disabled', 1_700_000_000_000, 'ada', '{"a":1}');
    store.close();
    const recordedPackage = { package_id: 'crm', version: '1.2.0', status: 'disabled', enabled: false };
    expect(await packages.list(id)).toMatchObject({ packages: [recordedPackage], total: 1 });
    expect(await packages.get(id, 'crm')).toMatchObject({ package: { ...recordedPackage, settings: { a: 1 } } });
    await expect(packages.get(id, 'none')).rejects.toEqual(refusal('NOT_FOUND', 404));
    const refused = refusal('PACKAGES_NOT_SUPPORTED', 422);
    await expect(packages.install(id, { packageId: 'erp' })).rejects.toEqual(refused);
    for (const method of ['enable', 'disable', 'uninstall', 'upgrade'] as const) {
      await expect(packages[method](id, 'crm')).rejects.toEqual(refused);
    }
    expect(await packages.list(id)).toMatchObject({ packages: [recordedPackage], total: 1 });
  });
});

it('sec S29 no answer held a secret, sealed or not', () => {
  const store = new Database(join(harness.directory, 'control-plane.db'), { readonly: true });
  const sealed = store.prepare(
    "select secret_ciphertext as text from sys_database_credential where secret_ciphertext <> ''",
  );
  const ciphertexts = sealed.all().map((each) => (each as { text: string }).text);
  store.close();
  expect(ciphertexts.length).toBeGreaterThan(3);
  expect(answers.length).toBeGreaterThan(100);
  const everything = answers.join('\n');
  expect(everything).not.toContain(CANARY);
  expect(everything).not.toContain('ciphertext');
  expect(ciphertexts.filter((text) => everything.includes(text))).toEqual([]);
});
