import { createHash } from 'node:crypto';
import { type AdapterContext, AdapterError, type AdoptedDatabase, type AdoptFacet, type Secret } from '@envplane/spec';
import { foreign, transportError } from '../../lib/adapter-errors.ts';
import { handleOf } from '../../lib/hrana-handle.ts';
import { expiryOf } from '../../lib/token-expiry.ts';
import { openClient, runStatements } from './client.ts';
import { effect } from './effects.ts';
import { invalid } from './errors.ts';
import { parseKeyRing } from './key-ring.ts';
import { readTwice } from './observe.ts';
import { type Place, placeOf } from './place.ts';
import { harmlessWrite } from './verify.ts';

/** What the server takes as a name, and what cannot lead out of its data directory. */
const NAMESPACE = /^[a-z0-9-]{1,64}$/;

/**
 * Namespaces with a key of somebody else. The address names the namespace in the first label of its host, as the server reads it;
 * the token is a client's, signed by whoever has that key. It is not looked into and not renewed.
 */
export const adoptNamespaces: AdoptFacet = {
  login: 'needed',
  locate(placement, address) {
    const found = addressOf(placeOf(placement), address);
    return found && { databaseUrl: found.databaseUrl, identity: found.databaseUrl };
  },
  loginOf(_address, token) {
    if (token === null) throw invalid('A libSQL database is opened with a token.');
    return token;
  },
  async find(database, context) {
    try {
      const uid = await effect(context, 'ns.observe', () => look(database, context.signal));
      return uid === null ? { kind: 'absent' } : { kind: 'ours', databaseUrl: database.databaseUrl, externalUid: uid };
    } catch (error) {
      if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
      return { kind: 'unknown', error: transportError(error) };
    }
  },
  verify: (database, login, context) => effect(context, 'ns.login', () => verify(database, login, context)),
  describe(database, login) {
    const { place, namespace, databaseUrl } = placed(database);
    const secret = demand(login);
    const expiresAtMs = expiryOf(secret.reveal());
    const info = { secret, ...(expiresAtMs !== null && { expiresAtMs }) };
    return place.domain === null ? { url: place.url, ...info, namespace } : { url: databaseUrl, ...info };
  },
  async connect(database, login) {
    const { dataUrl, namespace } = placed(database);
    const token = demand(login);
    return handleOf(openClient({ databaseUrl: dataUrl, namespace, token: () => token }));
  },
};

/** `<namespace>.<domain>` or `<namespace>.<host of the placement>`, with or without TLS as the placement has it. */
function addressOf(place: Place, address: string): { namespace: string; databaseUrl: string } | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address.replace(/^(libsql|wss):/, 'https:').replace(/^ws:/, 'http:'));
  if (url.pathname !== '/' || url.username !== '' || url.password !== '') return null;
  const parent = new URL(place.domain === null ? place.url : `https://${place.domain}`);
  const [namespace = '', ...rest] = url.hostname.split('.');
  const port = (of: URL) => of.port || (of.protocol === 'https:' ? '443' : '80');
  const isBelow = rest.join('.') === parent.hostname && url.protocol === parent.protocol && port(url) === port(parent);
  if (!isBelow || !NAMESPACE.test(namespace)) return null;
  return { namespace, databaseUrl: url.origin };
}

function placed({ placement, databaseUrl }: AdoptedDatabase) {
  const place = placeOf(placement);
  const found = addressOf(place, databaseUrl);
  if (found === null) throw invalid('The address does not lead to this placement.');
  // Names below the host of a server need not resolve: there the namespace travels in a header.
  return { place, namespace: found.namespace, databaseUrl, dataUrl: place.domain === null ? place.url : databaseUrl };
}

/** The name and the keys that were found when it was taken over, or that there were none. */
async function look(database: AdoptedDatabase, signal: AbortSignal): Promise<string | null> {
  const { place, namespace } = placed(database);
  const config = await readTwice(place, namespace, database.externalUid !== null, signal);
  if (config === null) return null;
  // Its keys say that a control plane made it.
  if (parseKeyRing(config.jwt_key).owner !== null) throw foreign();
  const keys = config.jwt_key === null ? 'none' : createHash('sha256').update(config.jwt_key).digest('hex');
  const uid = `${namespace}:${keys}`;
  if (database.externalUid !== null && database.externalUid !== uid) throw foreign();
  return uid;
}

async function verify(database: AdoptedDatabase, login: Secret | null, { signal }: AdapterContext): Promise<void> {
  const { dataUrl, namespace } = placed(database);
  const at = { databaseUrl: dataUrl, namespace, signal };
  const token = demand(login);
  if (!(await succeeds(at, token, ['SELECT count(*) FROM sqlite_schema']))) {
    throw new AdapterError('outcome_unknown', 'The server answered with an error.');
  }
  // A write that changes nothing; taking the lock for one is allowed to a token that may only read.
  if (!(await succeeds(at, token, [harmlessWrite()], true))) {
    throw new AdapterError('unsupported', 'The token may only read.');
  }
}

/** False when a statement failed. @throws AdapterError `unauthorized` when the token opens nothing */
async function succeeds(
  at: Parameters<typeof runStatements>[0],
  token: Secret,
  statements: string[],
  isWrite = false,
): Promise<boolean> {
  const { status, body } = await runStatements(at, token, statements);
  if (isWrite && status === 403) return false;
  // The server answers 404 for a token of another namespace.
  if ([401, 403, 404].includes(status)) {
    throw new AdapterError('unauthorized', 'The database refuses the token that it came with.');
  }
  if (status !== 200) throw new AdapterError('outcome_unknown', 'The server answered with an error.');
  return !body.includes('"type":"error"');
}

function demand(login: Secret | null): Secret {
  if (login === null) throw invalid('A libSQL database is opened with a token.');
  return login;
}
