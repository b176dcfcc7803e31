import type { AdapterContext, KnownByMarker, Placement } from '@envplane/spec';
import { effect } from './effects.ts';
import { readMarker } from './marker.ts';
import { inside } from './observe.ts';
import { isGenerated, placeOf } from './place.ts';
import { type DatabaseCall, getDatabase } from './platform-api.ts';

/** The contract's `identifyDatabase`: a database of the placement's group that is marked under the id the provider knows it by. */
export async function identifyDatabase(
  fetch: typeof globalThis.fetch,
  placement: Placement,
  { installationId, databaseName }: { installationId: string; databaseName: string },
  context: AdapterContext,
): Promise<KnownByMarker | null> {
  if (!isGenerated(databaseName)) return null;
  const call: DatabaseCall = { fetch, place: placeOf(placement), name: databaseName, signal: context.signal };
  const found = await effect(context, 'tu.observe', () => getDatabase(call));
  if (found === null || found.group !== call.place.group) return null;
  const { uid, databaseUrl } = found;
  const marker = await inside(call, databaseUrl, 'read_only', 'tu.read', context, readMarker);
  const objectId = marker.get('object_id');
  const isOurs = marker.get('installation') === installationId && marker.get('database_uid') === uid;
  if (!isOurs || typeof objectId !== 'string') return null;
  return { objectId, organizationScope: null, databaseUrl, externalUid: uid };
}
