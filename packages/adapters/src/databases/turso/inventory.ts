import type { AdapterContext, Placement } from '@envplane/spec';
import { effect } from './effects.ts';
import { placeOf } from './place.ts';
import { listPage } from './platform-api.ts';

/** The contract's `listDatabases`: databases of the placement's group whose name carries our prefix, whatever they hold. */
export async function* listDatabases(
  fetch: typeof globalThis.fetch,
  placement: Placement,
  installationId: string,
  context: AdapterContext,
): AsyncGenerator<{ databaseName: string; externalUid: string }> {
  const call = { fetch, place: placeOf(placement), signal: context.signal };
  // Pages shift while databases come and go, and one can then be on two of them.
  const seen = new Set<string>();
  for (let number = 1, isLast = false; !isLast; number += 1) {
    const page = await effect(context, 'tu.list', () => listPage(call, number));
    for (const { name, uid } of page.databases) {
      if (!name.startsWith(`ep${installationId}`) || seen.has(name)) continue;
      seen.add(name);
      yield { databaseName: name, externalUid: uid };
    }
    isLast = page.isLast;
  }
}
