import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProjectFile } from '../../src/cli/project-file.ts';
import { findTarget } from '../../src/cli/target.ts';
import { readClientEnvironment } from '../../src/config.ts';
import { lockDataDirectory } from '../../src/data-directory.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'envplane-target-'));
  writeFileSync(join(dataDirectory, 'admin-token'), 'local-token\n', { mode: 0o600 });
});
afterEach(() => rmSync(dataDirectory, { recursive: true }));

const target = (flag?: string, variables: Record<string, string> = {}) =>
  findTarget(flag, readClientEnvironment({ ENVPLANE_DATA_DIR: dataDirectory, ...variables }));

describe('findTarget', () => {
  it('takes the default address and the token of the data directory', () => {
    expect(target()).toEqual({ url: 'http://127.0.0.1:4600', isNamed: false, token: 'local-token' });
  });

  it('finds the service that runs on the data directory, also behind an address for everybody', () => {
    const lock = lockDataDirectory(dataDirectory);
    lock.announce('http://0.0.0.0:5001');
    expect(target()).toMatchObject({ url: 'http://127.0.0.1:5001', token: 'local-token' });
    lock.announce('http://10.0.0.5:5001');
    expect(target()).toMatchObject({ url: 'http://10.0.0.5:5001', token: 'local-token' });
    lock.release();
    expect(target().url).toBe('http://127.0.0.1:4600');
  });

  it('sec S26 never sends the token of the data directory to another machine', () => {
    for (const url of ['https://envplane.example', 'http://10.0.0.5:4600', 'http://127.0.0.1.example']) {
      expect(target(url)).toEqual({ url, isNamed: true, token: undefined });
      expect(target(undefined, { ENVPLANE_URL: url }).token).toBeUndefined();
    }
    expect(target('https://envplane.example', { ENVPLANE_TOKEN: 'chosen' }).token).toBe('chosen');
    expect(target('http://[::1]:4600').token).toBe('local-token');
  });

  it('the variables for the token come before the file', () => {
    expect(target(undefined, { ENVPLANE_ADMIN_TOKEN: 'admin' }).token).toBe('admin');
    expect(target(undefined, { ENVPLANE_ADMIN_TOKEN: 'admin', ENVPLANE_TOKEN: 'mine' }).token).toBe('mine');
  });

  it.each(['envplane.example', 'ftp://envplane.example', 'http://', 'http://user:password@127.0.0.1'])(
    'refuses %s',
    (url) => {
      expect(() => target(url)).toThrow(expect.objectContaining({ exitCode: 2 }));
    },
  );

  it.each([
    ['null', 'URL of a service'],
    ['{"url":7}', 'URL of a service'],
    ['{"url":"http://127.0.0.1","organizationId":7}', 'an id as "organizationId"'],
    ['{"url":"http://127.0.0.1","environmentId":""}', 'an id as "environmentId"'],
    ['{"url":"http://127.0.0.1","apiToken":"x"}', 'holds a secret'],
  ])('refuses a project file of %s', (text, told) => {
    const directory = mkdtempSync(join(dataDirectory, 'project-'));
    writeFileSync(join(directory, '.envplane.json'), text);
    expect(() => findProjectFile(join(directory, 'a', 'b'), undefined)).toThrow(told);
  });

  it('looks for a project file up to the home directory and no further', () => {
    const file = { url: 'http://127.0.0.1:1', organizationId: 'acme' };
    writeFileSync(join(dataDirectory, '.envplane.json'), JSON.stringify({ ...file, other: 'ignored' }));
    const path = join(dataDirectory, '.envplane.json');
    expect(findProjectFile(join(dataDirectory, 'home', 'project'), dataDirectory)).toEqual({ path, ...file });
    expect(findProjectFile(join(dataDirectory, 'home', 'project'), join(dataDirectory, 'home'))).toBeUndefined();
  });

  it('does not take a token from a file that others can read, or that is none', () => {
    rmSync(join(dataDirectory, 'admin-token'));
    expect(target().token).toBeUndefined();
    writeFileSync(join(dataDirectory, 'admin-token'), 'open', { mode: 0o644 });
    expect(() => target()).toThrow('0600');
    rmSync(join(dataDirectory, 'admin-token'));
    mkdirSync(join(dataDirectory, 'admin-token'), { mode: 0o700 });
    expect(() => target()).toThrow('not a regular file');
  });
});
