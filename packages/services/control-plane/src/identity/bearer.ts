import type { IdentityRequest } from '@envplane/spec';
import { decodeJwt, type JWTPayload } from 'jose';

/** Every token that this service gives out for itself begins like this. */
export const TOKEN_PREFIX = 'envp_';

/** The token of `Authorization: Bearer` (RFC 6750). The scheme is in any case; two tokens are none. */
export function bearerToken(request: IdentityRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

/** The public part of a service-account key `envp_<keyId>_<secret>`. */
export function keyIdOf(token: string): string | undefined {
  return /^envp_([A-Za-z0-9-]{1,64})_\S/.exec(token)?.[1];
}

/** What a JWT says, none of it checked; undefined for what is no JWT. */
export function readClaims(token: string): JWTPayload | undefined {
  // Most tokens are no JWT, and a thrown error costs more than all checks of a request.
  if (!token.startsWith('eyJ')) return undefined;
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
