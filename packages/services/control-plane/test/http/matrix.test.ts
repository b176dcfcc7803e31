import { covers, definePermissions, expandRole, type Held, type RoleName, scopeOf, unite } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../src/http/app.ts';
import type { Route } from '../../src/http/contract/route.ts';
import { problemOf } from './conformance.ts';
import { type Harness, TOKEN } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

/**
 * Every route against every kind of caller. What is expected is computed from the declaration of the route and the roles of the
 * caller, never from the service; a new route is in it by being in the contract.
 */
const catalogue = definePermissions();
const routes = Object.values(contract).flatMap((group) => Object.values(group)) as Route[];

/** Roles of a caller: on the platform, in the organization `acme`, and in its environment `dev`. */
interface Caller {
  name: string;
  token: () => string | null;
  roles?: RoleName[];
  /** A service account of `acme`. */
  isMachineOfAcme?: true;
  /** The answer to a credential that is none. */
  refused?: 'unauthenticated' | 'invalid_token';
}

const keys: Record<string, string> = {};
const users: Record<string, RoleName[]> = {
  stranger: [],
  'removed member': [],
  'owner of another organization': [],
  'owner of another environment': [],
  'organization owner': ['org:owner'],
  'organization admin': ['org:admin'],
  'organization member': ['org:member'],
  'environment owner': ['env:owner'],
  'environment admin': ['env:admin'],
  'environment maker': ['env:maker'],
  'environment reader': ['env:reader'],
  'environment guest': ['env:guest'],
  'member and reader': ['org:member', 'env:reader'],
  administrator: ['platform:administrator'],
  operator: ['platform:operator'],
  auditor: ['platform:auditor'],
  gateway: ['platform:gateway'],
};
/** Two of a kind, one after the other: of a single key so many are refused that the last would be told to wait. */
function inTurn(kind: string): () => string {
  let turn = 0;
  return () => {
    turn += 1;
    return keys[`${kind}-${turn % 2}`] ?? '';
  };
}

const callers: Caller[] = [
  { name: 'nobody', token: () => null, refused: 'unauthenticated' },
  { name: 'bad token', token: () => 'wrong', refused: 'invalid_token' },
  { name: 'expired key', token: inTurn('expired'), refused: 'invalid_token' },
  { name: 'revoked key', token: inTurn('revoked'), refused: 'invalid_token' },
  { name: 'platform token', token: () => TOKEN, roles: ['platform:administrator'] },
  { name: 'machine', token: () => keys['bare'] ?? '', roles: [], isMachineOfAcme: true },
  { name: 'machine that makes', token: () => keys['maker'] ?? '', roles: ['env:maker'], isMachineOfAcme: true },
  { name: 'machine that administers', token: () => keys['admin'] ?? '', roles: ['org:admin'], isMachineOfAcme: true },
  { name: 'gateway machine', token: () => keys['gateway'] ?? '', roles: ['platform:gateway'] },
  ...Object.entries(users).map(([name, roles]) => ({ name, token: () => tokenOf(name), roles })),
];

const DAY_MS = 24 * 3_600_000;
let elapsedMs = 0;
let harness: Harness;
let ids: Record<string, string>;

