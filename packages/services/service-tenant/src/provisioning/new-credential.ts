import {
  type Authorization,
  CREDENTIAL_STATUS,
  type DatabaseTarget,
  type ProviderMintedCredentials,
  type Secret,
} from '@envplane/spec';
import type { DatabaseCredentialRow } from '../objects/index.ts';
import type { DataKeys } from '../secrets/data-keys.ts';
import { SEALED_FORMAT } from '../secrets/sealing.ts';
import type { Claim, NewCredential } from '../store/work.ts';
import { callAdapter, type PassContext, sealCredential } from './pass-context.ts';

/** Whose credentials all are until there are several at once. */
export const ENVIRONMENT_PRINCIPAL = 'environment';

/** The database that a credential is for. */
export interface CredentialOwner {
  databaseId: string;
  environmentId: string;
  keyId: string;
}

/** What a new credential is. Null: the driver has none of its own. */
export interface CredentialContent {
  credentialId: string;
  authorization: Authorization;
  version: number;
  slot: 0 | 1;
  secret: { kind: Exclude<DatabaseCredentialRow['kind'], 'none'>; value: Secret; expiresAtMs: number | null } | null;
}

/** A sealed credential that nobody uses yet. It is committed before the provider hears of it, or anybody uses it (I2). */
export async function newCredential(
  context: { installationId: string; dataKeys: DataKeys },
  owner: CredentialOwner,
  { credentialId, authorization, version, slot, secret }: CredentialContent,
): Promise<NewCredential> {
  const identity = { id: credentialId, version, encryption_key_id: owner.keyId };
  return {
    ...identity,
    environment_database_id: owner.databaseId,
    principal: ENVIRONMENT_PRINCIPAL,
    authorization,
    kind: secret?.kind ?? 'none',
    slot,
    state: 'staged',
    status: CREDENTIAL_STATUS.staged,
    secret_ciphertext: secret ? await sealCredential(context, owner.environmentId, identity, secret.value) : '',
    enc_format: secret ? SEALED_FORMAT : 0,
    activated_at: null,
    retire_after: null,
    urgency: null,
    grace_ms: null,
    expires_at: secret?.expiresAtMs ?? null,
    revoked_at: null,
    drain_at: null,
    operation_id: null,
  };
}

export const ownerOf = ({ database }: Claim): CredentialOwner => ({
  databaseId: database.id,
  environmentId: database.bound_environment_id,
  keyId: database.encryption_key_id,
});

/** No number is used again: that of one that failed neither. */
export function nextVersion({ credentials }: Claim, authorization: Authorization): number {
  const versions = credentials.filter((each) => each.authorization === authorization).map(({ version }) => version);
  return Math.max(0, ...versions) + 1;
}

/** The one secret of a database, as it came with it. It does not expire. */
export const onlyCredential = (context: PassContext, claim: Claim, secret: Secret): Promise<NewCredential> =>
  newCredential(context, ownerOf(claim), {
    credentialId: context.uuid(),
    authorization: 'full_access',
    version: nextVersion(claim, 'full_access'),
    slot: 0,
    secret: { kind: 'token', value: secret, expiresAtMs: null },
  });

/** Has the provider choose a secret. One that is lost before it is committed dies by its own expiry (I2). */
export async function mintCredential(
  context: PassContext,
  claim: Claim,
  target: DatabaseTarget,
  facet: ProviderMintedCredentials,
  authorization: Authorization,
): Promise<NewCredential> {
  const { secret, expiresAtMs } = await callAdapter(context, claim, 'short', (call) =>
    facet.mintCredential(target, { authorization }, call),
  );
  return newCredential(context, ownerOf(claim), {
    credentialId: context.uuid(),
    authorization,
    version: nextVersion(claim, authorization),
    slot: 0,
    secret: { kind: 'token', value: secret, expiresAtMs },
  });
}
