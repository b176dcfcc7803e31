import dns from 'node:dns';
import net from 'node:net';
import type { EnvironmentView, OrganizationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { document, type OperationDocument, problemOf } from './conformance.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';

let harness: Harness;
let organization: OrganizationView;
let environment: EnvironmentView;
beforeAll(async () => {
  harness = await startHarness();
  organization = await harness.organization('acme');
  environment = await harness.environment('acme', 'dev');
});
afterAll(() => harness.close());

interface Invalid extends Record<string, unknown> {
  code: string;
  errors: { in: string; pointer: string; detail: string }[];
}

/** A body that each route would accept. */
const VALID_BODIES: Record<string, Record<string, unknown>> = {
  'me.activateEnvironment': { environmentId: null },
  'organizations.create': { slug: 'new', displayName: 'New', ownerUserId: 'ada' },
  'organizations.update': { displayName: 'New' },
  'organizations.purge': { confirm: 'acme' },
  'environments.create': { slug: 'new', envType: 'test' },
  'environments.upsert': { envType: 'test' },
  'environments.update': { displayName: 'New' },
  'environments.purge': { confirm: 'dev' },
  'environments.forget': { confirm: 'dev' },
  'environments.copy': { slug: 'new', envType: 'test' },
  'environments.connect': {},
  'environmentCredentials.rotate': {},
  'organizationMembers.add': { userId: 'new', role: 'member' },
  'organizationMembers.change': { role: 'member' },
  'organizationMembers.transfer': { newOwnerUserId: 'new' },
  'environmentMembers.add': { userId: 'new', role: 'reader' },
  'environmentMembers.change': { role: 'reader' },
  'environmentMembers.transfer': { newOwnerUserId: 'new' },
  'serviceAccounts.createInOrganization': { name: 'new' },
  'serviceAccounts.create': { name: 'new' },
  'serviceAccounts.update': { name: 'new' },
  'serviceAccounts.createKey': {},
  'grants.add': { serviceAccountId: crypto.randomUUID(), role: 'reader' },
  'encryptionKeys.move': { to: 'local' },
  'platformGrants.add': { granteeType: 'user', granteeId: 'new', role: 'auditor' },
  'auditEvents.verify': {},
  'tokens.issue': {},
  'inventory.release': { accept: [] },
  'inventory.adopt': { organizationId: 'acme', slug: 'adopted' },
  'inventory.purge': { confirm: 'x' },
  'placements.create': { name: 'new', driver: 'sqlite' },
  'placements.update': { weight: 1 },
  'placements.rotateAdministrator': {},
  'cloudEnvironments.create': { organization_id: 'acme', display_name: 'New' },
  'cloudEnvironments.update': { display_name: 'New' },
  'cloudEnvironments.rotateCredential': {},
  'cloudEnvironments.updateHostname': { hostname: 'new.example.com' },
  'cloudEnvironments.changeHostname': { hostname: 'new.example.com' },
  'cloudEnvironments.changePlan': { plan: 'pro' },
  'cloudMembers.add': { user_id: 'new', role: 'reader' },
  'cloudMembers.change': { role: 'reader' },
  'cloudPackages.install': { packageId: 'new' },
  'cloudPackages.upgrade': {},
  'cloudArtifacts.renameBranch': { newName: 'new' },
};

interface Mutation {
  id: string;
  method: string;
  path: string;
  operation: OperationDocument;
}
const mutations: Mutation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    // The token endpoint takes a form and ignores what it does not know, as its standard asks (tokens.test.ts).
    .filter(([method]) => method !== 'get' && path !== '/v1/oauth/token')
    .map(([method, operation]) => ({ id: operation.operationId, method: method.toUpperCase(), path, operation })),
);
const target = ({ path }: Mutation) =>
  path
    .replace('{org}', organization.id)
    .replace('{env}', environment.id)
    .replace('{slug}', 'new')
    .replace('{user}', 'somebody')
    .replace('{account}', crypto.randomUUID())
    .replace('{grant}', crypto.randomUUID())
    .replace('{key}', '0123456789abcdef')
    .replace('{placement}', 'guarded')
    .replace('{pkg}', 'crm')
    .replace('{branch}', 'main')
    .replace('{kid}', 'A'.repeat(43))
    .replace('{id}', crypto.randomUUID());
