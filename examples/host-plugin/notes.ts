import type { EnvironmentProvisioningService } from '@envplane/service-tenant';
import type { HostPlugin, HttpServer } from './packages.ts';

/** Finds the environment of a request, and throws an error with `statusCode` for whoever may not enter it. */
interface Resolver {
  resolveEnvironment(context: { request: unknown; environmentId?: string }): Promise<void>;
}

/** Notes of an environment. No statement names a tenant: the database is that environment's and no other's. */
export const notesPlugin: HostPlugin = {
  name: 'application.notes',
  version: '1.0.0',
  type: 'standard',
  dependencies: ['com.envplane.tenant'],
  init: async () => undefined,
  start: async (context) => {
    const service = context.getService('tenant.provisioning') as EnvironmentProvisioningService;
    const resolver = context.getService('kernel-resolver') as Resolver;
    const server = context.getService('http.server') as HttpServer;

    const notesOf = async (request: unknown) => {
      const found: { request: unknown; environmentId?: string } = { request };
      await resolver.resolveEnvironment(found);
      if (found.environmentId === undefined) throw Object.assign(new Error('no environment'), { statusCode: 404 });
      const database = await service.connect(found.environmentId);
      await database.exec('CREATE TABLE IF NOT EXISTS note (text TEXT NOT NULL)');
      return database;
    };

    server.get('/notes', async (request, response) => {
      try {
        response.json(await (await notesOf(request)).query('SELECT text FROM note'));
      } catch (error) {
        response.status(statusOf(error)).json({ error: (error as Error).message });
      }
    });
    server.post('/notes', async (request, response) => {
      try {
        await (await notesOf(request)).exec('INSERT INTO note VALUES (?)', [String(request.body['text'])]);
        response.status(201).json({});
      } catch (error) {
        response.status(statusOf(error)).json({ error: (error as Error).message });
      }
    });

    // Every organization gets a default environment when it is made; the application of this example has one organization.
    const known = await service.organizations.list({ limit: 1 });
    if (known.items.length > 0) return;
    await service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
      createdBy: 'ada',
    });
  },
};

const statusOf = (error: unknown): number => (error as { statusCode?: number }).statusCode ?? 500;
