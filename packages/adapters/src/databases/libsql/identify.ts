import type { AdapterContext, KnownByMarker, Placement } from '@envplane/spec';
import { effect } from './effects.ts';
import { parseKeyRing } from './key-ring.ts';
import { readTwice } from './observe.ts';
import { databaseUrlOf, isGenerated, placeOf } from './place.ts';

/** The contract's `identifyDatabase`: the keys of a namespace name its owner. */
export async function identifyDatabase(
  placement: Placement,
  { installationId, databaseName }: { installationId: string; databaseName: string },
  context: AdapterContext,
): Promise<KnownByMarker | null> {
  const place = placeOf(placement);
  if (!isGenerated(databaseName)) return null;
  const config = await effect(context, 'ns.observe', () => readTwice(place, databaseName, true, context.signal));
  const owner = parseKeyRing(config?.jwt_key ?? null).owner;
  if (owner === null || owner.installationId !== installationId) return null;
  return {
    objectId: owner.objectId,
    organizationScope: null,
    databaseUrl: databaseUrlOf(place, databaseName),
    externalUid: databaseName,
  };
}
