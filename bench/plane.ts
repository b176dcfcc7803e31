import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { type ControlPlane, openControlPlane } from '@envplane/service-tenant';

/** A control plane as `serve` opens it: SQLite store, SQLite environments, local key file. */
export function openPlane(directory: string): Promise<ControlPlane> {
  return openControlPlane({
    store: `file:${join(directory, 'control-plane.db')}`,
    adapters: [sqliteAdapter({ rootDirectory: join(directory, 'environments') })],
    encryptor: ({ firstStart }) =>
      localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: firstStart }),
  });
}

/** Makes organizations and environments with a name of their own each time. */
export function provisioner({ service }: ControlPlane) {
  let count = 0;
  return {
    organization: async (): Promise<{ organizationId: string; environmentId: string }> => {
      const { defaultEnvironment } = await service.provisionOrganization({
        organization: { slug: `bench-${process.hrtime.bigint()}`, displayName: 'Bench', ownerUserId: 'bench' },
        createdBy: 'bench',
      });
      const { organizationId, id } = defaultEnvironment.environment;
      return { organizationId, environmentId: id };
    },
    environment: (organizationId: string) =>
      service.provisionEnvironment({
        organizationId,
        slug: `e${count++}`,
        envType: 'development',
        createdBy: 'bench',
      }),
  };
}
