import { randomBytes, randomUUID } from 'node:crypto';
import type {
  AdapterContext,
  AdapterCredential,
  DatabaseAdapter,
  DatabaseHandle,
  DatabaseLocation,
  DatabaseTarget,
  Placement,
} from '@envplane/spec';
import { adapterContext } from '../adapter-context.ts';

/** What the suite needs to know about a driver beyond its adapter. One harness serves all cases of a run. */
export interface DatabaseAdapterHarness {
  adapter: DatabaseAdapter;
  placement: Placement;
  /** Six characters of the run's own, so that it sees only its own world. */
  installationId: string;
  /**
   * Everything that exists, seen without the adapter: a database under its plain name, and whatever else a database brings or
   * leaves (a role, a temporary file, a directory) under a text that contains the name of the database or of its scope.
   */
  listObjects(): Promise<string[]>;
  /** Puts something that is not ours under the target's name. The returned check throws when it has been touched. */
  plantForeign(target: DatabaseTarget): Promise<() => Promise<void>>;
  /**
   * Makes an administrator of its own, which no other test works with, and the placement that is entered as it. `enter` opens a
   * session as it, past the adapter; what it returns uses the session and throws when it has ended. Needed by drivers whose
   * administrators can be given another secret.
   */
  plantAdministrator?(): Promise<{ placement: Placement; enter(): Promise<() => Promise<unknown>> }>;
  close(): Promise<void>;
}

/** A database that was created and whose credential, if its driver has one, is in force. */
export interface Provisioned {
  target: DatabaseTarget;
  location: DatabaseLocation;
  credential: AdapterCredential | null;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte & 31)).join('');
}

/** A target of its own organization, unless one is given. */
export function newTarget(
  { placement, installationId }: DatabaseAdapterHarness,
  fields: Partial<DatabaseTarget> = {},
): DatabaseTarget {
  return {
    objectId: randomUUID(),
    environmentId: randomUUID(),
    installationId,
    databaseName: `ep${installationId}e${randomName(17)}`,
    organizationScope: `ep${installationId}o${randomName(17)}`,
    placement,
    storageLimitMb: 64,
    externalUid: null,
    ...fields,
  };
}

/** Creates the target's database as the control plane does: create, set or mint a credential, verify. */
export async function provision(
  harness: DatabaseAdapterHarness,
  target = newTarget(harness),
  context: AdapterContext = adapterContext(),
): Promise<Provisioned> {
  const location = await harness.adapter.createDatabase(target, { mustExist: false }, context);
  return letIn(harness, target, location, context);
}

/** The rest of `provision` for a database that exists already, such as a copy. */
export async function letIn(
  { adapter }: DatabaseAdapterHarness,
  target: DatabaseTarget,
  location: DatabaseLocation,
  context: AdapterContext = adapterContext(),
): Promise<Provisioned> {
  const credential = await newCredential(adapter, target, context);
  const confirmed = { ...target, externalUid: location.externalUid };
  await adapter.verifyDatabase(confirmed, credential, context);
  return { target: confirmed, location, credential };
}

async function newCredential(
  { credentials }: DatabaseAdapter,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<AdapterCredential | null> {
  const fields = { credentialId: randomUUID(), version: 1, authorization: 'full_access', slot: 0 } as const;
  if (credentials.kind === 'caller_set') {
    const credential = { ...fields, secret: credentials.generateSecret() };
    await credentials.applyCredentials(target, [credential], context);
    return credential;
  }
  if (credentials.kind === 'provider_minted') {
    const minted = await credentials.mintCredential(target, { authorization: 'full_access' }, context);
    return { ...fields, secret: minted.secret };
  }
  return null;
}

/** A credential that only reads, in force beside the one that the database has. @throws Error for a driver without credentials */
export async function newReader(
  { credentials }: DatabaseAdapter,
  { target, credential: first }: Provisioned,
): Promise<AdapterCredential> {
  if (first === null || credentials.kind === 'none') throw new Error('the driver has credentials');
  const reader = { ...first, credentialId: randomUUID(), version: 2, authorization: 'read_only' } as const;
  if (credentials.kind === 'provider_minted') {
    const { authorization } = reader;
    const { secret } = await credentials.mintCredential(target, { authorization }, adapterContext());
    return { ...reader, secret };
  }
  const second = { ...reader, secret: credentials.generateSecret() };
  await credentials.applyCredentials(target, [first, second], adapterContext());
  return second;
}

/** Runs `body` on a tenant connection and closes it. */
export async function withHandle<T>(
  { adapter }: DatabaseAdapterHarness,
  { target, location, credential }: Provisioned,
  body: (handle: DatabaseHandle) => Promise<T>,
): Promise<T> {
  const handle = await adapter.connect(target, location.databaseUrl, credential);
  try {
    return await body(handle);
  } finally {
    await handle.close();
  }
}

/** Creates table `note` with one row. */
export function writeNotes(harness: DatabaseAdapterHarness, database: Provisioned, body: string): Promise<void> {
  return withHandle(harness, database, async (handle) => {
    await handle.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)');
    await handle.exec(`INSERT INTO note VALUES (1, '${body}')`);
  });
}

export function readNotes(harness: DatabaseAdapterHarness, database: Provisioned): Promise<unknown[]> {
  return withHandle(harness, database, async (handle) => {
    const rows = await handle.query<{ body: string }>('SELECT body FROM note ORDER BY id');
    return rows.map((row) => row.body);
  });
}

/** What exists of one target: its database and whatever was made for it or its scope. */
export async function objectsOf(harness: DatabaseAdapterHarness, target: DatabaseTarget): Promise<string[]> {
  const objects = await harness.listObjects();
  return objects.filter((name) => name.includes(target.databaseName) || name.includes(target.organizationScope)).sort();
}

/** What exists of a target, with its names replaced so that two targets can be compared. */
export async function shapeOf(harness: DatabaseAdapterHarness, target: DatabaseTarget): Promise<string[]> {
  const objects = await objectsOf(harness, target);
  return objects.map((object) =>
    object.replaceAll(target.databaseName, '<database>').replaceAll(target.organizationScope, '<scope>'),
  );
}
