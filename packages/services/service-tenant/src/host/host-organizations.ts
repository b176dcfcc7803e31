import type { HostOrganizations } from '../organizations/adopt-organization.ts';
import type { HostEngine } from './host-context.ts';

/** What hosts call the object, where they have one. */
const OBJECT = 'sys_organization';

/** The organizations of a host. One that keeps none in its engine is taken at its word. */
export const organizationsOf = (engine: HostEngine): HostOrganizations => ({
  describe: async (id) => {
    if (!engine.registry.getAllObjects().some(({ name }) => name === OBJECT)) return {};
    const context = { isSystem: true };
    const row = await engine.findOne(OBJECT, { where: { id }, context }, { context });
    return row && { slug: row['slug'], displayName: row['name'] };
  },
});
