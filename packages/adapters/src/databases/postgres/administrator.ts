import { openSession, type Session } from './session.ts';
import type { Place } from './settings.ts';

/**
 * Run-time parameters of every session of the administrator. A worker that lost power would otherwise hold its lock for about
 * two hours; nothing is looked up outside `pg_catalog`, whatever a tenant has created.
 */
const ADMINISTRATOR_PARAMETERS = {
  search_path: 'pg_catalog',
  lock_timeout: '30s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  client_connection_check_interval: '1s',
};

/** A session as the administrator. */
export function openAsAdministrator(place: Place, database: string, signal?: AbortSignal): Session {
  return openSession(place.server, { ...place.administrator, database }, ADMINISTRATOR_PARAMETERS, signal);
}

/** Runs `use` with a session of the administrator and leaves the session: it holds nothing any more. */
export async function asAdministrator<T>(
  place: Place,
  database: string,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = openAsAdministrator(place, database, signal);
  try {
    return await use(session);
  } finally {
    session.leave();
  }
}
