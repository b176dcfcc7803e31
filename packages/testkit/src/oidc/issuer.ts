import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type JWTPayload, SignJWT } from 'jose';
import { newOidcKey, type OidcAlgorithm, type OidcKey } from './keys.ts';

const LIFETIME_S = 300;
const CONFIGURATION_PATH = '/.well-known/openid-configuration';
const KEY_SET_PATH = '/keys';

/** What the documents of an issuer meet until it is told otherwise. All may be changed at any time. */
export interface OidcFaults {
  /** Waits this long before each answer, in ms. */
  delayMs: number;
  /** Adds this many bytes to each document, still valid JSON. */
  padding: number;
  /** Sends everybody here instead, with 302. */
  redirectTo: string | null;
  /** Answers this status. */
  status: number;
  /** Answers this text instead of each document. */
  text: string | null;
  /** Fields of the configuration document that differ. */
  configuration: Record<string, unknown>;
}

const NO_FAULTS: OidcFaults = {
  delayMs: 0,
  padding: 0,
  redirectTo: null,
  status: 200,
  text: null,
  configuration: {},
};

/** What a token says beside the claims. */
export interface TokenOptions {
  /** Signs with this key instead of the newest one. */
  key?: OidcKey;
  /** Header fields that differ; undefined leaves one out. */
  header?: Record<string, unknown>;
}

/** An OpenID Connect issuer on loopback: discovery, key set and real signatures. Nobody signs in here; tokens are asked for. */
export interface OidcIssuerServer {
  /** Value of `iss`, and where the issuer is. */
  readonly issuer: string;
  readonly faults: OidcFaults;
  /** Paths that were asked for, oldest first. */
  readonly requests: readonly string[];
  /** The keys in the key set, newest first. */
  readonly keys: readonly OidcKey[];
  /** A token for the audience `envplane`, valid for 5 minutes; a claim that is undefined is left out. */
  token(claims: Record<string, unknown>, options?: TokenOptions): Promise<string>;
  /** Publishes a new key, and signs with it from now on. */
  rotate(algorithm?: OidcAlgorithm): Promise<OidcKey>;
  /** Takes a key out of the key set. */
  withdraw(key: OidcKey): void;
  /** Ends the faults. */
  heal(): void;
  /** Refuses connections, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** @param algorithm of the first key */
export async function startOidcIssuer(algorithm: OidcAlgorithm = 'RS256'): Promise<OidcIssuerServer> {
  const keys = [await newOidcKey(algorithm)];
  const faults = { ...NO_FAULTS };
  const requests: string[] = [];
  let server: Server | null = createServer(serve);
  const port = await listen(server, 0);
  const issuer = `http://127.0.0.1:${port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    requests.push(path);
    // A snapshot: the answer is the one that the request met.
    const met = { ...faults };
    if (met.delayMs > 0) await delay(met.delayMs);
    const document = documentAt(path, met);
    if (met.redirectTo !== null) {
      response.writeHead(302, { location: met.redirectTo }).end();
    } else if (document === undefined) {
      response.writeHead(404).end();
    } else {
      response.writeHead(met.status, { 'content-type': 'application/json' });
      response.end(met.text ?? JSON.stringify(document) + ' '.repeat(met.padding));
    }
  }

  function documentAt(path: string, { configuration }: OidcFaults): object | undefined {
    if (path === KEY_SET_PATH) return { keys: keys.map(({ publicJwk }) => publicJwk) };
    if (path !== CONFIGURATION_PATH) return undefined;
    return {
      issuer,
      jwks_uri: issuer + KEY_SET_PATH,
      authorization_endpoint: `${issuer}/authorize`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(keys.map((key) => key.algorithm))],
      ...configuration,
    };
  }

  async function down(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    closing.closeAllConnections();
    closing.close();
    await once(closing, 'close');
  }

  return {
    issuer,
    faults,
    requests,
    keys,
    token: (claims, { key = keys[0], header = {} } = {}) => {
      if (key === undefined) throw new TypeError('the issuer has no key');
      const nowS = Math.floor(Date.now() / 1_000);
      const all = { iss: issuer, aud: 'envplane', iat: nowS, exp: nowS + LIFETIME_S, ...claims };
      return new SignJWT(all as JWTPayload)
        .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT', ...header })
        .sign(key.privateKey);
    },
    rotate: async (next = algorithm) => {
      const key = await newOidcKey(next);
      keys.unshift(key);
      return key;
    },
    withdraw: (key) => {
      keys.splice(keys.indexOf(key), 1);
    },
    heal: () => {
      Object.assign(faults, NO_FAULTS);
    },
    down,
    up: async () => {
      if (server !== null) return;
      server = createServer(serve);
      await listen(server, port);
    },
    close: down,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
