import { auditEvents } from './audit-events.ts';
import { drivers } from './drivers.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';
import { organizations } from './organizations.ts';
import { placements } from './placements.ts';
import { service } from './service.ts';

/** Every route there is, by resource. */
export const contract = { service, drivers, placements, organizations, environments, operations, auditEvents };
