import type { HostDriver } from './host-context.ts';

/** The database that the host's SQL driver works on, as a URL a store can be opened with. It may hold a password: never log it. */
export interface HostDatabase {
  readonly engine: 'sqlite' | 'postgres';
  readonly url: string;
}

/** Undefined where it cannot be told, or nobody else can open it: in memory, in WebAssembly, with settings that a URL does not carry. */
export function databaseOf(driver: HostDriver | undefined): HostDatabase | undefined {
  const { client, connection } = driver?.knex?.client?.config ?? {};
  const isPostgres = client === 'pg' || client === 'postgres' || client === 'postgresql';
  if (typeof connection === 'string') {
    return isPostgres && /^postgres(ql)?:\/\//.test(connection) ? { engine: 'postgres', url: connection } : undefined;
  }
  if (typeof connection !== 'object' || connection === null) return undefined;
  const settings = connection as Record<string, unknown>;
  if (isPostgres) return postgresDatabase(settings);
  const { filename } = settings;
  const isFile = (client === 'better-sqlite3' || client === 'sqlite3') && typeof filename === 'string';
  return isFile && filename !== '' && !filename.startsWith(':')
    ? { engine: 'sqlite', url: `file:${filename}` }
    : undefined;
}

function postgresDatabase(settings: Record<string, unknown>): HostDatabase | undefined {
  const { connectionString, host = 'localhost', port = 5432, user, password, database, ssl } = settings;
  if (typeof connectionString === 'string') return { engine: 'postgres', url: connectionString };
  const isPlain = [host, user, database].every((each) => typeof each === 'string') && typeof ssl !== 'object';
  if (!isPlain || (password !== undefined && typeof password !== 'string')) return undefined;
  const url = new URL('postgres://localhost');
  url.hostname = String(host);
  url.port = String(port);
  url.username = encodeURIComponent(String(user));
  if (password !== undefined) url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(String(database))}`;
  if (ssl === true) url.searchParams.set('sslmode', 'require');
  return { engine: 'postgres', url: url.href };
}
