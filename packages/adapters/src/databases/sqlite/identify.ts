import { readdirSync } from 'node:fs';
import type { AdapterContext, KnownByMarker } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { effect } from './effects.ts';
import { objectOf } from './marker.ts';
import { isInUse, withFile } from './opener.ts';
import { databaseUrlOf, isScope, layoutOf, statusOf, uidOf } from './paths.ts';

/** The contract's `identifyDatabase`: the file of that name in whichever organization's directory it lies, archived or not. */
export async function identifyDatabase(
  root: string,
  { installationId, databaseName }: { installationId: string; databaseName: string },
  context: AdapterContext,
): Promise<KnownByMarker | null> {
  return effect(context, 'sq.observe', () => {
    for (const organizationScope of readdirSync(root).filter(isScope)) {
      const layout = layoutOf(root, { databaseName, organizationScope });
      const path = [layout.live, layout.trash].find((one) => statusOf(one) !== null);
      const status = path === undefined ? null : statusOf(path);
      if (path === undefined || status === null) continue;
      try {
        const objectId = withFile(path, isInUse(path) ? 'readonly' : 'exclusive', (file) =>
          objectOf(file, installationId),
        );
        if (objectId === null) return null;
        return { objectId, organizationScope, databaseUrl: databaseUrlOf(layout), externalUid: uidOf(status) };
      } catch (error) {
        if (error instanceof AdapterError && error.code === 'conflict') return null;
        throw error;
      }
    }
    return null;
  });
}
