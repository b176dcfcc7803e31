import { everyBoundary } from './world/every-boundary.ts';

everyBoundary('sqlite', 2);
