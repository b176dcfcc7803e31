import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdapterContext } from '@envplane/spec';
import { hasCode } from '../../lib/private-file.ts';
import { effect } from './effects.ts';
import { databaseNameOf, isScope, statusOf, uidOf } from './paths.ts';

/** The contract's `listDatabases`: live and archived files whose name carries our prefix, whatever they hold. */
export async function* listDatabases(
  root: string,
  installationId: string,
  context: AdapterContext,
): AsyncGenerator<{ databaseName: string; externalUid: string }> {
  const scopes = await effect(context, 'sq.list', () => readdirSync(root).filter(isScope));
  for (const scope of scopes) {
    const organization = join(root, scope);
    const files = await effect(context, 'sq.list', () => {
      // The live name last: it wins over the other name of an interrupted move.
      const paths = [join(organization, '.trash'), organization].flatMap(filesIn);
      return new Map(
        paths.flatMap(({ path, databaseName }) => {
          const status = statusOf(path);
          return status === null || !databaseName.startsWith(`ep${installationId}`)
            ? []
            : [[databaseName, uidOf(status)]];
        }),
      );
    });
    for (const [databaseName, externalUid] of files) yield { databaseName, externalUid };
  }
}

function filesIn(directory: string): { path: string; databaseName: string }[] {
  let fileNames: string[];
  try {
    fileNames = readdirSync(directory);
  } catch (error) {
    // The directory went with the organization's last database, or nothing was ever archived in it.
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
  return fileNames.flatMap((fileName) => {
    const databaseName = databaseNameOf(fileName);
    return databaseName === null ? [] : [{ path: join(directory, fileName), databaseName }];
  });
}
