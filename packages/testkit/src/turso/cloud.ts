import { randomUUID } from 'node:crypto';
import type { TursoSwitches } from './faults.ts';
import type { Namespaces } from './namespaces.ts';
import { newSigningKey, type SigningKey, signToken } from './tokens.ts';

export interface Group {
  name: string;
  uuid: string;
  location: string;
  deleteProtection: boolean;
  key: SigningKey;
}

/** A database of the emulated cloud, kept for a while after its deletion for readers that lag behind. */
export interface CloudDatabase {
  id: string;
  name: string;
  group: Group;
  /** What the host name begins with, and the namespace behind it. */
  label: string;
  key: SigningKey;
  parent: { id: string; name: string; branched_at: string } | null;
  deleteProtection: boolean;
  blockReads: boolean;
  blockWrites: boolean;
  sizeLimit: string | null;
  allowedIps: unknown;
  createdAtMs: number;
  deletedAtMs: number | null;
}

/** For so long after its deletion a database is kept, ms: also a reader that lags behind by more does not see it any longer. */
const KEPT_MS = 60_000;

/** What the Platform API changes and shows. Every database is a namespace with a key of its own. */
export interface Cloud {
  readonly organization: string;
  readonly groups: Map<string, Group>;
  /** The database as a reader sees it that lags behind by `staleMs`. */
  find(name: string, staleMs?: number): CloudDatabase | undefined;
  findByHost(host: string): CloudDatabase | undefined;
  list(staleMs?: number): CloudDatabase[];
  hostnameOf(database: CloudDatabase): string;
  create(fields: {
    name: string;
    group: Group;
    sizeLimit: string | null;
    seed: CloudDatabase | null;
  }): Promise<CloudDatabase>;
  /** Applies a change of settings or keys; false when the database is gone. */
  change(database: CloudDatabase, fields: Partial<CloudDatabase>): Promise<boolean>;
  remove(database: CloudDatabase): Promise<void>;
  storageBytes(database: CloudDatabase): Promise<number>;
}

export function newCloud(organization: string, namespaces: Namespaces, switches: TursoSwitches): Cloud {
  let all: CloudDatabase[] = [];
  let last: Promise<unknown> = Promise.resolve();
  /** sqld replaces a whole configuration, so changes come one after the other. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  const isThere = ({ createdAtMs, deletedAtMs }: CloudDatabase, atMs: number) =>
    createdAtMs <= atMs && (deletedAtMs === null || deletedAtMs > atMs);
  const list = (staleMs = 0) => all.filter((database) => isThere(database, Date.now() - staleMs));

  return {
    organization,
    groups: new Map(),
    list,
    find: (name, staleMs) => list(staleMs).find((database) => database.name === name),
    findByHost: (host) => list().find(({ label }) => label === host.split('.')[0]),
    hostnameOf: ({ label, group }) => {
      // Databases on AWS have their region in the host name.
      const region = group.location.startsWith('aws-') ? `${group.location}.` : '';
      return `${label}.${region}${switches.hostSuffix}`;
    },
    async create({ name, group, sizeLimit, seed }) {
      const database: CloudDatabase = {
        ...{ id: randomUUID(), name, group, label: `${name}-${organization}`, key: newSigningKey() },
        parent: seed && { id: seed.id, name: seed.name, branched_at: new Date().toISOString() },
        ...{ deleteProtection: false, blockReads: false, blockWrites: false, sizeLimit, allowedIps: null },
        ...{ createdAtMs: Date.now(), deletedAtMs: null },
      };
      // The name is taken from here on.
      all.push(database);
      try {
        await inTurn(async () => {
          if (seed === null) {
            await namespaces.create(database.label, settingsOf(database));
          } else {
            await namespaces.fork(seed.label, database.label);
            await namespaces.configure(database.label, settingsOf(database));
          }
        });
      } catch (error) {
        all = all.filter((other) => other !== database);
        throw error;
      }
      return database;
    },
    change: (database, fields) =>
      inTurn(async () => {
        if (database.deletedAtMs !== null) return false;
        Object.assign(database, fields);
        return namespaces.configure(database.label, settingsOf(database));
      }),
    remove: (database) =>
      inTurn(async () => {
        if (database.deletedAtMs !== null) return;
        await namespaces.remove(database.label);
        const nowMs = Date.now();
        database.deletedAtMs = nowMs;
        all = all.filter(({ deletedAtMs }) => deletedAtMs === null || deletedAtMs > nowMs - KEPT_MS);
      }),
    async storageBytes(database) {
      const token = signToken(database.key, { a: 'ro', exp: Math.floor(Date.now() / 1000) + 60 });
      const sql = 'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()';
      const exact = await namespaces.queryNumber(database.label, token, sql);
      return exact ?? (await namespaces.stats(database.label)).storageBytes;
    },
  };
}

function settingsOf({ key, group, blockReads, blockWrites, sizeLimit }: CloudDatabase) {
  return {
    keys: key.publicPem + group.key.publicPem,
    blockReads,
    blockWrites,
    maxSizeBytes: sizeLimit === null ? null : (parseSize(sizeLimit) ?? null),
  };
}

const UNITS = { '': 1, b: 1, kb: 1_000, mb: 1_000_000, gb: 1_000_000_000 } as const;

/** Bytes of a size like `10000` or `256mb`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(|b|kb|mb|gb)$/i.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]?.toLowerCase() as keyof typeof UNITS] : undefined;
}
