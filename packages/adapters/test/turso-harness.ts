import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AdapterError, type DatabaseTarget, type Placement } from '@envplane/spec';
import {
  type DatabaseAdapterHarness,
  type SqldServer,
  startSqld,
  startTursoEmulator,
  type TursoEmulator,
  type TursoObject,
  type TursoScope,
} from '@envplane/testkit';
import { type Client, createClient } from '@libsql/client/http';
import { expect } from 'vitest';
import { tursoAdapter } from '../src/databases/turso/index.ts';

/** All that the driver needs but for an emergency. */
export const NEEDED_SCOPES = ['read', 'db:create', 'db:delete', 'db:configure', 'db:mint-token'] as const;
/** With which a token can end every tenant's tokens. */
export const EMERGENCY_SCOPES = [...NEEDED_SCOPES, 'db:rotate-creds'] as const;

export interface TursoHarness extends DatabaseAdapterHarness {
  cloud: TursoEmulator;
  sqld: SqldServer;
  /** What the cloud holds under the target's name, seen without the adapter. */
  objectOf(target: DatabaseTarget): TursoObject | undefined;
  /** A request to the Platform API past the adapter, with every scope. */
  callApi(method: string, path: string, body?: unknown): Promise<Response>;
  /** A connection past the adapter, with a token of its own that does everything. */
  openAs(target: DatabaseTarget): Promise<Client>;
}

/** An emulated group on a server of its own, and the adapter that reaches it through the emulator's `fetch`. */
export async function tursoHarness(scopes: readonly TursoScope[] = NEEDED_SCOPES): Promise<TursoHarness> {
  const sqld = await startSqld();
  const cloud = await startTursoEmulator(sqld);
  const placement: Placement = {
    ...{ id: 'pl', name: 'cloud', driver: 'turso', region: 'lhr' },
    settings: { organization: cloud.organization, group: cloud.group },
    administrator: cloud.issueToken(scopes),
  };
  const everything = cloud.issueToken([...EMERGENCY_SCOPES, 'group:manage']).reveal();
  const objectOf = (target: DatabaseTarget) => cloud.objects().find(({ name }) => name === target.databaseName);

  function callApi(method: string, path: string, body?: unknown): Promise<Response> {
    return cloud.fetch(`https://api.turso.tech/v1/organizations/${cloud.organization}/${path}`, {
      method,
      headers: { authorization: `Bearer ${everything}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function openAs({ databaseName }: DatabaseTarget): Promise<Client> {
    const minted = await callApi('POST', `databases/${databaseName}/auth/tokens?expiration=1h`);
    const { jwt } = (await minted.json()) as { jwt: string };
    const hostname = cloud.objects().find(({ name }) => name === databaseName)?.hostname;
    return createClient({ url: `libsql://${hostname}`, authToken: jwt, fetch: cloud.fetch });
  }

  return {
    adapter: tursoAdapter({ fetch: cloud.fetch }),
    placement,
    installationId: 'tst234',
    cloud,
    sqld,
    objectOf,
    callApi,
    openAs,
    async listObjects() {
      const directory = join(sqld.dataDirectory, 'dbs');
      const namespaces = existsSync(directory) ? readdirSync(directory) : [];
      return [...cloud.objects().map(({ name }) => name), ...namespaces.map((name) => `dbs/${name}`)].sort();
    },
    async plantForeign(target) {
      await callApi('POST', 'databases', { name: target.databaseName, group: cloud.group });
      const client = await openAs(target);
      await client.execute("CREATE TABLE letter AS SELECT 'of somebody else' AS body");
      client.close();
      const before = objectOf(target);
      return async () => {
        expect(objectOf(target)).toEqual(before);
        const again = await openAs(target);
        const { rows } = await again.execute('SELECT body FROM letter');
        const tables = await again.execute('SELECT count(*) FROM sqlite_schema');
        again.close();
        expect([rows[0]?.['body'], tables.rows[0]?.[0]]).toEqual(['of somebody else', 1]);
      };
    },
    async close() {
      await cloud.close();
      await sqld.stop();
    },
  };
}

/** The error that a call must end with. */
export async function failure(call: Promise<unknown>): Promise<AdapterError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AdapterError);
  return error as AdapterError;
}

/** Nothing of an error may show a token, a name or the provider's text. */
export function expectClean({ cloud }: TursoHarness, error: AdapterError, target: DatabaseTarget): void {
  const shown = [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: null, showHidden: true }),
  ].join('\n');
  for (const secret of [
    target.databaseName,
    cloud.organization,
    'provider text',
    target.placement.administrator?.reveal(),
  ]) {
    expect(shown.replaceAll(/\(?file:.*|\/work\/.*/g, '')).not.toContain(secret);
  }
  expect(error.cause).toBeUndefined();
}
