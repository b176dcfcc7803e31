import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { localKeyEncryptor } from '../src/encryptors/local-key/index.ts';

/** What reached the disk and which name was replaced, in order, each with what the key file held then. */
const events = vi.hoisted((): { event: string; keyset: string }[] => []);
const watched = vi.hoisted(() => ({ keyFile: '' }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const record = (event: string) => {
    if (watched.keyFile) events.push({ event, keyset: real.readFileSync(watched.keyFile, 'utf8') });
  };
  return {
    ...real,
    fsyncSync(descriptor: number) {
      real.fsyncSync(descriptor);
      record(real.fstatSync(descriptor).isDirectory() ? 'sync directory' : 'sync file');
    },
    renameSync(from: string, to: string) {
      real.renameSync(from, to);
      record('rename');
    },
  };
});

const directory = mkdtempSync(join(tmpdir(), 'envplane-key-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('cap EN4 a new key-encryption key is on disk before anything is wrapped under it', async () => {
  const keyFile = join(directory, 'master.key');
  const encryptor = await localKeyEncryptor({ keyFile, createIfMissing: true });
  const first = await encryptor.primaryKekId();
  watched.keyFile = keyFile;
  const added = await encryptor.addPrimaryKek?.();
  watched.keyFile = '';
  const seen = events.map(({ event, keyset }) => {
    const { primary, keys } = JSON.parse(keyset) as { primary: string; keys: object[] };
    return [event, primary === added ? 'added' : primary, keys.length];
  });
  expect(seen).toEqual([
    ['sync file', first, 1],
    ['rename', first, 2],
    ['sync directory', first, 2],
    ['sync file', first, 2],
    ['rename', 'added', 2],
    ['sync directory', 'added', 2],
  ]);
  expect(readFileSync(keyFile, 'utf8')).toContain(`"primary": "${added}"`);
});
