import { ControlPlaneError } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { keepOpened, LEASE_MS } from '../provisioning/pass-context.ts';
import { type Acceptance, type Accepted, acceptEnvironment } from '../store/environments.ts';
import { firstUse, type IdempotentRequest } from '../store/idempotency.ts';

/**
 * Commits a new environment and, when this process has a place free, goes on with it at once under a lease taken in the
 * same transaction (P0 to P2). Otherwise any worker finds the row due.
 * @throws PlacementRefused when the placement takes no new database after all
 */
export async function accept(
  deps: Deps,
  acceptance: Omit<Acceptance, 'leaseMs' | 'placement'> & { placement: PlacementRow },
): Promise<Accepted> {
  const place = deps.worker.reserve();
  const { database, credentials } = acceptance.environment;
  try {
    // A copy reads its source from the store, so it is claimed like any other row.
    const claimed = place !== null && database.load_source_id === null;
    const accepted = await deps.effect('cp.accept', () =>
      acceptEnvironment(deps.engine, {
        ...acceptance,
        leaseMs: claimed ? LEASE_MS : 0,
        environment: {
          ...acceptance.environment,
          credentials,
          database: {
            ...database,
            operation_id: acceptance.operation.id,
            ...(claimed && {
              phase: 'creating',
              lease_owner: deps.worker.owner,
              fence_epoch: 1,
              create_intent_epoch: 1,
              attempts: 1,
            }),
          },
        },
      }),
    );
    deps.hostnames.forget();
    if (claimed && accepted.record) {
      keepOpened(credentials, accepted.record.credentials);
      place.run({
        database: accepted.record.database,
        credentials: accepted.record.credentials,
        placement: acceptance.placement,
        source: null,
      });
    } else {
      deps.worker.wake();
    }
    return accepted;
  } finally {
    place?.release();
  }
}

/**
 * Makes what a request asks for. One that would be refused by now, because its source was archived or its placement filled since, is
 * answered as it was when it was carried out, if it was.
 * @throws ControlPlaneError as `make` does; `idempotency_key_reused`
 */
export async function orAnsweredBefore(
  deps: Pick<Deps, 'engine'>,
  request: IdempotentRequest | null,
  make: () => Promise<Accepted>,
): Promise<Accepted> {
  try {
    return await make();
  } catch (error) {
    const first = request && error instanceof ControlPlaneError && (await firstUse(deps.engine, request));
    if (!first) throw error;
    return { ...first, replayed: true };
  }
}