const send = (mutation: Mutation, body: unknown): Promise<Answer<Invalid>> =>
  harness.call<Invalid>(mutation.method, target(mutation), { body });

const state = async () => {
  const paths = [
    `/v1/organizations/${organization.id}`,
    `/v1/environments/${environment.id}`,
    '/v1/organizations',
    '/v1/operations',
    '/v1/placements',
  ];
  return Promise.all(paths.map(async (path) => (await harness.call('GET', path)).text));
};

/** What nobody sets from outside: identity, place, phase, wish, epochs, creator, roles of the database. */
const INTERNAL_FIELDS = [
  'id',
  'organizationId',
  'organization_id',
  'environmentId',
  'createdBy',
  'created_by',
  'createdAt',
  'updatedAt',
  'version',
  'status',
  'phase',
  'desiredState',
  'desired_state',
  'generation',
  'observedGeneration',
  'fenceEpoch',
  'fence_epoch',
  'leaseOwner',
  'databaseUrl',
  'database_url',
  'databaseName',
  'database_name',
  'databaseId',
  'placementId',
  'placement_id',
  'externalUid',
  'encryptionKeyId',
  'secret',
  'secretCiphertext',
  'credential',
  'credentials',
  'database',
  'password',
  'user',
  'role',
  'owner',
  'isSystem',
  'is_system',
  'purgeAfter',
  'provisionedAt',
  'idempotencyKey',
  'principal',
  'actor',
  'requestId',
  'settings',
  'url',
  'path',
];

/** What is a field of one request all the same. */
const isFieldOf = ({ id }: Mutation, name: string): boolean =>
  (['auditEvents.verify', 'inventory.adopt'].includes(id) && name === 'organizationId') ||
  (id.startsWith('placements.') && name === 'settings') ||
  (id === 'cloudPackages.install' && name === 'settings') ||
  (id === 'cloudEnvironments.create' && name === 'organization_id');

describe('unknown fields', () => {
  it('knows a valid body for every route', () => {
    const withBody = mutations.filter(({ operation }) => operation.requestBody).map(({ id }) => id);
    expect(withBody.sort()).toEqual(Object.keys(VALID_BODIES).sort());
  });

  it.each(mutations)('sec S4 $id refuses each internal field and changes nothing', async (mutation) => {
    const valid = VALID_BODIES[mutation.id] ?? {};
    const before = await state();
    for (const field of INTERNAL_FIELDS.filter((name) => !isFieldOf(mutation, name))) {
      const answer = await send(mutation, { ...valid, [field]: field === 'version' ? 1 : 'x' });
      const { code, errors } = problemOf(answer.body);
      expect([field, answer.status, code]).toEqual([field, 422, 'validation_failed']);
      expect(errors).toMatchObject([{ in: 'body', pointer: `/${field}` }]);
    }
    expect(await state()).toEqual(before);
  });

  it('sec S4 the default environment of a new organization refuses them, too', async () => {
    for (const field of INTERNAL_FIELDS) {
      const answer = await harness.call<Invalid>('POST', '/v1/organizations', {
        body: { ...VALID_BODIES['organizations.create'], defaultEnvironment: { [field]: 'x' } },
      });
      expect(answer.body.errors).toMatchObject([{ pointer: `/defaultEnvironment/${field}` }]);
    }
  });

  it.each(mutations.filter(({ id }) => !(id in VALID_BODIES)))(
    'sec S4 $id takes an empty object or nothing',
    async (mutation) => {
      for (const body of ['[]', 'null', '1', '"x"', '{"x":1}']) expect((await send(mutation, body)).status).toBe(422);
    },
  );

  it('every wrong field is named at once', async () => {
    const { body } = await harness.call<Invalid>('POST', `/v1/organizations/acme/environments?x=1`, {
      body: { slug: 'A', envType: 'x', 'a/b~c': 1, storageLimitMb: 1.5 },
      headers: { 'idempotency-key': 'a b' },
    });
    expect(body.errors.map((error) => `${error.in} ${error.pointer}`).sort()).toEqual([
      'body /a~1b~0c',
      'body /envType',
      'body /slug',
      'body /storageLimitMb',
      'header /idempotency-key',
      'query /x',
    ]);
  });
});

