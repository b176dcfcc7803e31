import { type AdapterContext, AdapterError, type DatabaseTarget } from '@envplane/spec';
import { deleteNamespace, readConfig } from './admin-api.ts';
import { inTurn } from './configure.ts';
import { effect } from './effects.ts';
import { parseKeyRing } from './key-ring.ts';
import { look, readTwice } from './observe.ts';
import { namespaceOf, type Place, placeOf } from './place.ts';
import { stagesOf } from './stages.ts';

/** The contract's `deleteDatabase`. The database's own name goes last: until then an interrupted delete is found and repeated. */
export async function deleteDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void> {
  const place = placeOf(target.placement);
  const namespace = namespaceOf(target);
  const { signal } = context;
  const [found, ...stages] = await effect(context, 'ns.observe', () =>
    Promise.all([
      look(place, target, signal),
      ...stagesOf(target).map(async (stage) => ({ stage, config: await readConfig(place, stage, signal) })),
    ]),
  );
  for (const { stage, config } of stages) {
    // A finished copy has looked after its stage. An interrupted fork carries the marker of its source.
    const owner = config === null ? null : parseKeyRing(config.jwt_key).owner;
    if (owner?.installationId === target.installationId) await remove(place, stage, context);
  }
  if (found !== null) await remove(place, namespace, context);
}

/** Deletes a namespace that was seen as ours, and looks whether it is gone. */
export function remove(place: Place, namespace: string, context: AdapterContext): Promise<void> {
  return effect(context, 'ns.delete', () =>
    inTurn(`${place.adminUrl} ${namespace}`, async () => {
      const deleted = await deleteNamespace(place, namespace, context.signal);
      // A 404 for what was there a moment ago proves nothing by itself.
      if ((await readTwice(place, namespace, !deleted, context.signal)) !== null) {
        throw new AdapterError('outcome_unknown', 'The database is still there.');
      }
    }),
  );
}
