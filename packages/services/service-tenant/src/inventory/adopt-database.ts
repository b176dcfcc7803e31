import { type AdoptDatabaseBody, AdoptDatabaseBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { newEnvironment, ownersOfNew } from '../environments/new-environment.ts';
import { recordedOf } from '../environments/recorded.ts';
import { organizationScope } from '../provisioning/names.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, parse } from '../request.ts';
import { type Accepted, acceptEnvironment, type NewEnvironment } from '../store/environments.ts';
import { firstEpoch, identify, placementOf, type Unknown, type UnknownName } from './quarantined.ts';

/**
 * Makes rows for a database that none knows: a new environment with a new data key, and credentials that replace whatever opened
 * the database before. It is brought into reach, hardened and proved like one that is restored; its contents stay.
 * @throws ControlPlaneError `permission_denied`, `validation_failed`, as `identify`, `not_found` (organization), `slug_taken`,
 *   `invalid_state` for a database that rows know, `idempotency_key_reused`
 */
export async function adoptDatabase(
  deps: Deps,
  caller: Caller,
  name: UnknownName,
  body: AdoptDatabaseBody,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = parse(AdoptDatabaseBodySchema, body);
  const row = await placementOf(deps, name);
  const organization = await deps.reads.organization(request.organizationId);
  if (!organization) throw organizationNotFound();
  const unknown = await identify(deps, row, name.databaseName);
  const made = await newEnvironment(deps, {
    organizationId: organization.id,
    slug: request.slug,
    displayName: request.displayName ?? request.slug,
    envType: request.envType ?? 'production',
    isDefault: false,
    plan: organization.plan,
    hostname: null,
    visibility: 'private',
    metadata: null,
    requestedRegion: null,
    storageLimitMb: deps.settings.defaultStorageLimitMb,
    placement: unknown.row,
    createdBy: caller.principal.id,
    ownerUserIds: await ownersOfNew(deps, caller, organization.id),
  });
  const target = { organizationId: organization.id, environmentId: made.environment.id };
  const operation = environmentOperation(deps, caller, 'environment.restore', target);
  const environment = forExisting(deps, made, unknown, {
    databaseName: name.databaseName,
    operationId: operation.id,
  });
  const accepted = await deps.effect('cp.accept', () =>
    acceptEnvironment(deps.engine, {
      environment,
      placement: unknown.row,
      isAdoption: true,
      leaseMs: 0,
      operation,
      audit: [
        audited(caller, 'database.adopt', target, {
          databaseName: name.databaseName,
          before: null,
          after: recordedOf(environment.environment, environment.database),
        }),
      ],
      events: [],
      request: idempotent(caller, 'database.adopt', [name, request], options.idempotencyKey),
    }),
  );
  deps.hostnames.forget();
  deps.worker.wake();
  return accepted;
}

/** The rows of a new environment as those of the database that is there: its name, its uid, its place, and a claim above all before. */
function forExisting(
  deps: Deps,
  { environment, database, credentials, members }: NewEnvironment,
  { adapter, known }: Unknown,
  { databaseName, operationId }: { databaseName: string; operationId: string },
): NewEnvironment {
  const scope =
    known.organizationScope ?? organizationScope(deps.nameKey, environment.organization_id, adapter.maxNameLength);
  return {
    environment,
    database: {
      ...database,
      id: known.objectId,
      database_name: databaseName,
      organization_scope: scope,
      external_uid: known.externalUid,
      database_url: known.databaseUrl,
      // In reach or not, and never created: as one that is brought back.
      phase: 'restoring',
      confirmed_at: deps.nowMs(),
      fence_epoch: firstEpoch(deps),
      operation_id: operationId,
    },
    credentials: credentials.map((credential) => ({ ...credential, environment_database_id: known.objectId })),
    members,
  };
}
