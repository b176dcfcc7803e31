import {
  type AdapterCredential,
  AdapterError,
  type ConnectionInfo,
  type DatabaseHandle,
  type DatabaseTarget,
  type Secret,
} from '@envplane/spec';
import { handleOf } from '../../lib/hrana-handle.ts';
import { openClient } from './client.ts';
import { invalid } from './errors.ts';
import { databaseUrlOf, namespaceOf, placeOf } from './place.ts';
import { LEEWAY_SECONDS, mintToken } from './tokens.ts';

/** How long callers get in unless they ask for less. */
const CALLER_SECONDS = 24 * 3600;

/** What our own connections show; they mint the next one before this one ends. */
export const OWN_TOKEN_SECONDS = 300;

/**
 * The contract's `describeConnection`. `secret` is a token of at most 24 h. Where the placement has a domain, `url` and token are
 * all that the stock client needs. Elsewhere `namespace` is set, and travels in the header `x-namespace-bin`:
 *
 * ```ts
 * const header = Buffer.from(namespace).toString('base64').replace(/=+$/, '');
 * const client = createClient({
 *   url,
 *   authToken: secret,
 *   fetch(request: Request) {
 *     request.headers.set('x-namespace-bin', header);
 *     return fetch(request);
 *   },
 * });
 * ```
 */
export function describeConnection(
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
  lifetimeSeconds = CALLER_SECONDS,
): ConnectionInfo {
  const namespace = namespaceOf(target);
  // The server's leeway is part of the time.
  const { token, expiresAtMs } = mint(namespace, demand(credential), lifetimeSeconds - LEEWAY_SECONDS);
  const info = { url: databaseUrl, secret: token, expiresAtMs };
  return placeOf(target.placement).domain === null ? { ...info, namespace } : info;
}

/** The contract's `connect`. The connection holds as long as the key does: its tokens last minutes and are renewed. */
export function connect(
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): DatabaseHandle {
  const namespace = namespaceOf(target);
  if (databaseUrl !== databaseUrlOf(placeOf(target.placement), namespace)) {
    throw invalid('The address does not belong to this database.');
  }
  return handleOf(openClient({ databaseUrl, namespace, token: renewing(namespace, demand(credential)) }));
}

/** @throws AdapterError `invalid_request` */
export function demand(credential: AdapterCredential | null): AdapterCredential {
  if (credential === null) throw new AdapterError('invalid_request', 'A libSQL database is opened with a credential.');
  return credential;
}

export function mint(
  namespace: string,
  { secret, authorization, credentialId }: AdapterCredential,
  lifetimeSeconds: number,
) {
  return mintToken(secret, { namespace, authorization, lifetimeSeconds, keyId: credentialId });
}

function renewing(namespace: string, credential: AdapterCredential): () => Secret {
  let current = mint(namespace, credential, OWN_TOKEN_SECONDS);
  return () => {
    const halfLifeMs = (OWN_TOKEN_SECONDS * 1000) / 2;
    if (current.expiresAtMs - Date.now() < halfLifeMs) current = mint(namespace, credential, OWN_TOKEN_SECONDS);
    return current.token;
  };
}
