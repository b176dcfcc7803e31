import type { EnvironmentView, OrganizationView } from '@envplane/spec';
import { document, type OperationDocument } from './conformance.ts';
import { type Answer, type Harness, startHarness } from './harness.ts';

/** A body that each route would accept. */
export const VALID_BODIES: Record<string, Record<string, unknown>> = {
  'me.activateEnvironment': { environmentId: null },
  'organizations.create': { slug: 'new', displayName: 'New', ownerUserId: 'ada' },
  'organizations.update': { displayName: 'New' },
  'organizations.purge': { confirm: 'acme' },
  'environments.create': { slug: 'new', envType: 'test' },
  'environments.upsert': { envType: 'test' },
  'environments.update': { displayName: 'New' },
  'environments.purge': { confirm: 'dev' },
  'environments.forget': { confirm: 'dev' },
  'environments.copy': { slug: 'new', envType: 'test' },
  'environments.connect': {},
  'environmentCredentials.rotate': {},
  'organizationMembers.add': { userId: 'new', role: 'member' },
  'organizationMembers.change': { role: 'member' },
  'organizationMembers.transfer': { newOwnerUserId: 'new' },
  'environmentMembers.add': { userId: 'new', role: 'reader' },
  'environmentMembers.change': { role: 'reader' },
  'environmentMembers.transfer': { newOwnerUserId: 'new' },
  'serviceAccounts.createInOrganization': { name: 'new' },
  'serviceAccounts.create': { name: 'new' },
  'serviceAccounts.update': { name: 'new' },
  'serviceAccounts.createKey': {},
  'grants.add': { serviceAccountId: crypto.randomUUID(), role: 'reader' },
  'encryptionKeys.move': { to: 'local' },
  'platformGrants.add': { granteeType: 'user', granteeId: 'new', role: 'auditor' },
  'auditEvents.verify': {},
  'tokens.issue': {},
  'inventory.release': { accept: [] },
  'inventory.adopt': { organizationId: 'acme', slug: 'adopted' },
  'inventory.purge': { confirm: 'x' },
  'placements.create': { name: 'new', driver: 'sqlite' },
  'placements.update': { weight: 1 },
  'placements.rotateAdministrator': {},
  'cloudEnvironments.create': { organization_id: 'acme', display_name: 'New' },
  'cloudEnvironments.update': { display_name: 'New' },
  'cloudEnvironments.rotateCredential': {},
  'cloudEnvironments.updateHostname': { hostname: 'new.example.com' },
  'cloudEnvironments.changeHostname': { hostname: 'new.example.com' },
  'cloudEnvironments.changePlan': { plan: 'pro' },
  'cloudMembers.add': { user_id: 'new', role: 'reader' },
  'cloudMembers.change': { role: 'reader' },
  'cloudPackages.install': { packageId: 'new' },
  'cloudPackages.upgrade': {},
  'cloudArtifacts.renameBranch': { newName: 'new' },
};

export interface Mutation {
  id: string;
  method: string;
  path: string;
  operation: OperationDocument;
}
/** Every route that changes something. */
export const mutations: Mutation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    // The token endpoint takes a form and ignores what it does not know, as its standard asks (tokens.test.ts).
    .filter(([method]) => method !== 'get' && path !== '/v1/oauth/token')
    .map(([method, operation]) => ({ id: operation.operationId, method: method.toUpperCase(), path, operation })),
);

/** The answer to what is refused. */
export interface Invalid extends Record<string, unknown> {
  code: string;
  errors: { in: string; pointer: string; detail: string }[];
}

/** A service, and what is there for each of them to change. */
export interface Scene {
  harness: Harness;
  organization: OrganizationView;
  environment: EnvironmentView;
  send(mutation: Mutation, body: unknown): Promise<Answer<Invalid>>;
}

export async function openScene(): Promise<Scene> {
  const harness = await startHarness();
  const organization = await harness.organization('acme');
  const environment = await harness.environment('acme', 'dev');
  const send: Scene['send'] = (mutation, body) =>
    harness.call<Invalid>(mutation.method, pathOf(mutation, organization, environment), { body });
  return { harness, organization, environment, send };
}

const pathOf = ({ path }: Mutation, organization: OrganizationView, environment: EnvironmentView) =>
  path
    .replace('{org}', organization.id)
    .replace('{env}', environment.id)
    .replace('{slug}', 'new')
    .replace('{user}', 'somebody')
    .replace('{account}', crypto.randomUUID())
    .replace('{grant}', crypto.randomUUID())
    .replace('{key}', '0123456789abcdef')
    .replace('{placement}', 'guarded')
    .replace('{pkg}', 'crm')
    .replace('{branch}', 'main')
    .replace('{kid}', 'A'.repeat(43))
    .replace('{id}', crypto.randomUUID());
