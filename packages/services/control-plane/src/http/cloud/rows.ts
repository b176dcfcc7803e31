import type { PackageView } from '@envplane/service-tenant';
import type { DatabaseCredentialView, EnvironmentMemberView, EnvironmentView, OperationError } from '@envplane/spec';
import type { CloudEnvironment } from './schemas.ts';

/** What is there, as the official client reads it: rows in snake_case, and no secret because our own answers have none. */

/** @param failure why it failed, when it did */
export function environmentRow(environment: EnvironmentView, failure?: OperationError): CloudEnvironment {
  const { database, hostname, metadata } = environment;
  return {
    id: environment.id,
    organization_id: environment.organizationId,
    slug: environment.slug,
    display_name: environment.displayName,
    env_type: environment.envType,
    is_default: environment.isDefault,
    is_system: false,
    region: environment.region,
    plan: environment.plan,
    status: environment.status,
    visibility: environment.visibility,
    hostname,
    console_url: hostname && `https://${hostname}/`,
    api_base_url: hostname && `https://${hostname}/api/v1`,
    database_driver: database.driver,
    database_url: database.databaseUrl,
    storage_limit_mb: database.storageLimitMb,
    provisioned_at: database.provisionedAt,
    created_by: environment.createdBy,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    metadata: failure ? { ...metadata, [ERROR_KEY]: { code: failure.code, message: failure.detail } } : metadata,
  };
}

const ERROR_KEY = 'provisioningError';

/** Metadata that a client sends: it sends back what it read, and what we added is not the caller's. */
export function ownMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const { [ERROR_KEY]: _ours, ...own } = metadata;
  return own;
}

export function databaseRow({ database }: EnvironmentView) {
  return {
    driver: database.driver,
    database_name: database.databaseName,
    database_url: database.databaseUrl,
    storage_limit_mb: database.storageLimitMb,
    provisioned_at: database.provisionedAt,
    region: database.region,
  };
}

export function credentialRow(credential: DatabaseCredentialView) {
  return {
    id: credential.id,
    status: credential.status,
    authorization: credential.authorization,
    encryption_key_id: credential.encryptionKeyId,
    created_at: credential.createdAt,
    expires_at: credential.expiresAt,
  };
}

export function memberRow(member: EnvironmentMemberView) {
  return {
    environment_id: member.environmentId,
    user_id: member.userId,
    role: member.role,
    invited_by: member.invitedBy,
    created_at: member.createdAt,
    updated_at: member.updatedAt,
  };
}

export function packageRow(installed: PackageView) {
  return {
    id: installed.id,
    environment_id: installed.environmentId,
    package_id: installed.packageId,
    version: installed.version,
    status: installed.status,
    enabled: installed.status !== 'disabled',
    settings: installed.settings,
    installed_at: installed.installedAt,
    installed_by: installed.installedBy,
  };
}
