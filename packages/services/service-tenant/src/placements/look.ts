import { AdapterError, type DatabaseAdapter, type Placement, type PlacementFindings } from '@envplane/spec';

/** How long a placement may take to answer. */
const LOOK_MS = 10_000;

/**
 * Asks a placement who it is; the adapter refuses one that cannot keep its guarantees.
 * @param known the identity it was first seen with; null when it never was
 * @throws AdapterError as `checkPlacement` of the contract; `unavailable` without an answer in 10 s; `conflict` when it is
 *   another place than the known one
 */
export async function lookAtPlacement(
  adapter: DatabaseAdapter,
  placement: Placement,
  known: string | null,
): Promise<PlacementFindings> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AdapterError('unavailable', 'The placement did not answer in time.')), LOOK_MS);
  });
  try {
    const found = await Promise.race([adapter.checkPlacement(placement), late]);
    if (known !== null && found.identity !== known) {
      throw new AdapterError('conflict', 'This is another place than the one the placement was first used with.');
    }
    return found;
  } finally {
    clearTimeout(timer);
  }
}
