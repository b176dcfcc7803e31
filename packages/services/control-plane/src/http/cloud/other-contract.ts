import { safeText } from '@envplane/spec';
import { z } from 'zod';
import { environmentPath } from '../contract/parameters.ts';
import { jsonBody } from '../contract/route.ts';
import { CloudPackageSchema, InstallPackageSchema, RenameBranchSchema, UpgradePackageSchema } from './schemas.ts';
import { cloudRoute, data } from './wire.ts';

const environment = { params: environmentPath };
const one = { params: environmentPath.extend({ pkg: safeText(1, 255).describe('Id of the package.') }) };
const branch = { params: environmentPath.extend({ branch: safeText(1, 255).describe('Name of the branch.') }) };
const refused = {
  permission: 'env:environment.update',
  responses: {},
  problems: ['not_found', 'packages_not_supported'],
} as const;
const noBranch = {
  permission: 'env:environment.update',
  responses: {},
  problems: ['not_found', 'branch_not_found'],
} as const;

/** Packages of environments, which were recorded in version 4 and are shown; a host installs them, not the control plane. */
export const cloudPackages = {
  list: cloudRoute('/environments/{env}/packages', {
    method: 'get',
    summary: 'Lists the packages that were recorded for an environment.',
    permission: 'env:environment.read',
    request: environment,
    responses: {
      200: data(
        z.object({
          packages: z.array(CloudPackageSchema).describe('The packages, by name.'),
          total: z.int().describe('How many there are.'),
        }),
        'The packages.',
      ),
    },
    problems: ['not_found'],
  }),
  install: cloudRoute('/environments/{env}/packages', {
    method: 'post',
    summary: 'Refused: packages are installed by a host.',
    request: { ...environment, body: jsonBody(InstallPackageSchema) },
    ...refused,
  }),
  get: cloudRoute('/environments/{env}/packages/{pkg}', {
    method: 'get',
    summary: 'Reads a package that was recorded for an environment.',
    permission: 'env:environment.read',
    request: one,
    responses: { 200: data(z.object({ package: CloudPackageSchema }), 'The package.') },
    problems: ['not_found'],
  }),
  uninstall: cloudRoute('/environments/{env}/packages/{pkg}', {
    method: 'delete',
    summary: 'Refused: packages are installed by a host.',
    request: one,
    ...refused,
  }),
  enable: cloudRoute('/environments/{env}/packages/{pkg}/enable', {
    method: 'patch',
    summary: 'Refused: packages are installed by a host.',
    request: one,
    ...refused,
  }),
  disable: cloudRoute('/environments/{env}/packages/{pkg}/disable', {
    method: 'patch',
    summary: 'Refused: packages are installed by a host.',
    request: one,
    ...refused,
  }),
  upgrade: cloudRoute('/environments/{env}/packages/{pkg}/upgrade', {
    method: 'post',
    summary: 'Refused: packages are installed by a host.',
    request: { ...one, body: jsonBody(UpgradePackageSchema) },
    ...refused,
  }),
};

/** Artifacts are another product's. None are kept here, so that every list of them is empty. */
export const cloudArtifacts = {
  listRevisions: cloudRoute('/environments/{env}/revisions', {
    method: 'get',
    summary: 'Lists the published artifacts of an environment: none are kept here.',
    permission: 'env:environment.read',
    request: {
      ...environment,
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(1_000).optional().describe('Most entries of the answer.'),
        cursor: z.string().optional().describe('Of an answer before; none is ever given.'),
        branch: safeText(1, 255).optional().describe('Only those of this branch.'),
      }),
    },
    responses: {
      200: data(
        z.object({
          items: z.array(z.unknown()).max(0).describe('Always empty.'),
          nextCursor: z.null().describe('Always null.'),
          branch: z.string().nullable().describe('The branch that was asked for.'),
        }),
        'None.',
      ),
    },
    problems: ['not_found'],
  }),
  listBranches: cloudRoute('/environments/{env}/branches', {
    method: 'get',
    summary: 'Lists the branches of an environment: none are kept here.',
    permission: 'env:environment.read',
    request: environment,
    responses: {
      200: data(
        z.object({
          environmentId: z.string().describe('The environment.'),
          branches: z.array(z.unknown()).max(0).describe('Always empty.'),
        }),
        'None.',
      ),
    },
    problems: ['not_found'],
  }),
  renameBranch: cloudRoute('/environments/{env}/branches/{branch}/rename', {
    method: 'post',
    summary: 'Renames a branch: there are none.',
    request: { ...branch, body: jsonBody(RenameBranchSchema) },
    ...noBranch,
  }),
  deleteBranch: cloudRoute('/environments/{env}/branches/{branch}', {
    method: 'delete',
    summary: 'Removes a branch: there are none.',
    request: branch,
    ...noBranch,
  }),
};

/** What belongs to no environment. */
export const cloudService = {
  listDrivers: cloudRoute('/drivers', {
    method: 'get',
    summary: 'Lists the drivers that environments can be made with.',
    permission: 'self',
    responses: {
      200: data(
        z.object({
          drivers: z
            .array(
              z.object({
                name: z.string().describe('Driver key.'),
                driverId: z.string().describe('The same with a prefix, as the client shows it.'),
              }),
            )
            .describe('The drivers.'),
          total: z.int().describe('How many there are.'),
        }),
        'The drivers.',
      ),
    },
  }),
  resolveHostname: cloudRoute('/resolve-hostname', {
    method: 'get',
    summary: 'Tells which public environment has a DNS name, to whoever asks; a private one is not found.',
    permission: 'public',
    request: { query: z.strictObject({ host: safeText(1, 261).describe('DNS name, with or without port.') }) },
    responses: {
      200: data(
        z.object({
          environmentId: z.string().describe('Id of the environment.'),
          hostname: z.string().describe('Its DNS name.'),
        }),
        'The environment.',
      ),
    },
    problems: ['not_found', 'store_unavailable'],
  }),
};
