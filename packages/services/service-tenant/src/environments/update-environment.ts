import { type UpdateEnvironmentBody, UpdateEnvironmentBodySchema } from '@envplane/spec';
import { type Access, authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { requireQuotas } from '../access/quotas.ts';
import type { Deps } from '../deps.ts';
import type { EnvironmentRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import type { Accepted, EnvironmentChange, EnvironmentRecord } from '../store/environments.ts';
import { change } from './change.ts';
import { differenceOf, recordedOf } from './recorded.ts';

/**
 * Changes what a person gave an environment; what is absent stays. Renaming touches neither its id nor its database.
 * @throws ControlPlaneError `not_found`, `permission_denied` (a plan or a higher limit), `slug_taken`, `hostname_taken`, `version_mismatch`, `validation_failed`
 */
export async function updateEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: UpdateEnvironmentBody,
  options: MutationOptions = {},
): Promise<Accepted> {
  const access = await authorize(deps, caller, 'env:environment.update', { environmentId });
  const request = parse(UpdateEnvironmentBodySchema, body);
  const idempotentRequest = idempotent(caller, 'environment.update', [environmentId, request], options.idempotencyKey);
  return change(deps, environmentId, idempotentRequest, (record, nowMs) => {
    requireVersion(record.environment.version, options.ifVersion);
    return updating(deps, caller, access, record, request, nowMs);
  });
}

/** The difference as a change; null when there is none, so that a repeated request leaves the version alone. */
export function updating(
  deps: Deps,
  caller: Caller,
  access: Access,
  { environment, database }: EnvironmentRecord,
  request: UpdateEnvironmentBody,
  nowMs: number,
): EnvironmentChange | null {
  const wished: Partial<EnvironmentRow> = withoutUndefined({
    slug: request.slug,
    display_name: request.displayName,
    plan: request.plan,
    deletion_protection: request.deletionProtection,
    credential_rotation_days: request.credentialRotationDays,
    hostname: request.hostname,
    visibility: request.visibility,
    metadata: request.metadata,
  });
  const differing = Object.entries(wished).filter(
    ([column, value]) => JSON.stringify(value) !== JSON.stringify(environment[column as keyof EnvironmentRow]),
  );
  const patch: Partial<EnvironmentRow> = Object.fromEntries(differing);
  const storage = request.storageLimitMb !== undefined && request.storageLimitMb !== database.storage_limit_mb;
  if (differing.length === 0 && !storage) return null;
  const isRaised = storage && (request.storageLimitMb as number) > database.storage_limit_mb;
  if (patch.plan !== undefined || isRaised) requireQuotas(deps, caller, access);
  const graceChanges = patch.deletion_protection !== undefined && database.desired_state === 'archived';
  const wish: EnvironmentChange['wish'] = {
    ...(storage && { storage_limit_mb: request.storageLimitMb as number }),
    // Protection stops the grace of an archived environment; without it the whole grace begins again.
    ...(graceChanges && {
      purge_after: patch.deletion_protection ? null : nowMs + deps.settings.archiveGraceMs(environment.env_type),
    }),
  };
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  return {
    environment: patch,
    ...((storage || graceChanges) && { wish }),
    audit: [
      audited(caller, 'environment.update', target, {
        changed: [...differing.map(([column]) => camelCase(column)), ...(storage ? ['storageLimitMb'] : [])],
        ...differenceOf(
          recordedOf(environment, database),
          recordedOf({ ...environment, ...patch }, { ...database, ...wish }),
        ),
      }),
    ],
  };
}

const camelCase = (column: string): string =>
  column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

function withoutUndefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
