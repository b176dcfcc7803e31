import type { ConnectionView } from '@envplane/spec';

/**
 * A connection as the variables that clients of its kind read by themselves: those of libpq for PostgreSQL, those of Turso's own
 * tools for Turso, and the same four for every driver. No URL holds a secret.
 */
export function connectionVariables(connection: ConnectionView): Record<string, string> {
  const { driver, url, user, secret, namespace } = connection;
  const known = {
    DATABASE_URL: url,
    DATABASE_USER: user,
    DATABASE_SECRET: secret,
    DATABASE_NAMESPACE: namespace,
    ...(driver === 'postgres' && postgresVariables(new URL(url), user, secret)),
    ...(driver === 'turso' && { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: secret }),
  };
  return Object.fromEntries(
    Object.entries(known).filter((each): each is [string, string] => typeof each[1] === 'string' && each[1] !== ''),
  );
}

const postgresVariables = (url: URL, user: string | null, secret: string | null) => ({
  PGHOST: url.hostname.replace(/^\[|\]$/g, ''),
  PGPORT: url.port || '5432',
  PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  PGUSER: user,
  PGPASSWORD: secret,
  PGSSLMODE: url.searchParams.get('sslmode'),
});
