import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { DekContext } from '@envplane/spec';
import { secretEncryptorConformance } from '@envplane/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localKeyEncryptor } from '../src/encryptors/local-key/index.ts';

interface KeysetFile {
  version: number;
  primary: string;
  keys: { id: string; createdAt: string; key: string }[];
}

const CONTEXT: DekContext = { installationId: 'abc234', subjectId: 'environment', purpose: 'env-dek' };
const UNAVAILABLE = { name: 'ControlPlaneError', code: 'encryptor_unavailable' };

function readKeyset(keyFile: string): KeysetFile {
  return JSON.parse(readFileSync(keyFile, 'utf8'));
}

/** Replaces the file as a rotation does. */
function replaceKeyset(keyFile: string, keyset: unknown): void {
  writeFileSync(`${keyFile}.new`, typeof keyset === 'string' ? keyset : JSON.stringify(keyset), { mode: 0o600 });
  renameSync(`${keyFile}.new`, keyFile);
}

async function harness() {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-key-'));
  const keyFile = join(directory, 'master.key');
  const encryptor = await localKeyEncryptor({ keyFile, createIfMissing: true });
  return {
    encryptor,
    async addPrimaryKek() {
      await encryptor.addPrimaryKek?.();
    },
    async takeKeysAway() {
      renameSync(keyFile, `${keyFile}.away`);
      return async () => renameSync(`${keyFile}.away`, keyFile);
    },
    async close() {
      rmSync(directory, { recursive: true });
    },
  };
}

secretEncryptorConformance(await harness());

