import { libsqlEffects } from '@envplane/adapters/libsql';
import { vi } from 'vitest';
import { everyCrash } from './world/every-boundary.ts';
import { startLibsqlServer } from './world/libsql-driver.ts';

vi.mock('postgres', async (original) => (await import('./world/kept-connections.ts')).keptConnections(original));

everyCrash(startLibsqlServer, libsqlEffects, {
  kind: 'memory',
  notReached: ['ns.config', 'ns.fork', 'ns.load'],
  width: 8,
});
