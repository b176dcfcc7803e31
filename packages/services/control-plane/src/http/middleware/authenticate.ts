import type { Socket } from 'node:net';
import type { Caller } from '@envplane/service-tenant';
import { ControlPlaneError, type Principal } from '@envplane/spec';
import type { Context } from 'hono';
import type { AttemptLimit } from '../../identity/attempt-limit.ts';
import { bearerToken, keyIdOf } from '../../identity/bearer.ts';
import { IssuerUnavailable } from '../../identity/bounded-fetch.ts';
import { networkOf } from '../../identity/client-address.ts';
import { identify } from '../../identity/providers.ts';
import type { AppOptions } from '../app.ts';
import type { AppEnv } from '../exchange.ts';
import { actAs } from './act-as.ts';

export type Authenticate = (c: Context<AppEnv>) => Promise<Caller>;

/**
 * Makes the first step of every closed route: who is calling, and for whom.
 *
 * What it makes throws ControlPlaneError: `unauthenticated` without a credential; `invalid_token`, the same for every bad one,
 * or `rate_limited` after too many; `act_as_not_allowed`; `issuer_unavailable` or `store_unavailable` when a provider cannot tell
 */
export function authenticator({
  identity,
  controlPlane,
  attempts,
}: Pick<AppOptions, 'identity' | 'controlPlane'> & { attempts: AttemptLimit }): Authenticate {
  return async (c) => {
    const { trace } = c.get('exchange');
    const beganMs = performance.now();
    try {
      const { method, headers } = c.req.raw;
      const request = { method, headers, trace };
      const principal = await identify(identity, request).catch(unavailable);
      if (principal === 'invalid' || (principal === null && headers.has('authorization'))) {
        throw await refused(c, attempts, bearerToken(request));
      }
      if (principal === null) {
        throw new ControlPlaneError('unauthenticated', 'Send a credential: Authorization: Bearer <token>.');
      }
      const become = (caller: Caller, userId: string) => controlPlane.service.as(caller, trace).actAs(userId);
      return await actAs(headers, toCaller(c, principal), become);
    } finally {
      trace.ended('authenticate', beganMs);
    }
  };
}

/** The answer to a bad credential, which is counted. */
async function refused(
  c: Context<AppEnv>,
  attempts: AttemptLimit,
  token: string | undefined,
): Promise<ControlPlaneError> {
  const keyId = token === undefined ? undefined : keyIdOf(token);
  const retryAfterMs = await attempts.failed({ address: addressOf(c), keyId });
  if (retryAfterMs === undefined) {
    return new ControlPlaneError('invalid_token', 'The credential is not valid; use another one.');
  }
  return new ControlPlaneError('rate_limited', 'Too many credentials that are not valid; send a valid one, or wait.', {
    retryAfterMs,
  });
}

export function unavailable(error: unknown): never {
  if (error instanceof ControlPlaneError) throw error;
  const detail = 'The credential cannot be checked now; try again.';
  const code = error instanceof IssuerUnavailable ? 'issuer_unavailable' : 'store_unavailable';
  throw new ControlPlaneError(code, detail, {}, { cause: error });
}

export function toCaller(c: Context<AppEnv>, principal: Principal): Caller {
  return { principal, requestId: c.get('exchange').requestId, clientAddress: clientNetwork(c) };
}

/** A connection carries many requests, and has one address. */
const networks = new WeakMap<Socket, string | null>();

function clientNetwork(c: Context<AppEnv>): string | null {
  const socket = c.env?.incoming?.socket;
  if (socket === undefined) return null;
  let network = networks.get(socket);
  if (network === undefined) {
    network = socket.remoteAddress === undefined ? null : networkOf(socket.remoteAddress);
    networks.set(socket, network);
  }
  return network;
}

/** Of the connection: a header can say anything. Undefined in process. */
export const addressOf = (c: Context<AppEnv>): string | undefined => c.env?.incoming?.socket.remoteAddress;
