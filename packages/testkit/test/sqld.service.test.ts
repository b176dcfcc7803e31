import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SqldServer, startSqld } from '../src/servers/sqld.ts';

const isAlive = (pid: number) => existsSync(`/proc/${pid}/exe`);

function administer(server: SqldServer, method: string, path: string, body?: object, administrator?: string) {
  const login = Buffer.from(administrator ?? server.administrator.reveal()).toString('base64');
  return fetch(server.adminUrl + path, {
    method,
    headers: { authorization: `basic ${login}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** The status of one statement sent without a token. */
async function statusWithoutToken(server: SqldServer, namespace: string): Promise<number> {
  const response = await fetch(`${server.url}/v2/pipeline`, {
    method: 'POST',
    headers: { 'x-namespace-bin': Buffer.from(namespace).toString('base64').replace(/=+$/, '') },
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql: 'SELECT 1' } }] }),
  });
  await response.text();
  return response.status;
}

describe('a libSQL server of the testkit', () => {
  let server: SqldServer;
  beforeAll(async () => {
    server = await startSqld();
  });
  afterAll(() => server.stop());

  it('asks for the administrator on the admin port', async () => {
    const path = '/v1/namespaces/unmade/config';
    expect((await administer(server, 'GET', path, undefined, 'admin:wrong')).status).toBe(401);
    expect((await administer(server, 'GET', path)).status).toBe(404);
  });

  it('a namespace without a key of its own, and the default one, are closed', async () => {
    expect((await administer(server, 'POST', '/v1/namespaces/keyless/create', {})).status).toBe(200);
    expect(await statusWithoutToken(server, 'keyless')).toBe(401);
    expect(await statusWithoutToken(server, 'default')).toBe(401);
  });

  it('may open as many files as the system lets it', () => {
    const [soft, hard] =
      /^Max open files +(\d+) +(\d+)/m.exec(readFileSync(`/proc/${server.pid}/limits`, 'utf8'))?.slice(1) ?? [];
    expect(Number(soft)).toBeGreaterThan(0);
    expect(soft).toBe(hard);
  });

  it.each(['fast', 'immediate'] as const)(
    'keeps namespaces through a restart (%s), at the same addresses',
    async (mode) => {
      const namespace = `restart-${mode}`;
      const before = { pid: server.pid, url: server.url, adminUrl: server.adminUrl };
      await administer(server, 'POST', `/v1/namespaces/${namespace}/create`, {});
      await server.restart(mode);
      expect(server).toMatchObject({ url: before.url, adminUrl: before.adminUrl });
      expect(server.pid).not.toBe(before.pid);
      expect(isAlive(before.pid)).toBe(false);
      expect((await administer(server, 'GET', `/v1/namespaces/${namespace}/config`)).status).toBe(200);
      expect(readdirSync(join(server.dataDirectory, 'dbs'))).toContain(namespace);
    },
  );

  it('leaves nothing behind after stop', async () => {
    const other = await startSqld();
    const { pid } = other;
    await other.stop();
    await other.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(dirname(other.dataDirectory))).toBe(false);
  });
});
