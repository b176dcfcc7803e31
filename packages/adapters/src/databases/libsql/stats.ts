import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { dataError } from '../../lib/hrana-handle.ts';
import { effect } from './effects.ts';
import { withOwnAccess } from './own-access.ts';
import { namespaceOf, placeOf } from './place.ts';

/** The contract's `measureDatabase`: pages in use times their size. The server's own statistics lag by up to a minute. */
export async function measureDatabase(target: DatabaseTarget, context: AdapterContext): Promise<{ sizeBytes: number }> {
  const place = placeOf(target.placement);
  return withOwnAccess(place, namespaceOf(target), target, context, 'read_only', (client) =>
    effect(context, 'ns.observe', async () => {
      const size = 'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()';
      const { rows } = await client.execute(size).catch((error) => {
        throw dataError(error);
      });
      return { sizeBytes: Number(rows[0]?.[0]) };
    }),
  );
}
