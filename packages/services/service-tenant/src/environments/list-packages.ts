import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';

/** A package of an environment, as it was recorded. */
export interface PackageView {
  id: string;
  environmentId: string;
  packageId: string;
  version: string;
  /** As version 4 had it. */
  status: string;
  settings: Record<string, unknown> | null;
  installedAt: string;
  installedBy: string;
}

/** The packages that a host recorded for an environment in version 4, by name. @throws ControlPlaneError `not_found`, `permission_denied` */
export async function listPackages(deps: Deps, caller: Caller, environmentId: string): Promise<PackageView[]> {
  await authorize(deps, caller, 'env:environment.read', { environmentId });
  if (!(await deps.reads.environment(environmentId))) throw environmentNotFound();
  const rows = await deps.reads.environmentPackages(environmentId);
  return rows.map((row) => ({
    id: row.id,
    environmentId: row.environment_id,
    packageId: row.package_id,
    version: row.package_version,
    status: row.installation_status,
    settings: row.config,
    installedAt: new Date(row.installed_at).toISOString(),
    installedBy: row.installed_by,
  }));
}
