import type { IdentityProvider, Principal } from '@envplane/spec';
import { hashToken } from '../../src/config.ts';
import type { AppOptions } from '../../src/http/app.ts';
import { platformToken } from '../../src/identity/platform-token.ts';
import { serviceAccount } from '../../src/identity/service-account.ts';
import { type Harness, startHarness, TOKEN } from './harness.ts';

/** The bearer token of a user in these tests; the issuer is the test. */
export const tokenOf = (userId: string): string => `user-${userId}`;

const user = (id: string): Principal => ({ kind: 'user', id, issuer: 'https://idp.example', subject: id });

/** A service that knows the platform's token, keys of service accounts, and users by `tokenOf`. */
export async function startWithPeople(
  options: Partial<AppOptions> = {},
  nowMs?: () => number,
): Promise<Harness & { identity: IdentityProvider[] }> {
  const identity: IdentityProvider[] = [
    platformToken(hashToken(TOKEN)),
    serviceAccount((token, trace) => harness.controlPlane.service.within(trace).serviceAccounts.authenticate(token)),
    {
      name: 'users of the test',
      authenticate: async ({ headers }) => {
        const id = /^Bearer user-(.+)$/.exec(headers.get('authorization') ?? '')?.[1];
        return id === undefined ? { outcome: 'none' } : { outcome: 'principal', principal: user(id) };
      },
    },
  ];
  const harness = await startHarness({ ...options, identity }, nowMs);
  return { ...harness, identity };
}
