import { AdapterError, type Placement, type PlacementFindings } from '@envplane/spec';
import { transportError } from '../../lib/adapter-errors.ts';
import { placeOf } from './place.ts';
import { getGroup } from './platform-api.ts';

/** How long the check may take, in ms. */
const CHECK_TIMEOUT_MS = 30_000;

/** The contract's `checkPlacement`: the group must exist for this token. Its id tells it from a later group of the same name. */
export async function checkPlacement(fetch: typeof globalThis.fetch, placement: Placement): Promise<PlacementFindings> {
  let clockSkewMs: number | undefined;
  const noting: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const dateMs = Date.parse(answer.headers.get('date') ?? '');
    clockSkewMs = Number.isNaN(dateMs) ? undefined : dateMs - Date.now();
    return answer;
  };
  try {
    const call = { fetch: noting, place: placeOf(placement), signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) };
    const group = await getGroup(call);
    if (group === null) throw new AdapterError('invalid_request', 'The organization or its group does not exist.');
    return { identity: group.uid, ...(clockSkewMs !== undefined && { clockSkewMs }) };
  } catch (error) {
    throw transportError(error);
  }
}
