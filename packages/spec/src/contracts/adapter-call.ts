import type { Secret } from '../secret.ts';

/** What a credential lets its holder do inside the database. The database enforces it, not the control plane. */
export type Authorization = 'full_access' | 'read_only';

/** A server, group or directory that can hold databases. */
export interface Placement {
  id: string;
  name: string;
  driver: string;
  region: string;
  /** Addresses and what else the driver needs to know of the place, as the operator gave it. Never a secret. */
  settings: Record<string, unknown>;
  /** What the control plane administers the place with; null where no secret is needed. */
  administrator: Secret | null;
}

/** What a placement is found to be. */
export interface PlacementFindings {
  /** Tells this place from another one behind the same name: a data directory of another host, another cluster. */
  identity: string;
  /** By how much its clock is ahead of this process's, in ms; absent where it has the same or tells none. */
  clockSkewMs?: number;
}

/** The physical database an adapter call is about. The name was committed before the first call and is used once, ever. */
export interface DatabaseTarget {
  /** Identity of the object. The adapter writes it into the database's marker and recognises its own by it. */
  objectId: string;
  /** The environment that it was made for. */
  environmentId: string;
  /** Six characters that tell one control plane's objects from another's on the same provider. */
  installationId: string;
  /** Physical name, `^[a-z0-9]{20,40}$`, made by the control plane. */
  databaseName: string;
  /** Directory- or group-like scope of the owning organization, same alphabet as `databaseName`. */
  organizationScope: string;
  placement: Placement;
  storageLimitMb: number;
  /** What the provider called the object once it was confirmed (an oid, an id). Where the provider gives ids that survive a
   * restore, a different one under the same name is foreign. */
  externalUid: string | null;
}

/** Where a database is. Never holds a user, a password or a token. */
export interface DatabaseLocation {
  databaseUrl: string;
  externalUid: string;
}

/** A database that was created, with the secret to it where the provider chose one then and tells it no other time. */
export interface CreatedDatabase extends DatabaseLocation {
  secret?: Secret;
}

/** What is there under a name. `unknown` means: could not tell, and nothing may be concluded. */
export type Observation =
  | { kind: 'absent' }
  | ({ kind: 'ours' } & DatabaseLocation)
  | { kind: 'foreign' }
  | { kind: 'unknown'; error: unknown };

/** A credential as adapters see it. */
export interface AdapterCredential {
  credentialId: string;
  version: number;
  authorization: Authorization;
  /** Which of two alternating logins or keys it occupies. */
  slot: 0 | 1;
  secret: Secret;
}

/** One that is opened when it is needed, which takes a moment. */
export interface SealedCredential extends Pick<AdapterCredential, 'authorization' | 'slot'> {
  /** A login has proved it since it was set: who sets others beside it may leave it as it is. */
  isProved: boolean;
  /** Answers when the store has it: from then on the provider may accept it (I2). Rejects when it never will. */
  open(): Promise<AdapterCredential>;
  /** Of one that the store may not have yet, for what the provider forgets unless `open` answers, such as a transaction. */
  prepare?(): Promise<AdapterCredential>;
}

/** A credential that is to be accepted. */
export type CredentialToAccept = AdapterCredential | SealedCredential;

/** For providers that are told all of them each time. */
export function openAll(credentials: readonly CredentialToAccept[]): Promise<AdapterCredential[]> {
  return Promise.all(credentials.map(async (each) => ('open' in each ? each.open() : each)));
}

/** Accompanies every adapter call. */
export interface AdapterContext {
  /** Aborts when the call's time is over or the worker has lost its lease. */
  signal: AbortSignal;
  /** Rises with every claim. Providers that can fence refuse calls below the highest they have seen (F3). */
  fenceEpoch: number;
  /**
   * Wraps one outgoing statement, request or file-system call under its failpoint name, for example `sq.link`.
   * In production it only calls `run`.
   */
  effect<T>(name: string, run: () => T | Promise<T>): Promise<T>;
  /**
   * Runs a synchronous local call inside a store transaction that has re-read the fence epoch, so that a worker that lost
   * its claim cannot touch files (F3 sqlite). Throws when the claim is lost; `run` is then not called.
   */
  fenced<T>(name: string, run: () => T): Promise<T>;
}

/** What `POST …/connection` hands out. `secret` is the only place of a response in which a secret can stand. */
export interface ConnectionInfo {
  url: string;
  user?: string;
  secret?: Secret;
  namespace?: string;
  expiresAtMs?: number;
}

/** Which characters begin and end a literal, a name and a comment. */
export type SqlDialect = 'sqlite' | 'postgres';

/** A value that every driver can bind. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

/** A live connection to exactly one environment's database. There is no way from it to another database. */
export interface DatabaseHandle {
  /** All rows of one statement. */
  query<Row extends SqlRow = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /** The first row, or null. */
  one<Row extends SqlRow = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row | null>;
  /** Runs one statement and tells how many rows it changed. */
  exec(sql: string, params?: readonly SqlValue[]): Promise<{ rowCount: number }>;
  /** Runs `body` in one transaction: committed when it resolves, rolled back when it throws. */
  tx<T>(body: (tx: Omit<DatabaseHandle, 'tx' | 'close'>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
