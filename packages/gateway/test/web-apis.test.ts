import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { type BuildResult, build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { importsOf, sourcesOf } from '../../../test/tree.ts';
import type * as gatewayModule from '../src/index.ts';
import { signingKey, TestControlPlane } from './control-plane.ts';
import { routes } from './world.ts';

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** The gateway as a worker gets it: one file, with what its dependencies offer for workers. */
function bundle(): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'neutral',
    format: 'iife',
    globalName: 'gateway',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    alias: { '@envplane/spec': fileURLToPath(new URL('../../spec/src/index.ts', import.meta.url)) },
  });
}

/** What a worker has beside the language. */
const WEB_APIS = [
  'AbortController',
  'AbortSignal',
  'Headers',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'Uint8Array',
  'atob',
  'btoa',
  'clearTimeout',
  'crypto',
  'fetch',
  'performance',
  'setTimeout',
  'structuredClone',
] as const;

describe('the gateway runs on Web APIs alone', () => {
  it('its sources import nothing of Node.js and name none of its globals', () => {
    const sources = [...sourcesOf('packages/gateway')];
    const foreign = sources.flatMap(([path, code]) =>
      importsOf(code)
        .filter((name) => !/^(\.\/|@envplane\/spec$|hono$|hono\/|jose$|lru-cache$)/.test(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(sources.length).toBeGreaterThan(5);
    expect(foreign).toEqual([]);
    expect(sources.filter(([, code]) => /\b(Buffer|process|global|setImmediate|__dirname)\b[.(]/.test(code))).toEqual(
      [],
    );
  });

  it('nor do its dependencies, and it is small', async () => {
    const { metafile, outputFiles } = await bundle();
    const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(external).toEqual([]);
    const included = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(included.filter((path) => /node:|\/zod\//.test(path))).toEqual([]);
    expect(outputFiles[0]?.contents.length).toBeLessThan(150_000);
  });

  it('a context that has nothing else verifies, refuses and forwards', async () => {
    const { outputFiles } = await bundle();
    const plane = new TestControlPlane({ ms: Date.now() });
    plane.published = [await signingKey('key-1', 'ES256')];
    await plane.up();
    const context = createContext(Object.fromEntries(WEB_APIS.map((name) => [name, globalThis[name]])));
    runInContext(`${outputFiles[0]?.text}\n;globalThis.gateway = gateway;`, context);
    expect(runInContext('typeof process + typeof Buffer + typeof require', context)).toBe(
      'undefinedundefinedundefined',
    );
    const { createGateway, epochsAt, keySetAt } = context['gateway'] as typeof gatewayModule;
    const gateway = createGateway({
      issuer: plane.issuer,
      jwks: keySetAt(`${plane.url}/.well-known/jwks.json`),
      epochs: epochsAt(`${plane.url}/v1/token-epochs`, plane.token),
      routes,
    });
    const answer = async (authorization: string) => {
      const request = new Request('https://app.test/blog/posts', { headers: { authorization } });
      const response = await gateway.handle(request, ({ headers }) => new Response(headers.get('x-user-id')));
      return `${response.status} ${response.ok ? await response.text() : ''}`.trim();
    };
    const bearer = `Bearer ${await plane.mint()}`;
    expect(await answer(bearer)).toBe('503');
    await gateway.start();
    expect(await answer(bearer)).toBe('200 ada');
    expect(await answer(`${bearer.slice(0, -9)}AAAAAAAA`)).toBe('401');
    expect(await answer(`Bearer ${await plane.mint({ permissions: [] })}`)).toBe('403');
    gateway.stop();
    await plane.down();
  });
});
