import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { configure } from './configure.ts';
import { effect } from './effects.ts';
import { namespaceOf, placeOf } from './place.ts';

/** The contract's `suspendDatabase` and `resumeDatabase`: the server itself refuses reads and writes, also on open connections. */
export async function setBlocked(target: DatabaseTarget, blocked: boolean, context: AdapterContext): Promise<void> {
  const place = placeOf(target.placement);
  const { signal } = context;
  await effect(context, 'ns.block', () =>
    configure(place, namespaceOf(target), target, () => ({ blocked }), { signal }),
  );
}
