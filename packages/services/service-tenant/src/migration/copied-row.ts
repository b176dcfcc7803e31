import {
  type DesiredState,
  DisplayNameSchema,
  type EnvironmentRole,
  type OrganizationRole,
  OrganizationSlugSchema,
  type Secret,
  UserIdSchema,
} from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import { recordedOf } from '../environments/recorded.ts';
import type { Foundation } from '../foundation.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow } from '../objects/index.ts';
import { hashedSlug } from '../organizations/adopt-organization.ts';
import { organizationScope } from '../provisioning/names.ts';
import { newCredential } from '../provisioning/new-credential.ts';
import type { AuditEntry } from '../store/audit.ts';
import { type CopiedRow, isOrganizationSlugTaken } from '../store/migration.ts';
import { RECONCILER_VERSION } from '../store/work.ts';
import {
  LEGACY_TABLE,
  type LegacyOrganization,
  type LegacyPackage,
  type LegacyRow,
  takenHash,
} from './legacy-source.ts';
import { freeSlug, type Located, type RowPlan, slugOf } from './plan.ts';
import type { MigrationTarget } from './target.ts';

/** What a row is copied with. */
export interface CopyInput {
  row: LegacyRow;
  plan: RowPlan & { slug: string };
  located: Located;
  login: Secret | null;
  packages: readonly LegacyPackage[];
  /** Who belongs to the organization in version 5; empty where it is made with the row. */
  members: readonly { user_id: string; role: OrganizationRole }[];
  /** Given where the organization is made with the row. */
  made: LegacyOrganization | null;
  systemUserId: string;
}

/** In version 4 whoever belonged to an organization could reach its database. */
const ENVIRONMENT_ROLES: Record<OrganizationRole, EnvironmentRole> = {
  owner: 'owner',
  admin: 'admin',
  member: 'maker',
};

const WISHES: Record<string, DesiredState> = { suspended: 'suspended', archived: 'archived' };

/**
 * The rows that a row of version 4 becomes. The database keeps its name and its address; its token is sealed anew under a fresh data
 * key, which is committed to the key store first, as with every new environment.
 */
export async function copiedRow(foundation: Foundation, target: MigrationTarget, input: CopyInput): Promise<CopiedRow> {
  const { row, plan, made, systemUserId } = input;
  const reserved = await foundation.effect('cp.key-insert', () => foundation.dataKeys.reserve());
  const { environmentId, keyId } = reserved;
  const databaseId = uuidv7();
  const members = made ? membersOf(made) : input.members;
  const owners = members.some(({ role }) => role === 'owner')
    ? []
    : [{ user_id: systemUserId, role: 'owner' as const }];
  const everybody = [...members.filter(({ user_id: id }) => owners.every((each) => each.user_id !== id)), ...owners];
  const environment = {
    id: environmentId,
    organization_id: row.organizationId,
    slug: plan.slug,
    display_name: plan.isDefault ? 'Production' : row.databaseName,
    env_type: 'production' as const,
    is_default: plan.isDefault,
    region: row.region,
    plan: row.plan,
    status: plan.status === 'active' ? ('migrating' as const) : (plan.status ?? 'migrating'),
    hostname: null,
    visibility: 'private' as const,
    deletion_protection: false,
    credential_rotation_days: null,
    version: 1,
    next_placement_ordinal: 1,
    metadata: null,
    created_by: systemUserId,
  };
  const database = databaseOf(foundation, target, input, { databaseId, ...reserved });
  const organization = made && (await organizationOf(foundation, row, made, everybody, systemUserId));
  return {
    ledger: {
      source_table: LEGACY_TABLE,
      source_id: row.id,
      source_hash: takenHash(row, input.packages, made),
      organization_id: row.organizationId,
      environment_id: environmentId,
      state: plan.code === 'not_probed' ? 'verified' : 'copied',
      made_organization: made !== null,
      last_error_code: plan.code,
    },
    organization,
    environment: {
      environment,
      database,
      credentials: [await credentialOf(foundation, target, input, { databaseId, environmentId, keyId })],
      members: everybody.map(({ user_id, role }) => ({
        id: uuidv7(),
        environment_id: environmentId,
        user_id,
        role: ENVIRONMENT_ROLES[role],
        invited_by: systemUserId,
        version: 1,
      })),
    },
    packages: newestPackages(input.packages).map((each) => ({
      id: each.id,
      tenant_id: row.id,
      environment_id: environmentId,
      package_id: each.packageId,
      package_version: each.version,
      installation_status: each.status,
      installed_at: each.installedAtMs,
      installed_by: each.installedBy,
      config: each.config,
    })),
    audit: [
      ...(organization ? [migrationAudit(row.organizationId, null, 'organization.adopt', { sourceId: row.id })] : []),
      migrationAudit(row.organizationId, environmentId, 'environment.adopt', {
        before: null,
        after: recordedOf(environment, database),
        sourceId: row.id,
        databaseId,
      }),
    ],
  };
}

