// Not the global one: a test may put the emulator in its place.
import { fetch, type Response } from 'undici';
import type { SqldServer } from '../servers/sqld.ts';

/** What a namespace is configured with. Every write replaces all of it, so all of it is always sent. */
export interface NamespaceSettings {
  /** Public keys, PEM after PEM, that may have signed a token. */
  keys: string;
  blockReads: boolean;
  blockWrites: boolean;
  /** Bytes; null for no limit. */
  maxSizeBytes: number | null;
}

export interface NamespaceStats {
  rowsRead: number;
  rowsWritten: number;
  storageBytes: number;
  topQueries: unknown[];
}

/** The namespaces of one sqld server: here they are what the cloud calls databases. */
export interface Namespaces {
  create(name: string, settings: NamespaceSettings): Promise<void>;
  /** Makes a copy. It opens with the keys of its source until it is configured. */
  fork(source: string, name: string): Promise<void>;
  /** False when there is no such namespace. */
  configure(name: string, settings: NamespaceSettings): Promise<boolean>;
  remove(name: string): Promise<void>;
  stats(name: string): Promise<NamespaceStats>;
  /** The only value of a one-row query, asked as a client with `token`; null when the namespace refuses it. */
  queryNumber(name: string, token: string, sql: string): Promise<number | null>;
}

export function namespacesOf(server: SqldServer): Namespaces {
  const authorization = `basic ${Buffer.from(server.administrator.reveal()).toString('base64')}`;
  async function administer(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${server.adminUrl}/v1/namespaces/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  async function expectOk(answer: Response): Promise<void> {
    if (!answer.ok) throw new Error(`sqld answered ${answer.status}: ${await answer.text()}`);
  }
  return {
    create: async (name, settings) => expectOk(await administer('POST', `${name}/create`, bodyOf(settings))),
    fork: async (source, name) => expectOk(await administer('POST', `${source}/fork/${name}`)),
    async configure(name, settings) {
      const answer = await administer('POST', `${name}/config`, bodyOf(settings));
      if (answer.status === 404) return false;
      await expectOk(answer);
      return true;
    },
    async remove(name) {
      const answer = await administer('DELETE', name, { keep_backup: false });
      if (answer.status !== 404) await expectOk(answer);
    },
    async stats(name) {
      const answer = await administer('GET', `${name}/stats`);
      await expectOk(answer);
      const stats = (await answer.json()) as Record<string, unknown>;
      return {
        rowsRead: Number(stats['rows_read_count']),
        rowsWritten: Number(stats['rows_written_count']),
        storageBytes: Number(stats['storage_bytes_used']),
        topQueries: Array.isArray(stats['top_queries']) ? stats['top_queries'] : [],
      };
    },
    async queryNumber(name, token, sql) {
      const answer = await fetch(`${server.url}/v2/pipeline`, {
        method: 'POST',
        headers: {
          'x-namespace-bin': Buffer.from(name).toString('base64').replace(/=+$/, ''),
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql } }, { type: 'close' }] }),
      });
      await expectOk(answer.clone());
      const { results } = (await answer.json()) as {
        results: [{ response?: { result: { rows: { value: string }[][] } } }];
      };
      const value = results[0].response?.result.rows[0]?.[0]?.value;
      return value === undefined ? null : Number(value);
    },
  };
}

function bodyOf({ keys, blockReads, blockWrites, maxSizeBytes }: NamespaceSettings) {
  return {
    jwt_key: keys,
    block_reads: blockReads,
    block_writes: blockWrites,
    allow_attach: false,
    ...(maxSizeBytes === null ? {} : { max_db_size: String(maxSizeBytes) }),
  };
}
