import { ControlPlaneError } from '@envplane/spec';
import { environmentNotFound } from '../../access/not-found.ts';
import { type Foundation, type FoundationOptions, openFoundation } from '../../foundation.ts';
import { currentCredential, openCredential, targetOf } from '../../provisioning/pass-context.ts';
import { findConnectable, recordAccess } from '../../store/connect.ts';
import { findEnvironmentId } from '../../store/migration.ts';
import { migrationAudit } from '../copied-row.ts';
import { type SplitOptions, type SplitReport, splitSharedDatabase } from './split.ts';

export interface SplitEnvironmentOptions extends FoundationOptions, Omit<SplitOptions, 'target' | 'family'> {
  /** Id of the environment whose database takes the rows, or organization and slug as `acme/prod`. */
  environment: string;
}

/**
 * Copies one environment's rows out of a shared database into the database of an environment of version 5, as its tenant.
 *
 * @throws as `openControlPlane` and `splitSharedDatabase`; ControlPlaneError `not_found`, `environment_not_active`
 */
export async function splitIntoEnvironment(options: SplitEnvironmentOptions): Promise<SplitReport> {
  const foundation = await openFoundation(options);
  try {
    const { handle, family } = await openTarget(foundation, options);
    try {
      return await splitSharedDatabase({ ...options, target: handle, family });
    } finally {
      await handle.close();
    }
  } finally {
    await foundation.close();
  }
}

async function openTarget(foundation: Foundation, { environment: name, dryRun }: SplitEnvironmentOptions) {
  const { stores, adapters, dataKeys, installationId } = foundation;
  const found = await findConnectable(stores.main, await idOf(foundation, name), 'full_access');
  if (!found) throw environmentNotFound();
  const { environment, database } = found;
  const { database_url: databaseUrl } = database;
  if (environment.status !== 'active' || databaseUrl === null) {
    throw new ControlPlaneError(
      'environment_not_active',
      `The environment is ${environment.status}; it must be active.`,
      {
        state: environment.status,
      },
    );
  }
  const target = targetOf({ installationId }, database, await adapters.placement(found.placement));
  const credential = await openCredential(
    { installationId, dataKeys },
    environment.id,
    currentCredential(found, 'full_access'),
  );
  const handle = await adapters.serving(database).connect(target, databaseUrl, credential);
  if (!dryRun) {
    const audit = migrationAudit(environment.organization_id, environment.id, 'environment.split_loaded', {});
    await recordAccess(stores.main, environment.id, audit);
  }
  return { handle, family: database.driver === 'postgres' ? ('postgres' as const) : ('sqlite' as const) };
}

async function idOf({ stores }: Foundation, name: string): Promise<string> {
  const [organization = '', slug] = name.split('/');
  if (slug === undefined) return name;
  const id = await findEnvironmentId(stores.main, organization, slug);
  if (id === undefined) throw environmentNotFound();
  return id;
}
