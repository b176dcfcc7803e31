import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createTodoApp } from './app.ts';
import { openDirectory, seed, USERS } from './workspaces.ts';

const directory = process.argv[2] ?? './two-planes-data';
const log = (...entry: unknown[]) => console.error(...entry);
const logger = { debug: () => undefined, info: () => undefined, warn: log, error: log };

const plane = await openDirectory(directory);
await seed(plane);
const server = serve(
  { fetch: createTodoApp(plane, logger).fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) },
  (address: AddressInfo) => {
    console.log(`todo listening on http://127.0.0.1:${address.port}`);
    console.log(`sign in as ${USERS.join(', ')}; end it with Ctrl-C`);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => void plane.close());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
