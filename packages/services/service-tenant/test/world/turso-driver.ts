import { tursoAdapter } from '@envplane/adapters/turso';
import {
  type SqldServer,
  startSqld,
  startTursoEmulator,
  type TursoEmulator,
  type TursoObject,
} from '@envplane/testkit';
import type { DriverServer, Owned, TestDriver } from './drivers.ts';
import { directoriesOf, removeNamespaces } from './libsql-driver.ts';

/** All that the driver needs. */
const SCOPES = ['read', 'db:create', 'db:delete', 'db:configure', 'db:mint-token', 'db:rotate-creds'] as const;

/** The emulated Platform API over a libSQL server of its own. */
export async function startTursoCloud(): Promise<DriverServer> {
  const sqld = await startSqld();
  const cloud = await startTursoEmulator(sqld);
  const driver: TestDriver = {
    driver: 'turso',
    // Its tokens expire.
    nowMs: Date.now,
    place: {
      settings: { organization: cloud.organization, group: cloud.group },
      administrator: cloud.issueToken(SCOPES),
    },
    adapter: () => tursoAdapter({ fetch: cloud.fetch }),
    survey: async (owned) => survey(cloud, sqld, owned),
    clear: ({ prefix }) => removeNamespaces(sqld, prefix),
  };
  return {
    driver,
    stop: async () => {
      await cloud.close();
      await sqld.stop();
    },
  };
}

function survey(cloud: TursoEmulator, sqld: SqldServer, { prefix }: Owned): string[] {
  const objects = cloud.objects().filter(({ name }) => name.startsWith(prefix));
  const directories = directoriesOf(sqld, prefix);
  const directoryOf = ({ name }: TursoObject) => `${name}-${cloud.organization}`;
  const strays = directories.filter((directory) => !objects.some((object) => directoryOf(object) === directory));
  return [
    ...objects.map((object) => describeObject(object, directories.includes(directoryOf(object)))),
    ...strays.map((directory) => `stray files of ${directory}`),
  ].sort();
}

function describeObject(object: TursoObject, hasFiles: boolean): string {
  const { name, blockReads, blockWrites, deleteProtection, sizeLimit } = object;
  const fit = hasFiles && deleteProtection && sizeLimit !== null;
  if (fit && !blockReads && !blockWrites) return `live ${name}`;
  if (fit && blockReads && blockWrites) return `cut ${name}`;
  return `unfit ${name} ${JSON.stringify({ ...object, hasFiles })}`;
}