beforeAll(async () => {
  harness = await startWithPeople({ metricsArePublic: false }, () => Date.now() + elapsedMs);
  const post = async (path: string, body: object) =>
    (await harness.call('POST', path, { body })).body as Record<string, string>;
  await harness.organization('acme');
  await harness.organization('globex');
  const { id: env } = await harness.environment('acme', 'dev');
  const { id: other } = await harness.environment('acme', 'other');
  const { body } = await harness.call<{ items: { id: string }[] }>('GET', `/v1/operations?environmentId=${env}`);
  for (const [userId, roles] of Object.entries(users)) {
    for (const name of roles) {
      const [scope, role] = name.split(':');
      if (scope === 'org') await post('/v1/organizations/acme/members', { userId, role });
      if (scope === 'env') await post(`/v1/environments/${env}/members`, { userId, role });
      if (scope === 'platform') await post('/v1/platform-grants', { granteeType: 'user', granteeId: userId, role });
    }
  }
  await post('/v1/organizations/globex/members', { userId: 'owner of another organization', role: 'owner' });
  await post(`/v1/environments/${other}/members`, { userId: 'owner of another environment', role: 'owner' });
  for (const place of ['/v1/organizations/acme', `/v1/environments/${env}`]) {
    await post(`${place}/members`, { userId: 'removed member', role: 'admin' });
    await harness.call('DELETE', `${place}/members/removed%20member`);
  }
  const machine = async (name: string, path: string, more = {}, key = {}) => {
    const { id = '' } = await post(path, { name, ...more });
    const made = await post(`/v1/service-accounts/${id}/keys`, key);
    keys[name] = made['key'] ?? '';
    return { id, keyId: made['keyId'] ?? '' };
  };
  const ofAcme = '/v1/organizations/acme/service-accounts';
  const { id: account, keyId: key } = await machine('bare', ofAcme);
  const { id: maker } = await machine('maker', ofAcme);
  const { id: grant = '' } = await post(`/v1/environments/${env}/grants`, { serviceAccountId: maker, role: 'maker' });
  await machine('admin', ofAcme, { organizationRole: 'admin' });
  const { id: gateway } = await machine('gateway', '/v1/service-accounts');
  await post('/v1/platform-grants', { granteeType: 'service', granteeId: gateway, role: 'gateway' });
  for (const number of [0, 1]) {
    const revoked = await machine(`revoked-${number}`, ofAcme, { organizationRole: 'admin' });
    await harness.call('DELETE', `/v1/service-accounts/${revoked.id}/keys/${revoked.keyId}`);
    await machine(`expired-${number}`, ofAcme, { organizationRole: 'admin' }, { expiresInDays: 1 });
  }
  elapsedMs = 2 * DAY_MS;
  ids = {
    org: 'acme',
    env,
    id: body.items[0]?.id ?? '',
    account,
    key,
    grant,
    user: 'somebody',
    placement: 'sqlite',
    slug: 'dev',
    asset: 'x',
    pkg: 'crm',
    branch: 'main',
    kid: 'x',
  };
});
afterAll(() => harness.close());

/** What the path of a route names, if it is something of `acme`. */
const isInAcme = (route: Route): boolean => /\{(env|org|account)\}|\/operations\/\{id\}/.test(route.path);
const isInDev = (route: Route): boolean => /\{env\}|\/operations\/\{id\}/.test(route.path);

/** Status and, of a refusal, the code; null when the request is let in. */
function expected(
  route: Route,
  { roles = [], isMachineOfAcme, refused }: Caller,
): [number, string, (string | undefined)?] | null {
  const { permission } = route['x-envplane'];
  if (permission === 'public') return null;
  if (refused) return [401, refused];
  if (permission === 'self') return null;
  // A role in the environment counts for what is in it alone.
  const counted = roles.filter((role) => isInDev(route) || !role.startsWith('env:'));
  const held: Held = unite(...counted.map((role) => expandRole(role, catalogue)));
  const isInside =
    counted.some((role) => /^(org|env):/.test(role)) ||
    isMachineOfAcme ||
    covers(held.platform, 'platform:organizations.read');
  if (isInAcme(route) && !isInside) return [404, 'not_found'];
  const permissions = [permission].flat();
  if (permissions.some((each) => covers(held[scopeOf(each)], each))) return null;
  return [403, 'permission_denied', permissions[0]];
}

describe.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    it.each(callers)('sec S1 for $name', async (caller) => {
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => ids[name] ?? `no ${name}`);
      const isRead = route.method === 'get';
      // Nothing of it is valid, so that nothing happens when it is let in.
      const answer = await harness.call(route.method.toUpperCase(), `${path}?unknown=1`, {
        token: caller.token(),
        ...(!isRead && { body: '{broken' }),
      });
      const refusal = expected(route, caller);
      if (refusal) {
        const [status, code, missing] = refusal;
        expect(problemOf(answer.body)).toMatchObject({ status, code, ...(missing && { missing: [missing] }) });
        expect(answer.status).toBe(status);
      } else {
        expect([400, 415, 422], answer.text).toContain(answer.status);
      }
    });
  },
);

/** Where the official client names an organization beside the path, it is let in where our own clients are. */
describe.each([
  ['lists', contract.environments.list, 'GET', '?organizationId=acme&cursor=broken', undefined, 400],
  [
    'creates in',
    contract.environments.create,
    'POST',
    '',
    { organization_id: 'acme', display_name: 'No', driver: 'oracle' },
    422,
  ],
] as const)('the official client %s an organization', (_name, route, method, query, body, letIn) => {
  it.each(callers)('sec S1 for $name', async (caller) => {
    const answer = await harness.call(method, `/api/v1/cloud/environments${query}`, { token: caller.token(), body });
    const [status, code, missing] = expected(route, caller) ?? [letIn];
    expect(answer.status).toBe(status);
    if (code) expect(problemOf(answer.body)).toMatchObject({ status, code, ...(missing && { missing: [missing] }) });
  });
});

it('the matrix is of every route there is', () => {
  const mounted = harness.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(':', '')}`);
  const described = routes.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/[{}]/g, '')}`);
  expect(described.sort()).toEqual([...new Set(mounted)].sort());
});