/** What the migration did, in the audit trail. */
export function migrationAudit(
  organizationId: string,
  environmentId: string | null,
  action: string,
  detail: AuditEntry['detail'],
): AuditEntry {
  return {
    organization_id: organizationId,
    environment_id: environmentId,
    actor_kind: 'platform',
    actor_id: 'migration',
    acting_for: null,
    action,
    target_kind: environmentId === null ? 'organization' : 'environment',
    target_id: environmentId ?? organizationId,
    outcome: 'allow',
    reason: null,
    request_id: null,
    client_address: null,
    detail,
  };
}

function databaseOf(
  { nameKey, adapters }: Foundation,
  target: MigrationTarget,
  { row, plan, located }: CopyInput,
  ids: { databaseId: string; environmentId: string; keyId: string },
): CopiedRow['environment']['database'] {
  const placement = target.placement(located.placementId);
  const { maxNameLength } = adapters.get(located.driver);
  const isFailed = plan.status === 'failed';
  return {
    id: ids.databaseId,
    environment_id: ids.environmentId,
    bound_environment_id: ids.environmentId,
    organization_id: row.organizationId,
    role: 'primary',
    placement_id: placement.id,
    driver: located.driver,
    region: placement.region,
    storage_limit_mb: row.storageLimitMb,
    database_name: row.databaseName,
    organization_scope: organizationScope(nameKey, row.organizationId, maxNameLength),
    external_uid: null,
    database_url: located.databaseUrl,
    encryption_key_id: ids.keyId,
    placement_ordinal: 0,
    desired_state: WISHES[plan.status ?? ''] ?? 'active',
    generation: 1,
    observed_generation: isFailed ? 1 : 0,
    adopted: true,
    deletion_policy: 'retain',
    purge_after: null,
    phase: isFailed ? 'failed' : 'adopting',
    create_intent_epoch: null,
    delete_intent_epoch: null,
    confirmed_at: null,
    provisioned_at: null,
    load_source_id: null,
    load_schema_only: false,
    load_done_at: null,
    frozen_at: null,
    absent_seen_at: null,
    absent_count: 0,
    last_observed_at: null,
    last_accessed_at: row.lastAccessedAtMs,
    lease_owner: null,
    fence_epoch: 0,
    attempts: 0,
    last_error_code: plan.code,
    reconciler_version: RECONCILER_VERSION,
    operation_id: null,
    metadata: row.metadata as EnvironmentDatabaseRow['metadata'],
  };
}

async function credentialOf(
  foundation: Foundation,
  target: MigrationTarget,
  { located, login }: CopyInput,
  ids: { databaseId: string; environmentId: string; keyId: string },
): Promise<Omit<DatabaseCredentialRow, 'created_at' | 'updated_at'>> {
  const { installationId, dataKeys } = foundation;
  const credential = await newCredential({ installationId, dataKeys }, ids, {
    credentialId: uuidv7(),
    authorization: 'full_access',
    version: 1,
    slot: 0,
    secret: login && { kind: 'token', value: login, expiresAtMs: target.expiryOf(located, login) },
  });
  return { ...credential, state: 'active', status: 'active' };
}

async function organizationOf(
  { stores }: Foundation,
  row: LegacyRow,
  made: LegacyOrganization,
  members: readonly { user_id: string; role: OrganizationRole }[],
  systemUserId: string,
): Promise<NonNullable<CopiedRow['organization']>> {
  const readable = OrganizationSlugSchema.safeParse(slugOf(made.slug || made.name));
  const wanted = readable.success ? readable.data : hashedSlug(made.id);
  const name = DisplayNameSchema.safeParse([...made.name].slice(0, 255).join(''));
  const taken = new Set<string>();
  let slug = freeSlug(wanted, taken);
  while (await isOrganizationSlugTaken(stores.main, slug)) {
    taken.add(slug);
    slug = freeSlug(wanted, taken);
  }
  return {
    row: {
      id: made.id,
      slug,
      display_name: name.success ? name.data : made.id,
      plan: row.plan,
      status: 'active',
      is_system: false,
      credential_rotation_days: null,
      version: 1,
      created_by: systemUserId,
    },
    members: members.map(({ user_id, role }) => ({
      id: uuidv7(),
      organization_id: made.id,
      user_id,
      role,
      invited_by: systemUserId,
      version: 1,
    })),
  };
}

/**
 * A host may list several roles in one field, and hosts without the unique index several rows of one user; the mightiest role that is
 * known here counts.
 */
function membersOf({ members }: LegacyOrganization): { user_id: string; role: OrganizationRole }[] {
  const given = new Map<string, string[]>();
  for (const { userId, role } of members) {
    const roles = role.split(',').map((each) => each.trim());
    if (UserIdSchema.safeParse(userId).success) given.set(userId, [...(given.get(userId) ?? []), ...roles]);
  }
  return [...given].map(([userId, roles]) => ({
    user_id: userId,
    role: (['owner', 'admin'] as const).find((each) => roles.includes(each)) ?? 'member',
  }));
}

/** Hosts without the unique index have one package twice in a tenant; the one that was installed last counts. */
export function newestPackages(packages: readonly LegacyPackage[]): LegacyPackage[] {
  const newest = new Map<string, LegacyPackage>();
  for (const each of packages) {
    const other = newest.get(each.packageId);
    if (!other || each.installedAtMs >= other.installedAtMs) newest.set(each.packageId, each);
  }
  return [...newest.values()];
}
