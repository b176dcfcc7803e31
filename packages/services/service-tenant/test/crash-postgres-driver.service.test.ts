import { postgresEffects } from '@envplane/adapters/postgres';
import { vi } from 'vitest';
import { everyCrash } from './world/every-boundary.ts';
import { startPostgresServer } from './world/postgres-driver.ts';

vi.mock('postgres', async (original) => (await import('./world/kept-connections.ts')).keptConnections(original));

everyCrash(startPostgresServer, postgresEffects, {
  kind: 'memory',
  notReached: [
    ...['pg.reopen', 'pg.load', 'pg.move-roles', 'pg.measure', 'pg.list'],
    // administrator-rotation.service.test.ts
    ...['pg.administrator-login', 'pg.administrator-set', 'pg.administrator-end'],
  ],
  width: 4,
});
