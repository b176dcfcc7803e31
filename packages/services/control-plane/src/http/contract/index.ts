import { cloudEnvironments, cloudMembers } from '../cloud/contract.ts';
import { cloudArtifacts, cloudPackages, cloudService } from '../cloud/other-contract.ts';
import { auditEvents } from './audit-events.ts';
import { environmentCredentials } from './credentials.ts';
import { drivers } from './drivers.ts';
import { encryptionKeys } from './encryption-keys.ts';
import { environments } from './environments.ts';
import { gate } from './gate.ts';
import { inventory } from './inventory.ts';
import { me } from './me.ts';
import { environmentMembers, organizationMembers } from './members.ts';
import { operations } from './operations.ts';
import { organizations } from './organizations.ts';
import { placements } from './placements.ts';
import { service } from './service.ts';
import { grants, platformGrants, serviceAccounts } from './service-accounts.ts';
import { signingKeys } from './signing-keys.ts';
import { tokens } from './tokens.ts';
import { tracing } from './tracing.ts';

/** Every route there is, by resource. */
export const contract = {
  service,
  drivers,
  placements,
  inventory,
  organizations,
  organizationMembers,
  environments,
  environmentMembers,
  environmentCredentials,
  gate,
  serviceAccounts,
  grants,
  platformGrants,
  me,
  operations,
  auditEvents,
  signingKeys,
  encryptionKeys,
  tokens,
  tracing,
  cloudEnvironments,
  cloudMembers,
  cloudPackages,
  cloudArtifacts,
  cloudService,
};
