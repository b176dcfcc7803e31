import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AdapterError, type Placement } from '@envplane/spec';
import { adapterContext, newTarget } from '@envplane/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toAdapterError } from '../src/databases/sqlite/errors.ts';
import { sqliteAdapter } from '../src/databases/sqlite/index.ts';
import { modesBelow, sqliteHarness } from './sqlite-harness.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

const placement: Placement = {
  id: 'pl',
  name: 'local',
  driver: 'sqlite',
  region: 'local',
  settings: {},
  administrator: null,
};
const REFUSED = { name: 'AdapterError', code: 'invalid_request' };
const asRoot = process.getuid?.() === 0;

describe('placement', () => {
  let parent: string;
  let root: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'envplane-placement-'));
    root = join(parent, 'made', 'here');
  });
  afterEach(() => rmSync(parent, { recursive: true }));
  const check = (directory = root) => sqliteAdapter({ rootDirectory: directory }).checkPlacement(placement);

  it('sec S19 makes a private root with a private identity', async () => {
    await check();
    expect(modesBelow(parent)).toEqual({ made: '700', 'made/here': '700', 'made/here/.placement-id': '600' });
  });

  it('sec S22 the identity stays, is the same for concurrent first checks, and differs elsewhere', async () => {
    const identities = await Promise.all(Array.from({ length: 10 }, () => check()));
    const [first] = identities;
    expect(first?.identity).toMatch(/^[0-9a-f-]{36}$/);
    for (const identity of identities) expect(identity).toEqual(first);
    expect(await check()).toEqual(first);
    expect(await check(join(parent, 'elsewhere'))).not.toEqual(first);
  });

  it.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['CIFS', 0xff534d42],
    ['SMB2', 0xfe534d42],
    ['9P', 0x01021997],
    ['FUSE', 0x65735546],
    ['Ceph', 0x00c36400],
  ])('sec S22 refuses %s', async (name, type) => {
    const real = await statfs(parent);
    vi.mocked(statfs).mockResolvedValueOnce({ ...real, type });
    await expect(check()).rejects.toMatchObject({ ...REFUSED, message: expect.stringContaining(name) });
  });

  it.each([0o770, 0o707, 0o777, 0o1777])('sec S22 refuses a root that others may write to (%o)', async (mode) => {
    await check();
    chmodSync(root, mode);
    await expect(check()).rejects.toMatchObject(REFUSED);
  });

  it.runIf(asRoot)('sec S22 refuses a root of another user', async () => {
    await check();
    chownSync(root, 65534, 65534);
    await expect(check()).rejects.toMatchObject(REFUSED);
  });

  it('sec S22 refuses an identity that is a link, open to others, or damaged', async () => {
    const { identity } = await check();
    const path = join(root, '.placement-id');
    chmodSync(path, 0o644);
    await expect(check()).rejects.toMatchObject(REFUSED);
    chmodSync(path, 0o600);
    expect(await check()).toEqual({ identity });
    writeFileSync(path, 'damaged');
    await expect(check()).rejects.toMatchObject(REFUSED);
    unlinkSync(path);
    writeFileSync(join(parent, 'other-id'), `${identity}\n`, { mode: 0o600 });
    symlinkSync(join(parent, 'other-id'), path);
    await expect(check()).rejects.toMatchObject(REFUSED);
    expect(readFileSync(join(parent, 'other-id'), 'utf8')).toBe(`${identity}\n`);
  });
});

describe('errors', () => {
  const canary = 'canary-path-of-a-tenant';
  const systemError = (code: string) =>
    Object.assign(new Error(`${code}: ${canary}`), { code, path: canary, dest: canary, syscall: 'open' });

  it.each([
    ['EACCES', 'invalid_request'],
    ['EROFS', 'invalid_request'],
    ['ENAMETOOLONG', 'invalid_request'],
    ['ENOSPC', 'quota_exceeded'],
    ['EDQUOT', 'quota_exceeded'],
    ['SQLITE_FULL', 'quota_exceeded'],
    ['SQLITE_BUSY', 'unavailable'],
    ['EIO', 'outcome_unknown'],
    ['EEXIST', 'outcome_unknown'],
    ['SQLITE_IOERR', 'outcome_unknown'],
    ['constructor', 'outcome_unknown'],
    ['', 'outcome_unknown'],
  ])('sec S27 %s becomes %s and shows nothing of the original', (code, expected) => {
    const error = toAdapterError(systemError(code));
    expect(error).toMatchObject({ name: 'AdapterError', code: expected });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(canary);
    expect(JSON.stringify(error)).not.toContain(canary);
  });

  it('sec S27 what the file system refuses is reported without a path', async () => {
    const harness = sqliteHarness();
    await harness.adapter.checkPlacement(harness.placement);
    // A file in place of the directory for temporary files: nothing can be created.
    writeFileSync(join(harness.root, '.tmp'), '');
    const target = newTarget(harness);
    const creating = harness.adapter.createDatabase(target, { mustExist: false }, adapterContext());
    const error = await creating.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AdapterError);
    const shown = `${(error as Error).message} ${JSON.stringify(error)}`;
    expect(shown).not.toContain(harness.root);
    expect(shown).not.toContain(target.databaseName);
    await harness.close();
  });
});
