import { type Claim, commitTombstone, recordKeyErased } from '../store/work.ts';
import { lifecycleAudit, lifecycleEvent } from './lifecycle.ts';
import type { StepLog } from './operation-steps.ts';
import type { PassContext } from './pass-context.ts';

/** What may hold something of an environment that was purged, whatever its driver. */
const KEPT_HERE = [
  'the data key of the environment in the memory of other processes of the control plane, for 5 minutes at most',
  'backups of the control-plane store and of the key store, until they expire',
];

/** D7 and D8: a tombstone in place of the rows, then the data key. */
export async function entomb(context: PassContext, claim: Claim, log: StepLog): Promise<void> {
  const { database } = claim;
  const environmentId = database.bound_environment_id;
  const isRetained = database.deletion_policy === 'retain';
  const receipt = {
    environmentId,
    databaseId: database.id,
    databaseName: database.database_name,
    driver: database.driver,
    deletionPolicy: database.deletion_policy,
    absentSeenAt:
      isRetained || database.absent_seen_at === null ? null : new Date(database.absent_seen_at).toISOString(),
    purgedAt: new Date(await context.engine.now()).toISOString(),
    remaining: [
      ...(isRetained
        ? ['the database itself, at its provider under that name']
        : context.adapters.serving(database).leavesBehind),
      ...KEPT_HERE,
    ],
  };
  await context.effect('cp.tombstone', () =>
    commitTombstone(context.engine, claim, {
      receipt,
      operation: (operation) => ({
        steps: log.apply(operation.steps, true),
        attempts: operation.attempts + 1,
        status: 'succeeded',
        result: receipt,
      }),
      audit: lifecycleAudit(database, 'environment.purged', null, null),
      event: lifecycleEvent(database, 'environment.purged'),
    }),
  );
  context.committed(environmentId, database.operation_id);
  await eraseKey(context, environmentId);
}

/** D8. A worker that dies before it leaves the tombstone without `key_erased_at`; the next one finds it there. */
export async function eraseKey(context: PassContext, environmentId: string): Promise<void> {
  await context.effect('cp.key-erase', async () => {
    await context.dataKeys.destroy(environmentId);
    await recordKeyErased(context.engine, environmentId);
  });
}
