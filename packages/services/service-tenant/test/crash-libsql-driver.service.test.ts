import { libsqlEffects } from '@envplane/adapters/libsql';
import { vi } from 'vitest';
import { everyCrash } from './world/every-boundary.ts';
import { startLibsqlServer } from './world/libsql-driver.ts';
import { rotateEncryptionKey } from './world/scenarios.ts';

vi.mock('postgres', async (original) => (await import('./world/kept-connections.ts')).keptConnections(original));

everyCrash(startLibsqlServer, libsqlEffects, {
  kind: 'memory',
  notReached: ['ns.config', 'ns.fork', 'ns.load'],
  // No driver has a part in it, so that one with a real login stands for all; both stores have it with the provider in memory.
  more: [rotateEncryptionKey],
  width: 8,
});
