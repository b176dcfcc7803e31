import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type ConnectionInfo,
  type DatabaseHandle,
  type DatabaseTarget,
} from '@envplane/spec';
import type { Client, Transaction } from '@libsql/client/http';
import { handleOf } from '../../lib/hrana-handle.ts';
import { expiryOf } from '../../lib/token-expiry.ts';
import { effect } from './effects.ts';
import { unreachable } from './errors.ts';
import { MAKE_MARKER_TABLE } from './marker.ts';
import { callOf, lookUp } from './observe.ts';
import { checkNames, isUrlOf, placeOf } from './place.ts';
import type { DatabaseCall } from './platform-api.ts';
import { openClient, statusOf, whenReachable, withClient } from './session.ts';

/** The contract's `describeConnection`: `url` and `secret` are all that the stock client (`@libsql/client`) needs. */
export function describeConnection(
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): ConnectionInfo {
  checkNames(target);
  const { secret } = demand(credential);
  const expiresAtMs = expiryOf(secret.reveal());
  return { url: databaseUrl, secret, ...(expiresAtMs === null ? {} : { expiresAtMs }) };
}

/** The contract's `connect`. */
export function connect(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): DatabaseHandle {
  checkNames(target);
  if (!isUrlOf(databaseUrl, placeOf(target.placement), target.databaseName)) {
    throw new AdapterError('invalid_request', 'The address does not belong to this database.');
  }
  return handleOf(openClient(fetch, databaseUrl, demand(credential).secret.reveal()));
}

/**
 * The contract's `verifyDatabase`. Waits until the database's own host serves it; then writes and reads in a transaction that is
 * rolled back, and sees refused what must be: no token, and writing with a read-only one.
 */
export async function verifyDatabase(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  credential: AdapterCredential | null,
  context: AdapterContext,
): Promise<void> {
  const call = callOf(fetch, target, context);
  const { secret, authorization } = demand(credential);
  const { databaseUrl } = await lookUp(call, target, context);
  await effect(context, 'tu.login', async () => {
    const token = secret.reveal();
    const permitted = authorization === 'full_access' ? writeAndRead : read;
    await whenReachable(call, () => withClient(call, databaseUrl, token, permitted));
    if (authorization === 'read_only') await expectRefusal(call, databaseUrl, token, write);
    await expectRefusal(call, databaseUrl, null, read);
  });
}

/** The contract's `verifyRefused`. A token dies at its expiry, or with the keys of its database. */
export async function verifyRefused(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  { secret }: AdapterCredential,
  context: AdapterContext,
): Promise<void> {
  const call = callOf(fetch, target, context);
  const { databaseUrl } = await lookUp(call, target, context);
  await effect(context, 'tu.refused', async () => {
    const status = await withClient(call, databaseUrl, secret.reveal(), read).then(() => 200, statusOf);
    if (status !== 401) throw new AdapterError('unavailable', 'The database does not refuse the old token.');
  });
}

async function expectRefusal(
  call: DatabaseCall,
  databaseUrl: string,
  token: string | null,
  act: (client: Client) => Promise<unknown>,
): Promise<void> {
  try {
    await withClient(call, databaseUrl, token, act);
  } catch (error) {
    const status = statusOf(error);
    if (status === 401 || status === 403) return;
    throw unreachable();
  }
  throw new AdapterError('unsupported', 'The database lets in what it must refuse.');
}

function read(client: Client): Promise<unknown> {
  return client.execute('SELECT 1');
}

/** A write that changes nothing, should it be let through. */
function write(client: Client): Promise<unknown> {
  return client.execute(MAKE_MARKER_TABLE);
}

/** The header is written, not a row: a database that is full by its limit is still fit. */
async function writeAndRead(client: Client): Promise<void> {
  const transaction = await client.transaction('write');
  try {
    const written = (await userVersion(transaction)) ^ 1;
    await transaction.execute(`PRAGMA user_version = ${written}`);
    if ((await userVersion(transaction)) !== written) throw unreachable();
  } finally {
    // Rolls back.
    transaction.close();
  }
}

async function userVersion(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.execute('PRAGMA user_version');
  return Number(rows[0]?.[0]);
}

function demand(credential: AdapterCredential | null): AdapterCredential {
  if (credential === null) throw new AdapterError('invalid_request', 'A Turso database is opened with a token.');
  return credential;
}