describe('JSON', () => {
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    harness.call<Invalid>('POST', '/v1/organizations/acme/environments', { body, headers });

  it.each([
    '{',
    '{"slug"}',
    "{'slug':1}",
    '{"a":1,}',
    'NaN',
    '{"a":01}',
    '\u0000',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '[1',
    '//',
    'undefined',
  ])('sec S6 %j is 400', async (text) => {
    const answer = await post(text);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_request']);
  });

  it.each([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0x80]])(
    'sec S6 bytes that are not UTF-8 are 400: %o %o',
    async (...bytes) => {
      const [before = '', after = ''] = '{"slug":"bytes","envType":"test","displayName":"|"}'.split('|');
      const body = Buffer.concat([Buffer.from(before), Uint8Array.from(bytes), Buffer.from(after)]);
      const answer = await post(new Uint8Array(body));
      expect([answer.status, answer.body.code]).toEqual([400, 'malformed_request']);
    },
  );

  it.each([
    '{"slug":"a","slug":"b","envType":"test"}',
    '{"slug":"a","envType":"test","metadata":{"a":1,"a":2}}',
    '{"slug":"a","envType":"test","metadata":{"a":[{"b":1,"\\u0062":2}]}}',
    '{"slug":"a","sl\\u0075g":"b","envType":"test"}',
  ])('sec S5 a repeated key is refused: %s', async (text) => {
    const answer = await post(text);
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_request']);
  });

  it.each([
    '{"__proto__":{"slug":"a"},"envType":"test"}',
    '{"slug":"a","envType":"test","metadata":{"__proto__":{"polluted":true}}}',
    '{"slug":"a","envType":"test","metadata":{"\\u005f_proto__":1}}',
  ])('sec S5 __proto__ is refused: %s', async (text) => {
    expect((await post(text)).status).toBe(400);
    expect('polluted' in {}).toBe(false);
  });

  it('sec S5 constructor and prototype are fields like any other', async () => {
    const refused = await post('{"slug":"a","envType":"test","constructor":{"prototype":{"polluted":true}}}');
    expect([refused.status, refused.body.errors[0]?.pointer]).toEqual([422, '/constructor']);
    const metadata = { constructor: { prototype: { polluted: true } }, toString: 1, hasOwnProperty: null };
    const { body } = await harness.call<EnvironmentView>('PATCH', `/v1/environments/${environment.id}`, {
      body: { metadata },
    });
    expect(body.metadata).toEqual(metadata);
    expect('polluted' in {}).toBe(false);
  });

  it('the same key in different objects and as a value is fine', async () => {
    const metadata = { a: { a: ['a', { a: '"a":1,"a":2' }] }, b: { a: 'a' }, '{': '}', '\\"': ',' };
    const { status, body } = await harness.call<EnvironmentView>('PATCH', `/v1/environments/${environment.id}`, {
      body: { metadata },
    });
    expect([status, body.metadata]).toEqual([200, metadata]);
  });

  it.each([
    ['arrays', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['objects', (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
  ])('sec S30 %s of more than 32 levels are refused', async (_kind, nested) => {
    const body = (depth: number) => `{"slug":"deep","envType":"test","metadata":{"a":${nested(depth)}}}`;
    const patch = (depth: number) =>
      harness.call('PATCH', `/v1/environments/${environment.id}`, { body: `{"metadata":{"a":${nested(depth)}}}` });
    expect((await patch(30)).status).toBe(200);
    expect((await patch(31)).status).toBe(422);
    expect((await post(body(9_000))).status).toBe(422);
  });

  it('sec S30 a body may have 64 KB', async () => {
    const exact = `{"metadata":{"a":"${'x'.repeat(65_536 - 21)}"}}`;
    expect(Buffer.byteLength(exact)).toBe(65_536);
    const patch = (text: string) => harness.call('PATCH', `/v1/environments/${environment.id}`, { body: text });
    expect((await patch(exact)).status).toBe(200);
    const answer = await patch(exact.replace('x', 'xx'));
    expect([answer.status, answer.body['code']]).toEqual([413, 'body_too_large']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonx',
    'application/json; charset=latin1',
    'x',
  ])('sec S6 %s is 415', async (type) => {
    const answer = await post('{"slug":"typed","envType":"test"}', { 'content-type': type });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('a compressed body is 415', async () => {
    expect((await post('{}', { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it('a body without a media type is 415, none with one is fine', async () => {
    const request = (body: string | null, headers: Record<string, string>) =>
      harness.app.request(`/v1/environments/${environment.id}/resume`, {
        method: 'POST',
        headers: { authorization: 'Bearer canary-token-of-the-platform-administrator', ...headers },
        ...(body !== null && { body: new TextEncoder().encode(body) }),
      });
    expect((await request('{}', {})).status).toBe(415);
    expect((await request(null, { 'content-type': 'application/json' })).status).toBe(200);
    expect((await request('', { 'content-type': 'text/html' })).status).toBe(200);
    expect((await request('{}', { 'content-type': 'Application/JSON; Charset="UTF-8"' })).status).toBe(200);
  });
});

describe('text', () => {
  const strings: [string, (value: string) => Promise<Answer<Invalid>>][] = [
    [
      'displayName',
      (value) => harness.call('PATCH', `/v1/environments/${environment.id}`, { body: { displayName: value } }),
    ],
    [
      'metadata',
      (value) => harness.call('PATCH', `/v1/environments/${environment.id}`, { body: { metadata: { a: [value] } } }),
    ],
    [
      'metadata key',
      (value) => harness.call('PATCH', `/v1/environments/${environment.id}`, { body: { metadata: { [value]: 1 } } }),
    ],
    [
      'ownerUserId',
      (value) =>
        harness.call('POST', '/v1/organizations', { body: { slug: 'text', displayName: 'x', ownerUserId: value } }),
    ],
    [
      'driver',
      (value) =>
        harness.call('POST', '/v1/organizations/acme/environments', {
          body: { slug: 'text', envType: 'test', driver: value },
        }),
    ],
    [
      'region',
      (value) =>
        harness.call('POST', '/v1/organizations/acme/environments', {
          body: { slug: 'text', envType: 'test', region: value },
        }),
    ],
    [
      'placement',
      (value) =>
        harness.call('POST', '/v1/organizations/acme/environments', {
          body: { slug: 'text', envType: 'test', placement: value },
        }),
    ],
  ];

  it.each(strings)('%s holds neither U+0000 nor a lone surrogate', async (_field, sendText) => {
    for (const value of ['a\u0000b', '\ud800', 'x\udfffy', '\udc00\ud800']) {
      const answer = await sendText(value);
      expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    }
  });

  it('everything else comes back as it was sent', async () => {
    for (const displayName of [
      "Robert'); drop table sys_environment;--",
      '😀',
      '\u202e',
      '<b>',
      '\n\r\t\u001b[31m',
      '$(id)',
      '%s%n',
      'ﷺ'.repeat(255),
    ]) {
      const { body } = await harness.call<EnvironmentView>('PATCH', `/v1/environments/${environment.id}`, {
        body: { displayName },
      });
      expect(body.displayName).toBe(displayName);
    }
  });
});

/** Addresses a server must not be talked into calling. */
const ADDRESSES = [
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:1/',
  'http://localhost:1',
  'http://[::1]:1/',
  'http://[::ffff:127.0.0.1]:1',
  'http://0:1',
  'http://2130706433:1/',
  'http://0x7f.1:1/',
  'http://017700000001:1',
  'https://metadata.google.internal',
  '//evil.example',
  'evil.example:443',
  'file:///etc/passwd',
  'file:/etc/passwd',
  '/etc/passwd',
  '../../etc/passwd',
  '..\\..\\windows',
  'C:\\windows',
  'sqlite:///etc/passwd',
  'file::memory:?cache=shared',
  'postgres://u:p@127.0.0.1:1/db',
  'postgresql:///db?host=/tmp',
  'libsql://evil.example',
  'ws://127.0.0.1:1',
  'gopher://127.0.0.1:1/_',
  'dict://127.0.0.1:1',
  'ftp://127.0.0.1:1',
  'ldap://127.0.0.1:1',
  'jar:http://127.0.0.1:1!/',
  'unix:///var/run/docker.sock',
  'data:text/plain,x',
  'javascript:alert(1)',
  'tcp://127.0.0.1:1',
  '127.0.0.1',
  '::1',
  '10.0.0.1:5432',
  'evil.example',
  'xn--80ak6aa92e.com',
  'http://user:pass@evil.example/',
  'http://evil.example#@good.example',
  'http://good.example@evil.example',
  'http:evil.example',
  'http:\\\\evil.example',
  'host=127.0.0.1 port=1',
  'Server=127.0.0.1',
  "'; attach database '/etc/passwd' as x; --",
  's3://bucket/key',
  'arn:aws:kms:us-east-1:1:key/x',
  'jndi:ldap://127.0.0.1:1/a',
  '%68ttp://127.0.0.1:1',
];

/** What people call themselves and things. */
const FREE_TEXT = [
  ...['displayName', 'ownerUserId', 'organizationId', 'userId', 'granteeId', 'newOwnerUserId'],
  ...['display_name', 'user_id'],
];

const SPELLINGS: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => ` ${address}`,
  encodeURIComponent,
];

describe('addresses', () => {
  it('sec S7 in any string of any request are refused or inert: nothing is called', async () => {
    const connected = vi.spyOn(net.Socket.prototype, 'connect');
    const resolved = vi.spyOn(dns, 'lookup');
    const unexpected: unknown[] = [];
    let sent = 0;
    for (const plain of ADDRESSES) {
      for (const mutation of mutations.filter(({ id }) => id in VALID_BODIES && !id.endsWith('.purge'))) {
        for (const field of stringFields(mutation)) {
          // Each field gets each address, and every spelling in turn.
          const address = SPELLINGS[sent++ % SPELLINGS.length]?.(plain) ?? plain;
          const answer = await send(mutation, {
            ...VALID_BODIES[mutation.id],
            slug: undefined,
            ...slugOf(mutation),
            [field]: address,
          });
          // The free text of people is kept and never interpreted.
          const isFreeText =
            FREE_TEXT.includes(field) ||
            (mutation.id.startsWith('serviceAccounts.') && field === 'name') ||
            (mutation.id === 'placements.update' && ['region', 'administrator'].includes(field));
          if (
            answer.status >= 500 ||
            (answer.status < 300 && !isFreeText && !(field === 'hostname' && /^[\w.-]+$/.test(address)))
          ) {
            unexpected.push([mutation.id, field, address, answer.status]);
          }
        }
      }
      for (const path of [
        `/v1/organizations/${encodeURIComponent(plain)}`,
        `/v1/audit-events?organizationId=${encodeURIComponent(plain)}`,
      ]) {
        const { status } = await harness.call('GET', path);
        if (![200, 404].includes(status)) unexpected.push([path, status]);
      }
    }
    expect(unexpected).toEqual([]);
    expect(connected).not.toHaveBeenCalled();
    expect(resolved).not.toHaveBeenCalled();
    connected.mockRestore();
    resolved.mockRestore();
  }, 180_000);

  const slugOf = ({ id }: Mutation) =>
    ['organizations.create', 'environments.create', 'environments.copy'].includes(id)
      ? { slug: `s-${Math.random().toString(36).slice(2)}` }
      : {};

  function stringFields({ operation }: Mutation): string[] {
    const reference = String(operation.requestBody?.content['application/json']?.schema['$ref']);
    const schema = document.components.schemas[reference.split('/').at(-1) ?? ''] as {
      properties: Record<string, object>;
    };
    return Object.entries(schema.properties)
      .filter(([name, each]) => name !== 'slug' && JSON.stringify(each).includes('"string"'))
      .map(([name]) => name);
  }
});
