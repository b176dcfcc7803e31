import { isIP } from 'node:net';
import type { Caller } from '@envplane/service-tenant';
import { ControlPlaneError, type IdentityProvider, type Principal } from '@envplane/spec';
import type { Context } from 'hono';
import type { AppEnv } from '../exchange.ts';

/**
 * Asks the providers, in order, who is calling.
 * @throws ControlPlaneError `unauthenticated` without a credential; `invalid_token`, the same for every bad one;
 *   `store_unavailable` when a provider cannot tell
 */
export async function authenticate(c: Context<AppEnv>, providers: readonly IdentityProvider[]): Promise<Caller> {
  const { headers } = c.req.raw;
  const request = { method: c.req.method, header: (name: string) => headers.get(name) ?? undefined };
  for (const provider of providers) {
    const result = await provider.authenticate(request).catch(unavailable);
    if (result.outcome === 'principal') return toCaller(c, result.principal);
    if (result.outcome === 'invalid') throw invalidToken();
  }
  if (headers.get('authorization') === null) {
    throw new ControlPlaneError('unauthenticated', 'Send a credential: Authorization: Bearer <token>.');
  }
  throw invalidToken();
}

const invalidToken = () => new ControlPlaneError('invalid_token', 'The credential is not valid; use another one.');

function unavailable(error: unknown): never {
  if (error instanceof ControlPlaneError) throw error;
  throw new ControlPlaneError(
    'store_unavailable',
    'The credential cannot be checked now; try again.',
    {},
    { cause: error },
  );
}

function toCaller(c: Context<AppEnv>, principal: Principal): Caller {
  const address = c.env?.incoming?.socket.remoteAddress;
  return {
    principal,
    requestId: c.get('exchange').requestId,
    clientAddress: address === undefined ? null : networkOf(address),
  };
}

/** The /24 (IPv4) or /48 (IPv6) that an address is in: enough to recognise a pattern, not a person. Null for anything else. */
export function networkOf(address: string): string | null {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  if (version === 4) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`;
  if (version === 0) return null;
  const [head = '', tail] = plain.split('::');
  const given = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? 0 : 8 - given.length - after.length - Number(after.some((part) => part.includes('.')));
  const groups = [...given, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 3);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}
