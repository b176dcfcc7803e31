import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from '@envplane/spec';
import type { DatabaseAdapterHarness, SqldServer } from '@envplane/testkit';
import { expect } from 'vitest';
import { libsqlAdapter } from '../src/databases/libsql/index.ts';

export interface LibsqlHarness extends DatabaseAdapterHarness {
  /** A call to the admin port past the adapter; the answer's JSON, or null where it has none. */
  administer(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; json: Record<string, unknown> | null }>;
  /** What the namespace's configuration says, read past the adapter. */
  configOf(namespace: string): Promise<Record<string, unknown>>;
}

/** A placement on a server. Whoever started the server stops it. */
export function libsqlHarness(server: SqldServer, placed: Partial<Placement> = {}): LibsqlHarness {
  const placement: Placement = {
    id: 'pl',
    name: 'server',
    driver: 'libsql',
    region: 'local',
    settings: { url: server.url, adminUrl: server.adminUrl },
    administrator: server.administrator,
    ...placed,
  };
  const login = Buffer.from(server.administrator.reveal()).toString('base64');

  const harness: LibsqlHarness = {
    adapter: libsqlAdapter(),
    placement,
    installationId: 'tst234',
    async administer(method, path, body) {
      const response = await fetch(server.adminUrl + path, {
        method,
        headers: { authorization: `basic ${login}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : null };
    },
    async configOf(namespace) {
      const { status, json } = await harness.administer('GET', `/v1/namespaces/${namespace}/config`);
      expect(status).toBe(200);
      return json ?? {};
    },
    async listObjects() {
      const directory = join(server.dataDirectory, 'dbs');
      return existsSync(directory) ? readdirSync(directory).sort() : [];
    },
    async plantForeign({ databaseName }) {
      const jwt_key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const created = await harness.administer('POST', `/v1/namespaces/${databaseName}/create`, { jwt_key });
      expect(created.status).toBe(200);
      const before = await harness.configOf(databaseName);
      expect(before).toMatchObject({ jwt_key });
      return async () => expect(await harness.configOf(databaseName)).toEqual(before);
    },
    async close() {},
  };
  return harness;
}
