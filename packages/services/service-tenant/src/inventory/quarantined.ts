import {
  AdapterError,
  ControlPlaneError,
  type DatabaseAdapter,
  type KnownByMarker,
  type Placement,
  QuarantinedDatabaseNameSchema,
} from '@envplane/spec';
import { placementNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { EPOCHS_A_GENERATION } from '../store/restores.ts';
import { callWithin } from './context.ts';

/** Reading a marker may take a token and a connection. */
const IDENTIFY_MS = 20_000;

/** Which database is meant: it has no row, and so no id. */
export interface UnknownName {
  /** Id or name. */
  placement: string;
  databaseName: string;
}

/** A database that no row knows, and what its marker says. */
export interface Unknown {
  row: PlacementRow;
  adapter: DatabaseAdapter;
  placement: Placement;
  known: KnownByMarker;
}

/** @throws ControlPlaneError `not_found` */
export async function placementOf(deps: Deps, { placement }: UnknownName): Promise<PlacementRow> {
  const row = await deps.reads.placement(placement);
  if (!row) throw placementNotFound();
  return row;
}

/**
 * Looks at a database by its name. Only what its marker proves to be of this installation is ever touched.
 * @throws ControlPlaneError `invalid_state` when it is not there or not of this installation,
 *   `unsupported` by the driver, `provider_unavailable`
 */
export async function identify(deps: Deps, row: PlacementRow, databaseName: string): Promise<Unknown> {
  const { nameKey } = deps;
  if (!QuarantinedDatabaseNameSchema.safeParse(databaseName).success) throw notOurs();
  try {
    const adapter = deps.adapters.get(row.driver);
    const { recovery } = adapter;
    if (!recovery) {
      throw new ControlPlaneError('unsupported', `The driver ${row.driver} cannot tell whose a database is.`);
    }
    const placement = await deps.adapters.placement(row, deps.trace);
    const known = await callWithin(deps, IDENTIFY_MS, (call) =>
      recovery.identifyDatabase(placement, { installationId: nameKey.installationId, databaseName }, call),
    );
    if (known) return { row, adapter, placement, known };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    throw new ControlPlaneError('provider_unavailable', error.message, { retryAfterMs: error.retryAfterMs ?? 1_000 });
  }
  throw notOurs();
}

const notOurs = () =>
  new ControlPlaneError(
    'invalid_state',
    'Nothing that this installation made is there under this name; what somebody else made is dealt with at the provider.',
  );

/** Above every epoch that a provider can have seen for a database whose rows are lost. */
export const firstEpoch = ({ nameKey }: Pick<Deps, 'nameKey'>): number =>
  (nameKey.restoreGeneration + 1) * EPOCHS_A_GENERATION;
