import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { type SqldServer, startSqld } from '@envplane/testkit';
import type { DriverServer, Owned, TestDriver } from './drivers.ts';

/** A libSQL server of its own. */
export async function startLibsqlServer(): Promise<DriverServer> {
  const server = await startSqld();
  return { driver: libsqlDriver(server), stop: server.stop };
}

/** What lies on a server that is running. */
export function libsqlDriver(server: SqldServer): TestDriver {
  return {
    driver: 'libsql',
    place: {
      settings: { url: server.url, adminUrl: server.adminUrl },
      administrator: server.administrator,
    },
    adapter: () => libsqlAdapter(),
    survey: (owned) => survey(server, owned),
    clear: ({ prefix }) => removeNamespaces(server, prefix),
  };
}

/** Directories of namespaces: the server lists nothing. */
export function directoriesOf({ dataDirectory }: SqldServer, prefix: string): string[] {
  const directory = join(dataDirectory, 'dbs');
  return existsSync(directory) ? readdirSync(directory).filter((name) => name.startsWith(prefix)) : [];
}

export async function removeNamespaces(server: SqldServer, prefix: string): Promise<void> {
  for (const name of directoriesOf(server, prefix)) await administer(server, 'DELETE', name, { keep_backup: false });
}

async function survey(server: SqldServer, { prefix, names }: Owned): Promise<string[]> {
  const directories = directoriesOf(server, prefix);
  // A namespace whose files are gone may still be known.
  const known = names.filter((name) => !directories.includes(name));
  const found = await Promise.all([
    ...directories.map(async (name) => describeNamespace(name, await configOf(server, name))),
    ...known.map(async (name) => ((await configOf(server, name)) === null ? null : `stray namespace ${name}`)),
  ]);
  return found.filter((object) => object !== null).sort();
}

interface Config {
  block_reads: boolean;
  block_writes: boolean;
  allow_attach: boolean;
  jwt_key: string;
}

/**
 * The keys that let somebody in, one for each authorization, and the one that says whose it is. A temporary one that a dead process left
 * lets nobody in, for it took the private half along; the sweeper takes it out when it is too old to be in use.
 */
function describeNamespace(name: string, config: Config | null): string {
  if (config === null) return `stray files of ${name}`;
  const headers = [...config.jwt_key.matchAll(/^Envplane-(Object|Key): (.*)$/gm)]
    .map(([, kind, value]) => (kind === 'Key' ? value : kind))
    .filter((header) => !header?.startsWith('temporary '));
  const fit =
    /^Object,full_access [01] [\w-]+,read_only [01] [\w-]+$/.test(headers.sort().join()) && !config.allow_attach;
  if (fit && !config.block_reads && !config.block_writes) return `live ${name}`;
  if (fit && config.block_reads && config.block_writes) return `cut ${name}`;
  return `unfit ${name} with keys ${headers.join()}`;
}

async function configOf(server: SqldServer, name: string): Promise<Config | null> {
  const response = await administer(server, 'GET', `${name}/config`);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as Config;
}

function administer(server: SqldServer, method: string, path: string, body?: object): Promise<Response> {
  const login = Buffer.from(server.administrator.reveal()).toString('base64');
  return fetch(`${server.adminUrl}/v1/namespaces/${path}`, {
    method,
    headers: { authorization: `basic ${login}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}
