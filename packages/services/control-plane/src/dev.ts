import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EnvironmentProvisioningService } from '@envplane/service-tenant';
import { adminTokenFile, type Config } from './config.ts';
import type { ExitCode } from './exit.ts';
import { type Service, serve } from './serve.ts';

const OWNER = 'developer';
const OPERATION_WAIT_MS = 30_000;

/** The command `dev`: the service on its embedded defaults, with something in it to look at. */
export function dev(): Promise<ExitCode> {
  return serve(async (service, config) => {
    await provisionSample(service.controlPlane.service);
    process.stderr.write(introduction(service, config));
  });
}

/**
 * On the first start makes the organization `acme` with a production and a development environment. A store that holds any
 * organization is left as it is, except that an earlier first start which did not get to the end is completed.
 */
async function provisionSample(service: EnvironmentProvisioningService): Promise<void> {
  const acme = (await oldestOrganization(service)) ?? (await provisionAcme(service));
  if (acme?.slug !== 'acme' || acme.createdBy !== OWNER) return;
  const history = await service.operations.list({ organizationId: acme.id }, { limit: 2 });
  const [first, second] = history.items;
  if (!first || second) return;
  await service.operations.wait(first.id, OPERATION_WAIT_MS);
  await service.provisionEnvironment({
    organizationId: acme.id,
    slug: 'dev',
    displayName: 'Development',
    envType: 'development',
    createdBy: OWNER,
  });
}

async function oldestOrganization(service: EnvironmentProvisioningService) {
  return (await service.organizations.list({ limit: 1 })).items[0];
}

async function provisionAcme(service: EnvironmentProvisioningService) {
  await service.provisionOrganization({
    organization: { slug: 'acme', displayName: 'Acme', ownerUserId: OWNER },
    createdBy: OWNER,
  });
  return oldestOrganization(service);
}

/** Where to look and what to type next. */
function introduction({ url }: Service, config: Config): string {
  const command = existsSync('envplane') ? './envplane' : 'envplane';
  const isDefault = config.dataDirectory === resolve('.envplane');
  // Commands find service and token in the data directory, when they know which one.
  const envplane = isDefault ? command : `ENVPLANE_DATA_DIR=${quoted(config.dataDirectory)} ${command}`;
  const tokenFile = adminTokenFile(isDefault ? { dataDirectory: '.envplane' } : config);
  return `
  API page  ${url}/docs
  token     ${config.adminToken ? 'the value of ENVPLANE_ADMIN_TOKEN' : tokenFile}

  Try next:
    ${envplane} env list acme
    ${envplane} env connect acme/dev
    ${envplane} env create acme --slug staging --env-type staging

`;
}

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
