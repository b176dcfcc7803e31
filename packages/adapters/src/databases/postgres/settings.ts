import { X509Certificate } from 'node:crypto';
import { AdapterError, type Placement, type Secret } from '@envplane/spec';
import { z } from 'zod';

const SETTINGS = z.strictObject({
  url: z.string(),
  ca: z.string().optional(),
  connectionLimit: z.int().min(1).max(10_000).default(20),
});

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Where a server is, and how it is spoken to. */
export interface Server {
  host: string;
  port: number;
  /** `verify`: TLS, certificate and host name checked. `off` exists on loopback alone (S17). */
  tls: { mode: 'off' } | { mode: 'verify'; ca: string | undefined };
}

/** A placement, as its settings describe it. */
export interface Place {
  server: Server;
  administrator: { user: string; password: Secret };
  /** The database that the URL names: where the administrator enters a server on which nothing is set up yet. */
  entrance: string;
  /** How many sessions one database may have at a time. */
  connectionLimit: number;
}

/** A placement is one object until it changes, and is read for every call. */
const places = new WeakMap<Placement, Place>();

/**
 * Reads `settings.url` (`postgres://<administrator>@<host>:<port>/<database>`, beyond loopback with `sslmode=verify-full`),
 * `settings.ca` (PEM, instead of the authorities that Node brings; with `verify-full` alone) and `settings.connectionLimit` (sessions a database, 20 unless given).
 * @throws AdapterError `invalid_request` for anything else, and for a password in the URL
 */
export function placeOf(placement: Placement): Place {
  const place = places.get(placement) ?? read(placement);
  places.set(placement, place);
  return place;
}

function read({ settings, administrator }: Placement): Place {
  const parsed = SETTINGS.safeParse(settings);
  if (!parsed.success) throw refused('The settings of a PostgreSQL placement are url, ca and connectionLimit.');
  if (administrator === null) throw refused("A PostgreSQL placement needs its administrator's password.");
  const { url, ca, connectionLimit } = parsed.data;
  const { protocol, username, password, hostname, port, pathname, search, hash } = parse(url);
  if (!['postgres:', 'postgresql:'].includes(protocol) || hash !== '')
    throw refused('The URL is not a PostgreSQL URL.');
  if (password !== '') throw refused('The URL holds a password; it belongs to the administrator secret.');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (username === '' || !/^[0-9A-Za-z.:-]+$/.test(host)) throw refused('The URL names no administrator or no host.');
  if (search !== '' && search !== '?sslmode=verify-full') {
    throw refused('The only parameter of the URL is sslmode=verify-full.');
  }
  if (search === '' && !LOOPBACK.test(host)) throw refused('A server beyond loopback needs sslmode=verify-full.');
  if (ca !== undefined && (search === '' || !isCertificate(ca))) {
    throw refused('The setting ca is the PEM text of certificates, and needs sslmode=verify-full.');
  }
  return {
    server: {
      host,
      port: port === '' ? 5432 : Number(port),
      tls: search === '' ? { mode: 'off' } : { mode: 'verify', ca },
    },
    administrator: { user: decodeURIComponent(username), password: administrator },
    entrance: decodeURIComponent(pathname.slice(1)) || 'postgres',
    connectionLimit,
  };
}

/** Databases in which no tenant has anything to do: those that every server has, and where the administrator enters (S13). */
export function serverDatabases({ entrance }: Place): string[] {
  return [...new Set(['postgres', 'template1', entrance])];
}

/** The address of a database: without user and without password (S29). */
export function databaseUrlOf({ server: { host, port, tls } }: Place, database: string): string {
  const address = host.includes(':') ? `[${host}]` : host;
  return `postgres://${address}:${port}/${database}${tls.mode === 'verify' ? '?sslmode=verify-full' : ''}`;
}

/** HAZARD: with an empty text the platform would ask its own authorities, and other text it passes over in silence. */
function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}

/** The error of the platform carries the whole URL. */
function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw refused('The URL is not a URL.');
  }
}

function refused(message: string): AdapterError {
  return new AdapterError('invalid_request', message);
}
