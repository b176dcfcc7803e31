import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, expect, it } from 'vitest';
import { readPermissions } from '../../src/application-permissions.ts';
import { cleanUp, newDataDirectory, startService } from './service-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'envplane-permissions-'));
afterAll(async () => {
  await cleanUp();
  rmSync(directory, { recursive: true });
});

let count = 0;
function file(content: unknown): string {
  const path = join(directory, `${++count}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const BLOG = { blog: { 'posts.write': { description: 'Write posts.', roles: ['maker'] } } };

it('cap AP1 permissions of the application are listed, and are in the tokens of whoever holds them', async () => {
  const service = await startService(newDataDirectory(), { ENVPLANE_PERMISSIONS_FILE: file(BLOG) }, 'dev');
  const ask = async (path: string, more: RequestInit = {}, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${service.token()}`;
    const answer = await fetch(`${service.url}/v1/${path}`, { ...more, headers: { authorization, ...headers } });
    return (await answer.json()) as { items: Record<string, string>[]; accessToken: string };
  };
  const { items } = await ask('permissions');
  expect(items).toContainEqual(expect.objectContaining({ permission: 'blog:posts.write', scope: 'env' }));
  const [organization] = (await ask('organizations')).items;
  const [owner] = (await ask(`organizations/${organization?.['id']}/members`)).items;
  const { accessToken } = await ask(
    `environments/${organization?.['defaultEnvironmentId']}/token`,
    { method: 'POST', body: '{}' },
    { 'x-envplane-act-as': owner?.['userId'] ?? '', 'content-type': 'application/json' },
  );
  expect(decodeJwt(accessToken)).toMatchObject({
    permissions: expect.arrayContaining(['blog:posts.write']),
    services: { blog: { enabled: true } },
  });
});

it.each([
  ['no JSON', '{', /JSON/],
  ['a reserved service', { env: { 'data.burn': { description: 'No.' } } }, /belongs to the control plane/],
  ['no permission', { blog: { posts: { description: 'No.' } } }, /blog:posts is not a permission/],
  ['a role there is not', { blog: { 'posts.read': { description: 'x', roles: ['king'] } } }, /roles/],
  ['an unknown field', { blog: { 'posts.read': { description: 'x', role: 'reader' } } }, /role/],
])('says what is wrong with %s', (_name, content, reason) => {
  const path = file(content);
  expect(() => readPermissions(path)).toThrow(reason);
  expect(() => readPermissions(path)).toThrow(`ENVPLANE_PERMISSIONS_FILE ${path}`);
});

it('says that the file is not there', () => {
  expect(() => readPermissions(join(directory, 'none.json'))).toThrow(/ENOENT/);
});
