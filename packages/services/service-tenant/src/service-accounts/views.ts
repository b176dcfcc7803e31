import type { ServiceAccountKeyView, ServiceAccountView } from '@envplane/spec';
import type { ServiceAccountKeyRow } from '../objects/index.ts';
import type { AccountWithKeys } from '../store/service-accounts.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export function serviceAccountView({ account, keys }: AccountWithKeys): ServiceAccountView {
  return {
    id: account.id,
    organizationId: account.organization_id,
    name: account.name,
    organizationRole: account.organization_role,
    status: account.status,
    version: account.version,
    createdBy: account.created_by,
    createdAt: iso(account.created_at),
    updatedAt: iso(account.updated_at),
    keys: keys.map(keyView),
  };
}

export function keyView(key: ServiceAccountKeyRow): ServiceAccountKeyView {
  return {
    id: key.id,
    serviceAccountId: key.service_account_id,
    keyId: key.key_id,
    expiresAt: iso(key.expires_at),
    lastUsedAt: key.last_used_at === null ? null : iso(key.last_used_at),
    revokedAt: key.revoked_at === null ? null : iso(key.revoked_at),
    createdBy: key.created_by,
    createdAt: iso(key.created_at),
    permissions: key.permissions,
    environmentIds: key.environment_ids,
  };
}
