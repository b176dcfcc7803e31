import { ControlPlaneError, CREDENTIAL_STATUS } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { EnvironmentRow, PlacementRow } from '../objects/index.ts';
import { databaseName, organizationScope } from '../provisioning/names.ts';
import { sealCredential } from '../provisioning/pass-context.ts';
import { SEALED_FORMAT } from '../secrets/sealing.ts';
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
  const { environmentId, keyId } = await deps.effect('cp.key-insert', () => deps.dataKeys.reserve());
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
    credentials: await firstCredential(deps, adapter.credentials, { databaseId, environmentId, keyId }),
  };
}

async function firstCredential(
  deps: Deps,
  facet: ReturnType<Deps['adapters']['get']>['credentials'],
  owner: { databaseId: string; environmentId: string; keyId: string },
): Promise<NewEnvironment['credentials']> {
  // The provider's own choice comes later, when there is something to mint it for.
  if (facet.kind === 'provider_minted') return [];
  const row = { id: deps.uuid(), version: 1, encryption_key_id: owner.keyId };
  const sealed =
    facet.kind === 'caller_set'
      ? {
          kind: facet.credentialKind,
          secret_ciphertext: await sealCredential(
            sealingContext(deps),
            owner.environmentId,
            row,
            facet.generateSecret(),
          ),
          enc_format: SEALED_FORMAT,
        }
      : { kind: 'none' as const, secret_ciphertext: '', enc_format: 0 };
  return [
    {
      ...row,
      ...sealed,
      environment_database_id: owner.databaseId,
      authorization: 'full_access',
      slot: 0,
      state: 'staged',
      status: CREDENTIAL_STATUS.staged,
      activated_at: null,
      retire_after: null,
      expires_at: null,
      revoked_at: null,
    },
  ];
}

export const sealingContext = (deps: Deps) => ({
  installationId: deps.nameKey.installationId,
  dataKeys: deps.dataKeys,
});

/**
 * Picks where a database goes: by name or id, else by driver and region.
 * @throws ControlPlaneError `driver_not_configured`, `validation_failed`
 */
export async function choosePlacement(
  deps: Deps,
  request: { placement?: string | undefined; driver?: string | undefined; region?: string | undefined },
): Promise<PlacementRow> {
  const all = await deps.adapters.placements();
  const named =
    request.placement === undefined
      ? undefined
      : all.find(({ id, name }) => id === request.placement || name === request.placement);
  if (request.placement !== undefined && !named)
    throw invalid('placement', 'There is no placement of this id or name.');
  const driver = request.driver ?? named?.driver ?? deps.settings.defaultDriver;
  const candidates = (named ? [named] : all).filter(
    (placement) => placement.driver === driver && placement.status !== 'draining',
  );
  if (!deps.adapters.find(driver) || !all.some((placement) => placement.driver === driver)) {
    throw new ControlPlaneError(
      'driver_not_configured',
      'This driver is not configured; see GET /v1/drivers for those that are.',
    );
  }
  const chosen = candidates.find((placement) => request.region === undefined || placement.region === request.region);
  if (chosen) return chosen;
  throw candidates.length === 0
    ? invalid('placement', 'The placement does not belong to this driver or takes no new databases.')
    : invalid('region', 'No placement of this driver is in this region.');
}

function invalid(field: string, detail: string): ControlPlaneError {
  return new ControlPlaneError('validation_failed', detail, { errors: [{ in: 'body', pointer: `/${field}`, detail }] });
}