describe('key file', () => {
  let directory: string;
  let keyFile: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'envplane-key-'));
    keyFile = join(directory, 'master.key');
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const open = (createIfMissing = false) => localKeyEncryptor({ keyFile, createIfMissing });

  it('sec S23 is made only when asked for: one 256-bit key, 0600, nothing beside it', async () => {
    await expect(open()).rejects.toMatchObject(UNAVAILABLE);
    expect(readdirSync(directory)).toEqual([]);
    await open(true);
    expect(readdirSync(directory)).toEqual(['master.key']);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const { version, primary, keys } = readKeyset(keyFile);
    expect({ version, ids: keys.map(({ id }) => id) }).toEqual({ version: 1, ids: [primary] });
    expect(Buffer.from(keys[0]?.key ?? '', 'base64')).toHaveLength(32);
  });

  it('sec S23 an existing file is kept, also when creating is allowed', async () => {
    const { wrapped, plaintext } = await (await open(true)).generateDek(CONTEXT);
    const before = readFileSync(keyFile);
    const opened = await (await open(true)).unwrapDek(wrapped, CONTEXT);
    expect(Buffer.from(opened)).toEqual(Buffer.from(plaintext));
    expect(readFileSync(keyFile)).toEqual(before);
  });

  it('sec S23 of many first starts at once exactly one keyset wins, and all use it', async () => {
    const encryptors = await Promise.all(Array.from({ length: 20 }, () => open(true)));
    expect(readdirSync(directory)).toEqual(['master.key']);
    const { primary } = readKeyset(keyFile);
    for (const encryptor of encryptors) expect((await encryptor.generateDek(CONTEXT)).wrapped.kekId).toBe(primary);
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o644, 0o660, 0o666])(
    'sec S23 refuses mode %o at start and while running',
    async (mode) => {
      const encryptor = await open(true);
      chmodSync(keyFile, mode);
      await expect(open()).rejects.toMatchObject(UNAVAILABLE);
      await expect(encryptor.generateDek(CONTEXT)).rejects.toMatchObject(UNAVAILABLE);
      await expect(encryptor.health()).rejects.toMatchObject(UNAVAILABLE);
      chmodSync(keyFile, 0o600);
      await encryptor.health();
    },
  );

  it.runIf(process.getuid?.() === 0)('sec S23 refuses a file of another user', async () => {
    await open(true);
    chownSync(keyFile, 65534, 65534);
    await expect(open()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('sec S23 refuses a link, also a dangling one, and creates nothing through it', async () => {
    await open(true);
    const real = join(directory, 'real.key');
    renameSync(keyFile, real);
    symlinkSync(real, keyFile);
    await expect(open()).rejects.toMatchObject(UNAVAILABLE);
    await expect(open(true)).rejects.toMatchObject(UNAVAILABLE);
    rmSync(real);
    await expect(open(true)).rejects.toMatchObject(UNAVAILABLE);
    expect(readdirSync(directory)).toEqual(['master.key']);
  });

  it('sec S23 refuses what is not a regular file', async () => {
    mkdirSync(keyFile, { mode: 0o700 });
    await expect(open()).rejects.toMatchObject(UNAVAILABLE);
    await expect(open(true)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('sec S23 says so when the directory is missing', async () => {
    const keyFileElsewhere = join(directory, 'missing', 'master.key');
    const opening = localKeyEncryptor({ keyFile: keyFileElsewhere, createIfMissing: true });
    await expect(opening).rejects.toMatchObject(UNAVAILABLE);
  });

  const key = Buffer.alloc(32, 'canary-key-').toString('base64');
  it.each([
    ['nothing', ''],
    ['no JSON', `{ "version": 1, "key": "${key}`],
    ['another version', { version: 2, primary: 'a', keys: [{ id: 'a', key }] }],
    ['no keys', { version: 1, primary: 'a', keys: [] }],
    ['an unknown primary', { version: 1, primary: 'b', keys: [{ id: 'a', key }] }],
    ['a primary that every object has', { version: 1, primary: 'constructor', keys: [{ id: 'a', key }] }],
    ['a short key', { version: 1, primary: 'a', keys: [{ id: 'a', key: key.slice(4) }] }],
    ['a long key', { version: 1, primary: 'a', keys: [{ id: 'a', key: Buffer.alloc(33).toString('base64') }] }],
    ['a key that is not base64', { version: 1, primary: 'a', keys: [{ id: 'a', key: `${key}\n` }] }],
    [
      'one id twice',
      {
        version: 1,
        primary: 'a',
        keys: [
          { id: 'a', key },
          { id: 'a', key },
        ],
      },
    ],
    ['a nameless key', { version: 1, primary: '', keys: [{ id: '', key }] }],
    ['null', 'null'],
  ])('sec S23 refuses a keyset with %s, and the error shows no key', async (_title, content) => {
    replaceKeyset(keyFile, content);
    const error = await open().catch((reason: unknown) => reason);
    expect(error).toMatchObject(UNAVAILABLE);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(key.slice(0, 8));
  });

  it('sec S23 binds the id of the key: the same key under another id does not open', async () => {
    const keys = ['a', 'b'].map((id) => ({ id, createdAt: '', key }));
    replaceKeyset(keyFile, { version: 1, primary: 'a', keys });
    const encryptor = await open();
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    await expect(encryptor.unwrapDek({ ...wrapped, kekId: 'b' }, CONTEXT)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('a second name of the file changes nothing', async () => {
    const encryptor = await open(true);
    linkSync(keyFile, join(directory, 'second-name'));
    await encryptor.health();
  });

  it('a new primary key takes effect without a restart, and one that is gone is refused', async () => {
    const encryptor = await open(true);
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    const keyset = readKeyset(keyFile);
    replaceKeyset(keyFile, { version: 1, primary: 'new', keys: [{ id: 'new', createdAt: '', key }] });
    expect((await encryptor.generateDek(CONTEXT)).wrapped.kekId).toBe('new');
    await expect(encryptor.unwrapDek(wrapped, CONTEXT)).rejects.toMatchObject(UNAVAILABLE);
    replaceKeyset(keyFile, keyset);
    expect(await encryptor.unwrapDek(wrapped, CONTEXT)).toHaveLength(32);
  });
});

describe('a new key-encryption key', () => {
  let directory: string;
  let keyFile: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'envplane-key-'));
    keyFile = join(directory, 'master.key');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('cap EN4 stands in the file beside the older ones, private, whole and alone', async () => {
    const encryptor = await localKeyEncryptor({ keyFile, createIfMissing: true });
    const before = readKeyset(keyFile);
    const added = await encryptor.addPrimaryKek?.();
    const after = readKeyset(keyFile);
    expect(after).toMatchObject({ version: 1, primary: added, keys: [before.keys[0], { id: added }] });
    expect(new Set(after.keys.map(({ key }) => key)).size).toBe(2);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['master.key']);
  });

  it('cap EN4 is not made where the file cannot be replaced, and what was there stays in use', async () => {
    const encryptor = await localKeyEncryptor({ keyFile, createIfMissing: true });
    const before = readFileSync(keyFile);
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    replaceKeyset(keyFile, '{');
    await expect(encryptor.addPrimaryKek?.()).rejects.toMatchObject(UNAVAILABLE);
    replaceKeyset(keyFile, before.toString());
    expect(await encryptor.unwrapDek(wrapped, CONTEXT)).toHaveLength(32);
    expect(readFileSync(keyFile)).toEqual(before);
  });
});
