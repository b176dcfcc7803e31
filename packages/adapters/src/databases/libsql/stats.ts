import type { AdapterContext, AdapterCredential, DatabaseTarget } from '@envplane/spec';
import { dataError } from '../../lib/hrana-handle.ts';
import { openClient } from './client.ts';
import { demand, mint, OWN_TOKEN_SECONDS } from './connect.ts';
import { effect } from './effects.ts';
import { databaseUrlOf, namespaceOf, placeOf } from './place.ts';

const SIZE = 'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()';

/**
 * The contract's `measureDatabase`: pages in use times their size. The server's own statistics lag by up to a minute, and a key
 * for this alone would have to be written beside those of tenants (F4).
 */
export async function measureDatabase(
  target: DatabaseTarget,
  credential: AdapterCredential | null,
  context: AdapterContext,
): Promise<{ sizeBytes: number }> {
  const namespace = namespaceOf(target);
  const { token } = mint(namespace, { ...demand(credential), authorization: 'read_only' }, OWN_TOKEN_SECONDS);
  const client = openClient({
    ...{ databaseUrl: databaseUrlOf(placeOf(target.placement), namespace), namespace },
    ...{ token: () => token, signal: context.signal },
  });
  try {
    return await effect(context, 'ns.observe', async () => {
      const { rows } = await client.execute(SIZE).catch((error) => {
        throw dataError(error);
      });
      return { sizeBytes: Number(rows[0]?.[0]) };
    });
  } finally {
    client.close();
  }
}
