import { expect, it } from 'vitest';
import { allSources, importsOf, packages, read, sourcesOf } from './tree.ts';

/** The floors of ARCHITECTURE.md: which workspace packages the sources of a package may import. */
const FLOORS: Record<string, readonly string[]> = {
  'packages/spec': [],
  'packages/adapters': ['@envplane/spec'],
  'packages/gateway': ['@envplane/spec'],
  'packages/testkit': ['@envplane/spec'],
  'packages/services/service-tenant': ['@envplane/spec'],
  'packages/services/control-plane': [
    '@envplane/spec',
    '@envplane/adapters',
    '@envplane/gateway',
    '@envplane/service-tenant',
  ],
};

const withSources = packages.filter((folder) => sourcesOf(folder).size > 0);
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The files whose code matches, of all sources that ship. */
const filesWith = (matches: (code: string) => boolean) =>
  [...allSources()].flatMap(([path, code]) => (matches(code) ? [path] : []));
const importersOf = (name: string) => filesWith((code) => importsOf(code).some((it) => packageOf(it) === name));

it.each(withSources)('imports point down only: %s', (folder) => {
  const allowed = FLOORS[folder] ?? [];
  const offences = [...sourcesOf(folder)].flatMap(([path, code]) =>
    importsOf(code)
      .filter((specifier) => specifier.startsWith('@envplane/') && !allowed.includes(packageOf(specifier)))
      .map((specifier) => `${path} imports ${specifier}`),
  );
  expect(offences).toEqual([]);
});

it.each(withSources)('no relative import leaves the sources: %s', (folder) => {
  const offences = [...sourcesOf(folder)].flatMap(([path, code]) => {
    const depth = path.split('/').length - folder.split('/').length - 2;
    const leaves = (specifier: string) => specifier.split('/').filter((part) => part === '..').length > depth;
    return importsOf(code).flatMap((specifier) => (leaves(specifier) ? [`${path} imports ${specifier}`] : []));
  });
  expect(offences).toEqual([]);
});

it('the lowest floor imports zod and nothing else', () => {
  const imports = [...sourcesOf('packages/spec').values()].flatMap(importsOf);
  expect([...new Set(imports.filter((specifier) => !specifier.startsWith('.')))]).toEqual(['zod']);
});

it('Biome refuses in the editor what the floors refuse here', () => {
  interface Override {
    includes: string[];
    linter: { rules: { style?: { noRestrictedImports?: { options: { patterns: { group: string[] }[] } } } } };
  }
  const { overrides }: { overrides: Override[] } = JSON.parse(read('biome.json'));
  const groups = overrides.flatMap(({ includes, linter }) => {
    const patterns = linter.rules.style?.noRestrictedImports?.options.patterns ?? [];
    return patterns.map(({ group }) => [includes[0]?.replace(/\/src\/\*\*$/, ''), group]);
  });
  const expected = Object.entries(FLOORS).map(([folder, allowed]) => [
    folder,
    folder === 'packages/spec'
      ? ['*', '!zod', '!.', '!..', '!./**', '!../**']
      : ['@envplane/**', ...allowed.flatMap((name) => [`!${name}`, `!${name}/**`])],
  ]);
  expect(Object.fromEntries(groups)).toEqual(Object.fromEntries(expected));
});

it('the environment is read in one file, and where the test kit keeps out of production', () => {
  const readers = filesWith((code) => /\bprocess\.env\b/.test(code));
  const allowed = ['packages/services/control-plane/src/config.ts', 'packages/testkit/src/development-only.ts'];
  expect(readers.filter((path) => !allowed.includes(path))).toEqual([]);
});

it.each([
  ['@clack/prompts', /^packages\/services\/control-plane\/src\/cli\/ui\.ts$/],
  ['pino', /^packages\/services\/control-plane\/src\/([\w-]+\/)*log\.ts$/],
])('%s has one importer', (name, home) => {
  expect(importersOf(name).filter((path) => !home.test(path))).toEqual([]);
});

it('the engine measures and traces through ports; OpenTelemetry is the service’s', () => {
  const importers = filesWith((code) => importsOf(code).some((it) => it.startsWith('@opentelemetry/')));
  expect(importers.length).toBeGreaterThan(0);
  expect(importers.filter((path) => !path.startsWith('packages/services/control-plane/src/'))).toEqual([]);
});

it('the AWS SDK is loaded when a KMS key is used, and by one file', () => {
  const importers = filesWith((code) => /@aws-sdk\//.test(code));
  expect(importers.filter((path) => !path.startsWith('packages/adapters/src/encryptors/aws-kms/'))).toEqual([]);
  const eager = filesWith((code) => /^import (?!type\b)[^;]*@aws-sdk\//m.test(code));
  expect([importers.length > 0, eager]).toEqual([true, []]);
});

it('sec S21 one module opens environment files, one opens the store, and they share one build of SQLite', () => {
  const homes = importersOf('better-sqlite3').map((path) => path.slice(0, path.lastIndexOf('/')));
  expect(homes.sort()).toEqual([
    'packages/adapters/src/databases/sqlite',
    'packages/services/service-tenant/src/store',
    // As an application opens its file, in tests.
    'packages/testkit/src',
  ]);
  const builds = read('pnpm-lock.yaml').matchAll(
    /^ {2}(?:better-sqlite3|sqlite3|sql\.js|libsql|node-sqlite3-wasm)@[\d.]+/gm,
  );
  expect(new Set([...builds].map(([line]) => line.trim())).size).toBe(1);
  expect(filesWith((code) => importsOf(code).includes('node:sqlite'))).toEqual([]);
});

it('sec S24 randomness comes from node:crypto; Math.random may only spread retries', () => {
  const weak = filesWith((code) => /\bMath\.random\b/.test(code));
  const spreads = ['packages/gateway/src/refreshed.ts', 'packages/services/service-tenant/src/provisioning/backoff.ts'];
  expect(weak.filter((path) => !spreads.includes(path))).toEqual([]);
  const others = filesWith((code) => /\bgetRandomValues\b|\bglobalThis\.crypto\b/.test(code));
  expect(others).toEqual([]);
});

it('sec S26 secrets are revealed by adapters, by sealing and where a connection or a new key is handed out', () => {
  const homes = [
    /^packages\/(spec|adapters|testkit)\/src\//,
    /^packages\/services\/service-tenant\/src\/secrets\//,
    /^packages\/services\/control-plane\/src\/http\/(connection|new-key)-view\.ts$/,
  ];
  const callers = filesWith((code) => /\.reveal\(\)/.test(code));
  expect(callers.filter((path) => !homes.some((home) => home.test(path)))).toEqual([]);
});
