import type { EnvironmentView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from './conformance.ts';
import type { Answer } from './harness.ts';
import { type Invalid, type Mutation, mutations, openScene, type Scene, VALID_BODIES } from './mutations.ts';

let harness: Scene['harness'];
let organization: Scene['organization'];
let environment: Scene['environment'];
let send: Scene['send'];
beforeAll(async () => {
  ({ harness, organization, environment, send } = await openScene());
});
afterAll(() => harness.close());

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
