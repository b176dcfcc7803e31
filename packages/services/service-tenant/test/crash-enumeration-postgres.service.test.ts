import { vi } from 'vitest';
import { everyBoundary } from './world/every-boundary.ts';

vi.mock('postgres', async (original) => (await import('./world/kept-connections.ts')).keptConnections(original));

everyBoundary('postgres', 4);
