import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from '@envplane/service-tenant';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTodoApp } from '../app.ts';
import { FILTERED, UNFILTERED } from '../todos.ts';
import { openDirectory, seed, USERS } from '../workspaces.ts';

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const directory = mkdtempSync(join(tmpdir(), 'envplane-two-planes-'));
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openDirectory(directory);
  await seed(plane);
});
afterAll(async () => {
  await plane.close();
  rmSync(directory, { recursive: true });
});

/** The application as one of its users sees it. */
async function signIn(app: Hono, user: string) {
  const session = await app.request('/session', { method: 'POST', body: JSON.stringify({ user }) });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await app.request(path, { ...init, headers });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  const workspaces: string[] = (await call('/me')).body.workspaces.map(({ id }: { id: string }) => id);
  return { call, workspaces };
}

it('removing the tenant filter from the handler changes nothing that anybody can see', async () => {
  const [filtered, unfiltered] = [createTodoApp(plane, logger, FILTERED), createTodoApp(plane, logger, UNFILTERED)];
  const every = new Set<string>();
  for (const user of USERS) {
    const { call, workspaces } = await signIn(filtered, user);
    for (const id of workspaces) {
      every.add(id);
      const body = JSON.stringify({ title: `of ${user}` });
      const { status } = await call(`/workspaces/${id}/todos`, { method: 'POST', body });
      expect(status).toBe(user === 'ben' ? 403 : 201);
    }
  }
  expect(every.size).toBe(3);
  const seen = new Set<string>();
  for (const user of USERS) {
    const [with_, without] = [await signIn(filtered, user), await signIn(unfiltered, user)];
    for (const id of every) {
      const path = `/workspaces/${id}/todos`;
      const [one, other] = [await with_.call(path), await without.call(path)];
      expect({ ...other, body: { ...other.body, requestId: null } }).toEqual({
        ...one,
        body: { ...one.body, requestId: null },
      });
      expect(one.status).toBe(with_.workspaces.includes(id) ? 200 : 403);
      for (const { title } of one.body.items ?? []) seen.add(`${user} sees what is ${title}`);
    }
  }
  expect([...seen].sort()).toEqual([
    'ada sees what is of ada',
    'ada sees what is of cyd',
    'ben sees what is of ada',
    'ben sees what is of cyd',
    'cyd sees what is of ada',
    'cyd sees what is of cyd',
    'eve sees what is of eve',
  ]);
});
