import { randomUUID } from 'node:crypto';
import { type AdapterContext, AdapterError, type AdoptedDatabase, type AdoptFacet, type Secret } from '@envplane/spec';
import { foreign, transportError } from '../../lib/adapter-errors.ts';
import { handleOf } from '../../lib/hrana-handle.ts';
import { expiryOf } from '../../lib/token-expiry.ts';
import { effect } from './effects.ts';
import { unreachable } from './errors.ts';
import { isUrlOf, placeOf } from './place.ts';
import { type DatabaseCall, getDatabase } from './platform-api.ts';
import { openClient, statusOf, withClient } from './session.ts';
import { pause } from './transport.ts';

/** For a database that was taken over a single 404 proves nothing. */
const SECOND_LOOK_AFTER_MS = 1_000;

/** The host of a database is one label of name and organization, and perhaps a region. */
const HOST = /^(?:libsql|https|wss):\/\/([a-z0-9-]+)((?:\.[a-z0-9-]+)?\.turso\.io)\/?$/;

/**
 * Databases of the placement's organization, in whichever group, with a token that somebody minted. They are known by the id that
 * Turso gave them.
 */
export function adoptDatabases(fetch: typeof globalThis.fetch): AdoptFacet {
  const callOf = ({ placement, databaseUrl }: AdoptedDatabase, signal: AbortSignal): DatabaseCall => {
    const place = placeOf(placement);
    const found = addressOf(place.organization, databaseUrl);
    if (found === null) throw invalid('The address does not lead to this placement.');
    return { fetch, place, name: found.name, signal };
  };
  return {
    login: 'needed',
    locate(placement, address) {
      const { organization } = placeOf(placement);
      const found = addressOf(organization, address);
      return found && { databaseUrl: found.databaseUrl, identity: `turso:${organization}/${found.name}` };
    },
    loginOf(_address, token) {
      if (token === null) throw invalid('A Turso database is opened with a token.');
      return token;
    },
    async find(database, context) {
      try {
        const uid = await look(callOf(database, context.signal), database, context);
        return uid === null
          ? { kind: 'absent' }
          : { kind: 'ours', databaseUrl: database.databaseUrl, externalUid: uid };
      } catch (error) {
        if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
        return { kind: 'unknown', error: transportError(error) };
      }
    },
    async verify(database, login, context) {
      const call = callOf(database, context.signal);
      await effect(context, 'tu.login', () => verify(call, database.databaseUrl, demand(login)));
    },
    describe(database, login) {
      const secret = demand(login);
      const expiresAtMs = expiryOf(secret.reveal());
      return { url: database.databaseUrl, secret, ...(expiresAtMs !== null && { expiresAtMs }) };
    },
    async connect(database, login) {
      if (addressOf(placeOf(database.placement).organization, database.databaseUrl) === null) {
        throw invalid('The address does not lead to this placement.');
      }
      return handleOf(openClient(fetch, database.databaseUrl, demand(login).reveal()));
    },
  };
}

function addressOf(organization: string, address: string): { name: string; databaseUrl: string } | null {
  const [, label = '', rest = ''] = HOST.exec(address) ?? [];
  if (!label.endsWith(`-${organization}`)) return null;
  const name = label.slice(0, -organization.length - 1);
  return name === '' ? null : { name, databaseUrl: `libsql://${label}${rest}` };
}

/** What the provider calls the database; null when there is none. */
async function look(call: DatabaseCall, { externalUid }: AdoptedDatabase, context: AdapterContext) {
  const see = () => effect(context, 'tu.observe', () => getDatabase(call));
  let found = await see();
  if (found === null && externalUid !== null) {
    await pause(SECOND_LOOK_AFTER_MS, call.signal);
    found = await see();
  }
  if (found === null) return null;
  if (!isUrlOf(found.databaseUrl, call.place, call.name)) throw unreachable();
  if (externalUid !== null && found.uid !== externalUid) throw foreign();
  return found.uid;
}

async function verify(call: DatabaseCall, databaseUrl: string, token: Secret): Promise<void> {
  const statusAfter = async (sql: 'read' | 'write'): Promise<number | undefined> =>
    withClient(call, databaseUrl, token.reveal(), async (client) => {
      if (sql === 'read') await client.execute('SELECT count(*) FROM sqlite_schema');
      // A write that changes nothing: no table has this name. The lock for one is given to a token that may only read, too.
      else await client.execute(`DROP TABLE IF EXISTS "${randomUUID()}"`);
      return 200;
    }).catch(statusOf);
  const read = await statusAfter('read');
  if (read === 401 || read === 403) {
    throw new AdapterError('unauthorized', 'The database refuses the token that it came with.');
  }
  if (read !== 200) throw unreachable();
  if ((await statusAfter('write')) !== 200) throw new AdapterError('unsupported', 'The token may only read.');
}

function demand(login: Secret | null): Secret {
  if (login === null) throw invalid('A Turso database is opened with a token.');
  return login;
}

const invalid = (message: string) => new AdapterError('invalid_request', message);
