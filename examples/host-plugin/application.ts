import { mkdirSync } from 'node:fs';
import { createTenantPlugin } from '@envplane/control-plane/plugin';
import { notesPlugin } from './notes.ts';
import { type HostContext, importHost } from './packages.ts';
import { sessionsPlugin } from './sessions.ts';

const [directory = './host-plugin-data', version = '17.4.0'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });

// In an application of your own: import { ObjectKernel } from '@objectstack/core', and the others likewise.
const { HonoServerPlugin, ObjectKernel, ObjectQLPlugin, SqlDriver } = await importHost(version);

const database = new SqlDriver({
  client: 'better-sqlite3',
  connection: { filename: `${directory}/host.db` },
  useNullAsDefault: true,
});
const server = new HonoServerPlugin({ port: Number(process.env['PORT'] ?? 3000) });
const kernel = new ObjectKernel({ logger: { level: 'warn' }, gracefulShutdown: false });

await kernel.use({
  name: 'application.database',
  version: '1.0.0',
  type: 'driver',
  init: async (context: HostContext) => void context.registerService(`driver.${database.name}`, database),
  destroy: async () => database.disconnect?.(),
});
await kernel.use(new ObjectQLPlugin());
await kernel.use(server);
await kernel.use(sessionsPlugin);
await kernel.use(createTenantPlugin({ dataDirectory: `${directory}/envplane`, resolveKernels: true }));
await kernel.use(notesPlugin);

await kernel.bootstrap();
process.stdout.write(`listening on http://127.0.0.1:${server.server.getPort()}\n`);

process.once('SIGTERM', async () => {
  await kernel.shutdown();
  // Hosts keep timers of their own after a shutdown.
  process.exit();
});
