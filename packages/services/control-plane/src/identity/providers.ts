import type { IdentityProvider, IdentityRequest, Principal } from '@envplane/spec';
import { refuseEnvironmentTokens } from './environment-token.ts';
import { hostSession, type ResolveHostSession } from './host-session.ts';
import { type OidcOptions, oidc } from './oidc.ts';
import { platformToken } from './platform-token.ts';
import { type AuthenticateServiceAccount, serviceAccount } from './service-account.ts';

export interface IdentityOptions {
  /** SHA-256 of the platform administrator's token, hexadecimal; nobody is one by a token when left out. */
  adminTokenHash?: string;
  /** Looks the keys of service accounts up; there are none when left out. */
  serviceAccounts?: AuthenticateServiceAccount;
  /** Issuers of identity tokens; none when left out. */
  oidc?: OidcOptions;
  /** Sessions of the application that the service runs inside of; none when left out. */
  hostSession?: ResolveHostSession;
}

/**
 * Every way to tell who is calling, in the order they are asked.
 * @throws TypeError as `oidc`
 */
export function identityProviders(options: IdentityOptions): IdentityProvider[] {
  return [
    ...(options.adminTokenHash === undefined ? [] : [platformToken(options.adminTokenHash)]),
    refuseEnvironmentTokens(),
    ...(options.serviceAccounts ? [serviceAccount(options.serviceAccounts)] : []),
    ...(options.oidc ? [oidc(options.oidc)] : []),
    ...(options.hostSession ? [hostSession(options.hostSession)] : []),
  ];
}

/** Asks the providers, in order, who is calling; null when it is nobody's kind of credential. @throws what a provider throws */
export async function identify(
  providers: readonly IdentityProvider[],
  request: IdentityRequest,
): Promise<Principal | 'invalid' | null> {
  for (const provider of providers) {
    const result = await provider.authenticate(request);
    if (result.outcome === 'principal') return result.principal;
    if (result.outcome === 'invalid') return 'invalid';
  }
  return null;
}
