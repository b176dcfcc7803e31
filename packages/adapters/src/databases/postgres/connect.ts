import { randomBytes, randomInt } from 'node:crypto';
import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type ConnectionInfo,
  type DatabaseHandle,
  type DatabaseTarget,
} from '@envplane/spec';
import { loginOf } from './credentials.ts';
import { effect } from './effects.ts';
import { codeOf, isFull, toAdapterError, tooMuch } from './errors.ts';
import { sessionHandle } from './handle.ts';
import { identifier, literal, type Names, namesOf, TENANT_SCHEMA } from './names.ts';
import { openSession, type Session } from './session.ts';
import { databaseUrlOf, type Place, placeOf } from './settings.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

/** What the codec relies on. */
export const TENANT_PARAMETERS = { TimeZone: 'UTC', DateStyle: 'ISO', bytea_output: 'hex' };

/** The contract's `describeConnection`. */
export function describeConnection(
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): ConnectionInfo {
  if (credential === null) return { url: databaseUrl };
  return { url: databaseUrl, user: loginOf(namesOf(target), credential), secret: credential.secret };
}

/** The contract's `connect`: one session as the tenant, held until the handle is closed. */
export async function connect(
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): Promise<DatabaseHandle> {
  const names = namesOf(target);
  const place = placeOf(target.placement);
  if (databaseUrl !== databaseUrlOf(place, names.database)) {
    throw new AdapterError('invalid_request', 'The address does not belong to this database.');
  }
  const session = openAsTenant(place, names, needed(credential));
  try {
    await session.run('SELECT');
    return sessionHandle(session);
  } catch (error) {
    await session.close();
    throw toAdapterError(error);
  }
}

/**
 * The contract's `verifyDatabase`: what the authorization permits works, and what it must not is refused. A database that has no session
 * left is not entered; that the server knows the login has to do then, or whoever holds them all could keep a stolen one in use.
 */
export async function verifyDatabase(
  target: DatabaseTarget,
  credential: AdapterCredential | null,
  context: AdapterContext,
): Promise<void> {
  const names = namesOf(target);
  const place = placeOf(target.placement);
  const own = needed(credential);
  await effect(context, 'pg.login', async () => {
    try {
      await tryOut(place, names, own, context.signal);
    } catch (error) {
      if (isFull(error)) return;
      // A refusal of the tenant says nothing about the administrator: setting the credential again may heal it.
      const { code, message } = toAdapterError(error);
      if (code !== 'unauthorized') throw error;
      throw new AdapterError('unavailable', `As the tenant: ${message}`);
    }
  });
}

/** The contract's `verifyRefused`: the server itself says that the login is none. */
export async function verifyRefused(
  target: DatabaseTarget,
  credential: AdapterCredential,
  context: AdapterContext,
): Promise<void> {
  const names = namesOf(target);
  const place = placeOf(target.placement);
  await effect(context, 'pg.refused', async () => {
    const session = openAsTenant(place, names, credential, context.signal);
    try {
      await session.run('SELECT');
    } catch (error) {
      if (toAdapterError(error).code === 'unauthorized') return;
      throw error;
    } finally {
      await session.close();
    }
    throw new AdapterError('unavailable', 'The server still lets in whoever has the old credential.');
  });
}

async function tryOut(place: Place, names: Names, credential: AdapterCredential, signal: AbortSignal): Promise<void> {
  const session = openAsTenant(place, names, credential, signal);
  try {
    const [works, refused] =
      credential.authorization === 'full_access'
        ? [writeAndRead(session), mustBeRefused(session, `CREATE SCHEMA ${probeName()}`)]
        : [readAsReader(session, names), mustBeRefused(session, `CREATE TABLE ${TENANT_SCHEMA}.${probeName()} ()`)];
    // Sent together; what should work and does not is the better explanation.
    const [worked, wasRefused] = await Promise.allSettled([works, refused]);
    for (const proof of [worked, wasRefused]) if (proof.status === 'rejected') throw proof.reason;
  } finally {
    session.leave();
  }
}

function openAsTenant(place: Place, names: Names, credential: AdapterCredential, signal?: AbortSignal): Session {
  const login = { user: loginOf(names, credential), password: credential.secret, database: names.database };
  return openSession(place.server, login, TENANT_PARAMETERS, signal);
}

function needed(credential: AdapterCredential | null): AdapterCredential {
  if (credential === null)
    throw new AdapterError('unauthorized', 'A PostgreSQL database is not entered without a credential.');
  return credential;
}

function probeName(): string {
  return identifier(`_ep_probe_${randomBytes(8).toString('hex')}`);
}

/** In a transaction that is rolled back. A number: a table of text is three files for the server, made and removed, and one of numbers is one. */
async function writeAndRead(session: Session): Promise<void> {
  const table = `${TENANT_SCHEMA}.${probeName()}`;
  const written = randomInt(2 ** 31);
  const results = await session.script<{ value: number }>([
    'BEGIN',
    `CREATE TABLE ${table} (value integer)`,
    `INSERT INTO ${table} VALUES (${written})`,
    `SELECT value FROM ${table}`,
    'ROLLBACK',
  ]);
  if (results.at(-1)?.[0]?.value !== written) {
    throw new AdapterError('unavailable', 'The database did not return what was written.');
  }
}

/** There may be no table to read, so it asks for what reading one takes. */
async function readAsReader(session: Session, names: Names): Promise<void> {
  const [[read] = []] = await session.script<{ able: boolean }>([
    `SELECT current_user = ${literal(names.reader)} AND has_schema_privilege('${TENANT_SCHEMA}', 'USAGE') AS able`,
  ]);
  if (read?.able !== true) throw new AdapterError('unavailable', 'The reader cannot read.');
}

/** Leaves a transaction behind that the end of the session rolls back. */
async function mustBeRefused(session: Session, statement: string): Promise<void> {
  const code = await session.script(['BEGIN', statement]).then(
    () => 'allowed',
    (error: unknown) => codeOf(error),
  );
  if (code === 'allowed') throw tooMuch();
  if (code !== INSUFFICIENT_PRIVILEGE) {
    throw new AdapterError('unavailable', 'It could not be proved what the tenant may do.');
  }
}
