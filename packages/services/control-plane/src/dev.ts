import { existsSync } from 'node:fs';
import { relative } from 'node:path';
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
  const { items } = await service.organizations.list({ limit: 1 });
  if (items.length === 0) {
    await service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: OWNER },
      createdBy: OWNER,
    });
  }
  const acme = (await service.organizations.list({ limit: 200 })).items.find(({ slug }) => slug === 'acme');
  if (!acme || acme.createdBy !== OWNER) return;
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

function introduction({ url }: Service, config: Config): string {
  const command = existsSync('envplane') ? './envplane' : 'envplane';
  const directory = relative(process.cwd(), config.dataDirectory);
  // Commands find the service and the token in the data directory, when they know which one.
  const prefix = directory === '.envplane' ? command : `ENVPLANE_DATA_DIR=${quoted(config.dataDirectory)} ${command}`;
  const token = config.adminToken
    ? 'the value of ENVPLANE_ADMIN_TOKEN'
    : relative(process.cwd(), adminTokenFile(config));
  return `
  API page  ${url}/docs
  token     ${token}

  Try next:
    ${prefix} env list acme
    ${prefix} env connection acme/dev
    ${prefix} env create acme --slug staging --env-type staging

`;
}

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
