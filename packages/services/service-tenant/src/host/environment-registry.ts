import { ControlPlaneError, IdSchema } from '@envplane/spec';
import type { EnvironmentProvisioningService } from '../service.ts';

/** The service `env-registry`: which environment there is of a name. It tells nothing of who may enter. */
export function environmentRegistry(open: () => { service: EnvironmentProvisioningService }) {
  const resolveById = async (id: string): Promise<{ environmentId: string } | null> => {
    if (!IdSchema.safeParse(id).success) return null;
    try {
      const { status } = await open().service.environments.get(id);
      return status === 'active' ? { environmentId: id } : null;
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code === 'not_found') return null;
      throw error;
    }
  };
  return {
    resolveById,
    resolveByHostname: async (host: string) => {
      const id = await open().service.routing.findByHostname(host);
      return id === null ? null : resolveById(id);
    },
  };
}
