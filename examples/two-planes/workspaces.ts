import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { type ControlPlane, openControlPlane } from '@envplane/service-tenant';
import { definePermissions } from '@envplane/spec';

/** What the application asks for beside the permissions of the control plane, and the roles that have it. Owners have everything. */
const permissions = definePermissions({
  todo: {
    'items.read': { description: 'Read the todos.', roles: ['admin', 'maker', 'reader'] },
    'items.write': { description: 'Add and finish todos.', roles: ['admin', 'maker'] },
  },
});

/** Who is a member where. Ada owns Acme, Eve owns Globex. */
const ORGANIZATIONS = [
  { slug: 'acme', owner: 'ada', workspaces: ['design', 'sales'], members: { ben: 'reader', cyd: 'maker' } },
  { slug: 'globex', owner: 'eve', workspaces: ['plant'], members: {} },
] as const;

export const USERS = ['ada', 'ben', 'cyd', 'eve'] as const;

/** The directory plane: organizations, who may do what, and where each database is. */
export function openDirectory(directory: string): Promise<ControlPlane> {
  return openControlPlane({
    store: `file:${directory}/control-plane.db`,
    adapters: [sqliteAdapter({ rootDirectory: `${directory}/environments` })],
    encryptor: ({ firstStart }) =>
      localKeyEncryptor({ keyFile: `${directory}/local-key.json`, createIfMissing: firstStart }),
    permissions,
  });
}

/** The data plane: one environment, with a database of its own, for each workspace. */
export async function seed({ service }: ControlPlane): Promise<void> {
  const { items } = await service.organizations.list({ limit: 1 });
  if (items.length > 0) return;
  for (const { slug, owner, workspaces, members } of ORGANIZATIONS) {
    const [first, ...others] = workspaces;
    const { defaultEnvironment } = await service.provisionOrganization({
      organization: { slug, displayName: slug, ownerUserId: owner },
      defaultEnvSlug: first,
      createdBy: owner,
    });
    const { organizationId } = defaultEnvironment.environment;
    const environmentIds = [defaultEnvironment.environment.id];
    for (const workspace of others) {
      const request = { organizationId, slug: workspace, envType: 'production', createdBy: owner } as const;
      environmentIds.push((await service.provisionEnvironment(request)).environment.id);
    }
    for (const environmentId of environmentIds) {
      const db = await service.connect(environmentId);
      await db.exec(
        'CREATE TABLE IF NOT EXISTS todo (id INTEGER PRIMARY KEY, workspace TEXT NOT NULL, title TEXT NOT NULL)',
      );
    }
    // Only the first workspace has members beside the owner.
    for (const [userId, role] of Object.entries(members)) {
      await service.members.add({ environmentId: defaultEnvironment.environment.id }, { userId, role });
    }
  }
}
