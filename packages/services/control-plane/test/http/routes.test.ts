import { readFileSync } from 'node:fs';
import { definePermissions } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOpenApiDocument, contract, createApp } from '../../src/http/app.ts';
import { isCloud } from '../../src/http/cloud/wire.ts';
import type { Route } from '../../src/http/contract/route.ts';
import { document } from './conformance.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const routes: Route[] = Object.values(contract).flatMap((resource) => Object.values(resource));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);

it('paths fit the router that compiles them into one expression: the other one is several times as slow', async () => {
  await harness.app.request('/livez');
  expect(harness.app.router.name).toBe('SmartRouter + RegExpRouter');
});

it('where a path has a word of its own and another one a parameter, nothing but the word is taken for it', async () => {
  const signing = async () => (await harness.call('GET', '/v1/signing-keys')).body;
  const before = await signing();
  for (const path of ['/v1/signing-keys/rotat', `/v1/environments/${crypto.randomUUID()}/credentials/rotates`]) {
    expect(await harness.call('POST', path)).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
  }
  expect(await signing()).toEqual(before);
});

describe('the document', () => {
  it('cap HT1 holds every route that is mounted, and no other', () => {
    const mounted = harness.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(':', '')}`);
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/[{}]/g, '')}`);
    expect(documented.length).toBeGreaterThan(30);
    expect([...new Set(mounted)].sort()).toEqual(documented.sort());
  });

  it('cap HT1 is committed as it is built', () => {
    const committed = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(`${JSON.stringify(buildOpenApiDocument(), null, 2)}\n`);
  });

  it('cap HT1 refers to nothing that is not in it', () => {
    const text = JSON.stringify(document);
    const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(referred.length).toBeGreaterThan(20);
    expect(referred.filter((name) => !((name as string) in document.components.schemas))).toEqual([]);
  });

  it('names each operation and describes each field once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const undescribed = operations.flatMap(({ operation }) =>
      (operation.parameters ?? [])
        .filter((parameter) => !('description' in { ...parameter.schema, ...parameter }))
        .map(({ name }) => `${operation.operationId} ${name}`),
    );
    expect(undescribed).toEqual([]);
  });

  it('cap HT2 lists the problems of every route, 401 and 403 wherever a credential is needed', () => {
    for (const { operation } of operations) {
      const { permission } = operation['x-envplane'];
      const statuses = Object.keys(operation.responses);
      expect(statuses.includes('401') && statuses.includes('403')).toBe(permission !== 'public');
    }
  });

  it('cap HT3 promises 202 and Prefer for what is long, Idempotency-Key for what changes', () => {
    // The official client knows neither header, and waits.
    for (const { method, operation } of operations.filter(({ path }) => !isCloud(path))) {
      const headers = (operation.parameters ?? []).filter((each) => each.in === 'header').map(({ name }) => name);
      expect('202' in operation.responses).toBe(operation['x-envplane'].long);
      expect(headers.includes('prefer')).toBe(operation['x-envplane'].long);
      const changes =
        method !== 'get' &&
        ![
          ...['environments.connect', 'auditEvents.verify', 'placements.check', 'tokens.issue', 'tokens.exchange'],
          // They look, or end what is ended by then; a database that is gone is not there to be removed again.
          ...['inventory.check', 'inventory.afterRestore', 'inventory.release', 'inventory.purge'],
          // Of the caller's own session, and the same however often it is asked for.
          'me.activateEnvironment',
        ].includes(operation.operationId);
      expect(headers.includes('idempotency-key')).toBe(changes);
    }
  });
});

describe('declarations', () => {
  it('sec S2 every route declares a permission of the catalogue, or that it is public', () => {
    const named = routes.flatMap((route) => [route['x-envplane'].permission].flat());
    expect(named.length).toBeGreaterThanOrEqual(routes.length);
    expect(named.filter((each) => each !== 'public' && each !== 'self' && !definePermissions().has(each))).toEqual([]);
  });

  it('sec S2 only the routes of the process itself, the key set, the token endpoint and public hostnames are public', () => {
    const open = routes.filter((route) => route['x-envplane'].permission === 'public').map(({ path }) => path);
    expect(open.sort()).toEqual([
      '/.well-known/jwks.json',
      // Of environments whose owners say that it is public.
      '/api/v1/cloud/resolve-hostname',
      '/docs',
      '/docs/{asset}',
      '/livez',
      '/openapi.json',
      '/readyz',
      '/v1/oauth/token',
      '/version',
    ]);
  });

  it.each([undefined, '', 'env:environment.reed', []])(
    'sec S2 nothing starts with a route that declares %j',
    (permission) => {
      const declaration = contract.environments.get['x-envplane'];
      const { permission: right } = declaration;
      Object.assign(declaration, { permission });
      try {
        const options = {
          ...harness,
          identity: [],
          logger: console,
          version: '',
          metricsArePublic: false,
          isDraining: () => false,
        };
        expect(() => createApp(options)).toThrow('/v1/environments/{env} declares no permission');
      } finally {
        declaration.permission = right;
      }
    },
  );

  it('sec S20 no route takes SQL', () => {
    expect(JSON.stringify(Object.keys(document.paths))).not.toMatch(/sql|query|exec/i);
    expect(JSON.stringify(operations.map(({ operation }) => operation.requestBody ?? null))).not.toMatch(
      /"(sql|statement|query)":/i,
    );
  });

  it('each command belongs to one route', () => {
    const commands = routes.map((route) => route['x-envplane'].command).filter((command) => command !== null);
    expect(new Set(commands).size).toBe(commands.length);
  });
});
