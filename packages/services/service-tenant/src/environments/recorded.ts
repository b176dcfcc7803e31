import type { EnvironmentDatabaseRow, EnvironmentRow } from '../objects/index.ts';

type Recorded = Record<string, string | number | boolean | null>;

/**
 * What an audit entry may hold of an environment. Names and notes that people wrote are not among it: an entry cannot be taken
 * back.
 */
export const recordedOf = (
  environment: Pick<
    EnvironmentRow,
    | 'slug'
    | 'env_type'
    | 'is_default'
    | 'plan'
    | 'hostname'
    | 'visibility'
    | 'deletion_protection'
    | 'credential_rotation_days'
  >,
  database: Pick<EnvironmentDatabaseRow, 'driver' | 'region' | 'storage_limit_mb'>,
): Recorded => ({
  slug: environment.slug,
  envType: environment.env_type,
  isDefault: environment.is_default,
  plan: environment.plan,
  hostname: environment.hostname,
  visibility: environment.visibility,
  deletionProtection: environment.deletion_protection,
  credentialRotationDays: environment.credential_rotation_days,
  driver: database.driver,
  region: database.region,
  storageLimitMb: database.storage_limit_mb,
});

/** `before` and `after` of an entry: of two records what differs. Nothing when nothing does. */
export function differenceOf(before: Recorded, after: Recorded): { before?: Recorded; after?: Recorded } {
  const names = Object.keys(after).filter((name) => before[name] !== after[name]);
  if (names.length === 0) return {};
  const of = (record: Recorded) => Object.fromEntries(names.map((name) => [name, record[name] ?? null]));
  return { before: of(before), after: of(after) };
}
