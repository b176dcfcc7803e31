import type { JwkSet, Principal } from '@envplane/spec';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { uuidv7 } from 'uuidv7';
import type { Caller } from '../../src/access/caller.ts';
import type { EnvironmentMemberRow } from '../../src/objects/index.ts';
import { transact } from '../../src/store/transaction.ts';
import type { World } from './world.ts';

export const ISSUER = 'https://envplane.test';

/** Keys of this algorithm are made in no time. */
export const TOKENS = { issuer: () => ISSUER, algorithm: 'EdDSA' } as const;

export const callerOf = (principal: Pick<Principal, 'kind' | 'id'> & Partial<Principal>): Caller => ({
  principal: { issuer: 'https://id.test', subject: principal.id, ...principal },
  requestId: null,
  clientAddress: null,
});

export const user = (id: string, more: Partial<Principal> = {}): Caller => callerOf({ kind: 'user', id, ...more });

/** A token as a verifier reads it: with the given key set, at the clock of the world. @throws JOSEError when it is refused */
export async function verified(
  world: World,
  keySet: JwkSet,
  token: string,
): Promise<JWTPayload & { ep: number[]; permissions: string[] }> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(keySet as JSONWebKeySet), {
    issuer: ISSUER,
    typ: 'at+jwt',
    currentDate: new Date(world.clock.nowMs),
    requiredClaims: ['aud', 'sub', 'exp', 'nbf', 'iat', 'jti'],
  });
  return payload as JWTPayload & { ep: number[]; permissions: string[] };
}

/** Adds a member as a row. */
export async function addMember(
  world: World,
  environmentId: string,
  userId: string,
  role: EnvironmentMemberRow['role'],
): Promise<void> {
  const { main } = await world.inspect();
  await transact(main, (tx) =>
    tx.insert('sys_environment_member', {
      id: uuidv7(),
      environment_id: environmentId,
      user_id: userId,
      role,
      invited_by: 'tester',
      version: 1,
      created_at: tx.nowMs,
      updated_at: tx.nowMs,
    }),
  );
}

/** Adds a service account of an organization that has a role in an environment, as rows. Returns its id. */
export async function addServiceAccount(
  world: World,
  { organizationId, environmentId }: { organizationId: string; environmentId: string },
): Promise<string> {
  const { main } = await world.inspect();
  const id = uuidv7();
  await transact(main, async (tx) => {
    const times = { created_by: 'tester', created_at: tx.nowMs };
    await tx.insert('sys_service_account', {
      id,
      organization_id: organizationId,
      name: id,
      organization_role: null,
      status: 'active',
      version: 1,
      updated_at: tx.nowMs,
      ...times,
    });
    await tx.insert('sys_environment_grant', {
      id: uuidv7(),
      environment_id: environmentId,
      grantee_type: 'service',
      grantee_id: id,
      role: 'maker',
      ...times,
    });
  });
  return id;
}
