import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { DatabaseTarget, Placement } from '@envplane/spec';
import type { DatabaseAdapterHarness } from '@envplane/testkit';
import { expect } from 'vitest';
import { sqliteAdapter } from '../src/databases/sqlite/index.ts';

export interface SqliteHarness extends DatabaseAdapterHarness {
  root: string;
  livePath(target: DatabaseTarget): string;
}

/** A SQLite placement in a fresh directory. */
export function sqliteHarness(): SqliteHarness {
  const root = mkdtempSync(join(tmpdir(), 'envplane-sqlite-'));
  const placement: Placement = {
    id: 'pl',
    name: 'local',
    driver: 'sqlite',
    region: 'local',
    settings: {},
    administrator: null,
  };
  const livePath = (target: DatabaseTarget) => join(root, target.organizationScope, `${target.databaseName}.db`);
  return {
    adapter: sqliteAdapter({ rootDirectory: root }),
    placement,
    installationId: 'tst234',
    root,
    livePath,
    async listObjects() {
      return entriesBelow(root);
    },
    async plantForeign(target) {
      mkdirSync(join(root, target.organizationScope), { mode: 0o700 });
      writeFileSync(livePath(target), 'the letters of somebody else');
      const before = entriesBelow(root);
      return async () => {
        expect(readFileSync(livePath(target), 'utf8')).toBe('the letters of somebody else');
        expect(entriesBelow(root)).toEqual(before);
      };
    },
    async close() {
      rmSync(root, { recursive: true });
    },
  };
}

/** Every path below a directory, directories included. */
export function entriesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** Every path below a directory with its permission bits. */
export function modesBelow(directory: string): Record<string, string> {
  return Object.fromEntries(
    entriesBelow(directory).map((path) => [path, (statSync(join(directory, path)).mode & 0o777).toString(8)]),
  );
}
