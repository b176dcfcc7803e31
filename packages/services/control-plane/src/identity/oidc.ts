import {
  type IdentityOutcome,
  type IdentityProvider,
  type Logger,
  type RequestTrace,
  UserIdSchema,
} from '@envplane/spec';
import { type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult, jwtVerify } from 'jose';
import { bearerToken, readClaims } from './bearer.ts';
import { IssuerUnavailable } from './bounded-fetch.ts';
import { checkIssuers, type OidcIssuer } from './issuer.ts';
import { issuerKeys } from './issuer-keys.ts';
import { type UserDetails, userPrincipal } from './user-principal.ts';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** By how much clocks may differ, in s. */
const TOLERANCE_S = 5;
/** What signs a user in (RFC 7519, RFC 9068); a logout or event token of the same issuer does not. */
const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

export interface OidcOptions {
  issuers: readonly OidcIssuer[];
  /**
   * The user that a subject of an issuer is; made when it is new. The same pair always gives the same user, and no two pairs
   * do. Needed for every issuer but the primary one. `trace`: the request it is asked for. @throws when the store cannot tell
   */
  mapIdentity?: (issuer: string, subject: string, trace?: RequestTrace) => Promise<string>;
  logger: Logger;
  /** Milliseconds since the Unix epoch; the system's clock when left out. */
  nowMs?: () => number;
}

/**
 * Recognises users by a JWT of a configured issuer. Everything that can be wrong with a token is one answer, `invalid`; an
 * issuer whose keys cannot be had is a throw.
 *
 * @throws TypeError for an issuer that cannot be used
 */
export function oidc({ issuers, mapIdentity, logger, nowMs = Date.now }: OidcOptions): IdentityProvider {
  checkIssuers(issuers);
  const known = new Map(
    issuers.map((each) => {
      const { issuer } = each;
      return [issuer, { ...each, keys: issuerKeys(issuer, logger, nowMs), userIdOf: userIdsOf(each, mapIdentity) }];
    }),
  );
  return {
    name: 'oidc',
    authenticate: async (request): Promise<IdentityOutcome> => {
      const token = bearerToken(request);
      const issuer = token === undefined ? undefined : known.get(readClaims(token)?.iss ?? '');
      if (token === undefined || issuer === undefined) return { outcome: 'none' };
      const { trace } = request;
      const verifying = () => verify(token, issuer, issuer.keys, nowMs());
      const claims = await (trace ? trace.timed('verify', verifying) : verifying());
      if (claims === 'invalid') return { outcome: 'invalid' };
      const { sub } = claims;
      const id = await issuer.userIdOf(sub, trace);
      return { outcome: 'principal', principal: userPrincipal(id, issuer.issuer, sub, detailsOf(claims)) };
    },
  };
}

function userIdsOf({ issuer, primary }: OidcIssuer, mapIdentity: OidcOptions['mapIdentity']) {
  if (primary) return async (subject: string) => subject;
  if (!mapIdentity) throw new TypeError('An OIDC issuer that is not the primary one needs mapIdentity.');
  return (subject: string, trace: RequestTrace | undefined) => mapIdentity(issuer, subject, trace);
}

async function verify(
  token: string,
  { issuer, audience }: OidcIssuer,
  keys: JWTVerifyGetKey,
  nowMs: number,
): Promise<(JWTPayload & { sub: string }) | 'invalid'> {
  let verified: JWTVerifyResult;
  try {
    verified = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp', 'sub'],
    });
  } catch (error) {
    if (error instanceof IssuerUnavailable) throw error;
    return 'invalid';
  }
  const { payload, protectedHeader } = verified;
  const { sub, iat } = payload;
  const type = String(protectedHeader.typ ?? 'JWT')
    .toLowerCase()
    .replace(/^application\//, '');
  const isFromTheFuture = iat !== undefined && iat > nowMs / 1_000 + TOLERANCE_S;
  if (!TYPES.has(type) || isFromTheFuture) return 'invalid';
  const subject = UserIdSchema.safeParse(sub);
  return subject.success ? { ...payload, sub: subject.data } : 'invalid';
}

/** Who somebody is, and nothing of what they may: claims about organizations, tenants and roles are left where they are. */
function detailsOf(claims: JWTPayload): UserDetails {
  const { email, email_verified: emailVerified, auth_time: authTime, amr } = claims;
  return {
    ...(typeof email === 'string' && { email, emailVerified: emailVerified === true }),
    ...(typeof authTime === 'number' && { authTime }),
    ...(Array.isArray(amr) && { amr: amr.filter((method) => typeof method === 'string') }),
  };
}
