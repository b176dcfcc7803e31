import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFileOnce, writeNewFile } from '../src/lib/private-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'envplane-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('sec S19 a new file takes the place of nothing: no file, no link, no dangling link', async () => {
  const path = join(directory, 'file');
  const link = join(directory, 'link');
  const dangling = join(directory, 'dangling');
  writeFileSync(path, 'kept');
  symlinkSync(path, link);
  symlinkSync(join(directory, 'nowhere'), dangling);
  for (const taken of [path, link, dangling]) {
    await expect(writeNewFile(taken, Buffer.from('new'))).rejects.toMatchObject({ code: 'EEXIST' });
  }
  expect(readFileSync(path, 'utf8')).toBe('kept');
  expect(readdirSync(directory).sort()).toEqual(['dangling', 'file', 'link']);
});

it('of many files for one name one wins, whole, and no other remains', async () => {
  const path = join(directory, 'file');
  const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(5000));
  await Promise.all(contents.map((content) => createFileOnce(path, Buffer.from(content))));
  expect(contents).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(directory)).toEqual(['file']);
});
