import { tursoEffects } from '@envplane/adapters/turso';
import { vi } from 'vitest';
import { everyCrash } from './world/every-boundary.ts';
import { startTursoCloud } from './world/turso-driver.ts';

vi.mock('postgres', async (original) => (await import('./world/kept-connections.ts')).keptConnections(original));

everyCrash(startTursoCloud, tursoEffects, {
  kind: 'minted',
  notReached: ['tu.read', 'tu.load', 'tu.usage', 'tu.list'],
  width: 8,
});
