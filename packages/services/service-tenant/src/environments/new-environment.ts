import type { Authorization, DatabaseAdapter } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { EnvironmentRow, PlacementRow } from '../objects/index.ts';
import { databaseName, organizationScope } from '../provisioning/names.ts';
import { type CredentialOwner, newCredential } from '../provisioning/new-credential.ts';
import { authorizationsOf, keepSecret } from '../provisioning/pass-context.ts';
import type { NewEnvironment } from '../store/environments.ts';
import { RECONCILER_VERSION } from '../store/work.ts';

/** What is wished for a new environment, all defaults resolved. */
export interface EnvironmentWish {
  organizationId: string;
  slug: string;
  displayName: string;
  envType: EnvironmentRow['env_type'];
  isDefault: boolean;
  plan: EnvironmentRow['plan'];
  hostname: string | null;
  visibility: EnvironmentRow['visibility'];
  metadata: EnvironmentRow['metadata'];
  requestedRegion: string | null;
  storageLimitMb: number;
  placement: PlacementRow;
  createdBy: string;
  ownerUserIds: readonly string[];
  source?: { databaseId: string; schemaOnly: boolean };
}

/**
 * The rows of a new environment with its first database. Its data key is made and committed to the key store first, and a
 * secret that we choose is sealed here: no effect happens before either is safe (I2). A data key whose environment is then
 * not accepted is never used and collected later.
 */
export async function newEnvironment(deps: Deps, wish: EnvironmentWish): Promise<NewEnvironment> {
  const { environmentId, keyId } = await deps.effect('cp.key-insert', () => deps.dataKeys.reserve(deps.trace));
  const { database, credentials } = await newDatabase(deps, wish, { environmentId, keyId, ordinal: 0 });
  return {
    environment: {
      id: environmentId,
      organization_id: wish.organizationId,
      slug: wish.slug,
      display_name: wish.displayName,
      env_type: wish.envType,
      is_default: wish.isDefault,
      region: wish.requestedRegion,
      plan: wish.plan,
      status: 'provisioning',
      hostname: wish.hostname,
      visibility: wish.visibility,
      deletion_protection: false,
      credential_rotation_days: null,
      version: 1,
      next_placement_ordinal: 1,
      metadata: wish.metadata,
      created_by: wish.createdBy,
    },
    database,
    credentials,
    members: wish.ownerUserIds.map((userId) => ({
      id: deps.uuid(),
      environment_id: environmentId,
      user_id: userId,
      role: 'owner' as const,
      invited_by: wish.createdBy,
      version: 1,
    })),
  };
}

/** The rows of an environment's n-th database and of its first credential. */
export async function newDatabase(
  deps: Deps,
  wish: Pick<EnvironmentWish, 'organizationId' | 'placement' | 'storageLimitMb' | 'source'>,
  identity: { environmentId: string; keyId: string; ordinal: number },
): Promise<Pick<NewEnvironment, 'database' | 'credentials'>> {
  const { placement } = wish;
  const adapter = deps.adapters.get(placement.driver);
  const { environmentId, keyId } = identity;
  const databaseId = deps.uuid();
  return {
    database: {
      id: databaseId,
      environment_id: environmentId,
      bound_environment_id: environmentId,
      organization_id: wish.organizationId,
      role: 'primary',
      placement_id: placement.id,
      driver: placement.driver,
      region: placement.region,
      storage_limit_mb: wish.storageLimitMb,
      database_name: databaseName(deps.nameKey, environmentId, identity.ordinal, adapter.maxNameLength),
      organization_scope: organizationScope(deps.nameKey, wish.organizationId, adapter.maxNameLength),
      external_uid: null,
      database_url: null,
      encryption_key_id: keyId,
      placement_ordinal: identity.ordinal,
      desired_state: 'active',
      generation: 1,
      observed_generation: 0,
      adopted: false,
      deletion_policy: 'delete',
      purge_after: null,
      phase: 'pending',
      create_intent_epoch: null,
      delete_intent_epoch: null,
      confirmed_at: null,
      provisioned_at: null,
      load_source_id: wish.source?.databaseId ?? null,
      load_schema_only: wish.source?.schemaOnly ?? false,
      load_done_at: null,
      frozen_at: null,
      absent_seen_at: null,
      absent_count: 0,
      last_observed_at: null,
      last_accessed_at: null,
      lease_owner: null,
      fence_epoch: 0,
      attempts: 0,
      last_error_code: null,
      reconciler_version: RECONCILER_VERSION,
      operation_id: null,
      metadata: null,
    },
    credentials: await firstCredentials(deps, adapter, { databaseId, environmentId, keyId }),
  };
}

/** One credential for each authorization that the driver enforces. */
async function firstCredentials(
  deps: Deps,
  adapter: DatabaseAdapter,
  owner: CredentialOwner,
): Promise<NewEnvironment['credentials']> {
  const facet = adapter.credentials;
  // The provider's own choice comes later, when there is something to mint it for.
  if (facet.kind === 'provider_minted') return [];
  const first = async (authorization: Authorization) => {
    const secret =
      facet.kind === 'none' ? null : { kind: facet.credentialKind, value: facet.generateSecret(), expiresAtMs: null };
    const identity = { credentialId: deps.uuid(), authorization, version: 1, slot: 0 } as const;
    const row = await newCredential(sealingContext(deps), owner, { ...identity, secret });
    if (secret) keepSecret(row, secret.value);
    return row;
  };
  return Promise.all(authorizationsOf(adapter).map(first));
}

/** Whoever makes an environment owns it; for what no user makes that is the organization's owners. */
export async function ownersOfNew(deps: Deps, { principal }: Caller, organizationId: string): Promise<string[]> {
  return principal.kind === 'user' ? [principal.id] : deps.reads.organizationOwners(organizationId);
}

export const sealingContext = (deps: Deps) => ({
  installationId: deps.nameKey.installationId,
  dataKeys: deps.dataKeys,
  trace: deps.trace,
});
