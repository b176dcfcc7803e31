import { isLoopback } from '../loopback.ts';

/** An OpenID Connect issuer whose tokens are accepted. */
export interface OidcIssuer {
  /** Exactly as the tokens name it in `iss`. */
  issuer: string;
  /** What `aud` must hold. */
  audience: string;
  /**
   * Whether this is the host's own user table: `sub` is then the user id as it stands. One issuer at most; users of every
   * other one get a generated id.
   */
  primary?: boolean;
}

/** Whether an issuer may be asked at this address: over TLS, or on this host. */
export function isSafeUrl(url: URL): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isPrivate = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host));
  return isPrivate && url.username === '' && url.password === '';
}

/** What is wrong with an issuer, for the person who configures it; undefined when nothing is. */
export function issuerFault(issuer: string): string | undefined {
  if (!URL.canParse(issuer) || !isSafeUrl(new URL(issuer))) {
    return 'must be an https URL without user info (http on this host only)';
  }
  return /[?#]/.test(issuer) ? 'must have no query and no fragment' : undefined;
}

/** What is wrong with an audience. */
export function audienceFault(audience: string): string | undefined {
  if (audience === '') return 'must not be empty';
  return audience.startsWith('env:') ? 'must not begin with env:, which is for environment tokens' : undefined;
}

/** @throws TypeError naming the issuer that cannot be used */
export function checkIssuers(issuers: readonly OidcIssuer[]): void {
  for (const { issuer, audience } of issuers) {
    const fault = issuerFault(issuer);
    if (fault !== undefined) throw new TypeError(`An OIDC issuer ${fault}.`);
    const second = audienceFault(audience);
    if (second !== undefined) throw new TypeError(`The audience of the OIDC issuer ${issuer} ${second}.`);
  }
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    throw new TypeError('An OIDC issuer is configured twice.');
  }
  if (issuers.filter(({ primary }) => primary).length > 1) {
    throw new TypeError('Only one OIDC issuer can be the primary one.');
  }
}
