import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openFile, openMemory } from '../src/databases/sqlite/opener.ts';

const library = vi.hoisted(() => ({ beforeOpen: () => {} }));

vi.mock('better-sqlite3', async (original) => {
  const { default: Database } = await original<{ default: new (...args: unknown[]) => object }>();
  return {
    default: class extends Database {
      constructor(...args: unknown[]) {
        library.beforeOpen();
        super(...args);
      }
    },
  };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'envplane-opener-'));
});
afterEach(() => {
  library.beforeOpen = () => {};
  rmSync(directory, { recursive: true });
});

it('sec S19 a link that appears between the check and the open is not used', () => {
  const path = join(directory, 'ours.db');
  const victim = join(directory, 'victim.db');
  const memory = openMemory();
  for (const file of [path, victim]) writeFileSync(file, memory.serialize());
  memory.close();
  library.beforeOpen = () => {
    renameSync(path, `${path}.aside`);
    symlinkSync(victim, path);
  };
  expect(() => openFile(path, 'shared')).toThrow(expect.objectContaining({ name: 'AdapterError', code: 'conflict' }));
  expect(readdirSync(directory).sort()).toEqual(['ours.db', 'ours.db.aside', 'victim.db']);
});
