import { type ControlPlane, environmentNotFound } from '@envplane/service-tenant';
import { ControlPlaneError } from '@envplane/spec';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';
import { packageRow } from './rows.ts';
import { done } from './wire.ts';

export function cloudPackageHandlers(): Handlers<typeof contract.cloudPackages> {
  return {
    list: async (c) => {
      const packages = (await serviceOf(c).environments.packages(c.req.valid('param').env)).map(packageRow);
      return json(c, done({ packages, total: packages.length }), 200);
    },

    get: async (c) => {
      const { env, pkg } = c.req.valid('param');
      const found = (await serviceOf(c).environments.packages(env)).find(({ packageId }) => packageId === pkg);
      if (!found) throw new ControlPlaneError('not_found', 'No package of this id was recorded for this environment.');
      return json(c, done({ package: packageRow(found) }), 200);
    },

    install: refusePackages,
    enable: refusePackages,
    disable: refusePackages,
    upgrade: refusePackages,
    uninstall: refusePackages,
  };
}

/** Nothing is recorded that nothing would carry out. */
async function refusePackages(c: Context<AppEnv>): Promise<never> {
  await requireEnvironment(c);
  throw new ControlPlaneError(
    'packages_not_supported',
    'Packages are installed by the application whose packages they are, not by the control plane.',
  );
}

export function cloudArtifactHandlers(): Handlers<typeof contract.cloudArtifacts> {
  return {
    listRevisions: async (c) => {
      await requireEnvironment(c);
      return json(c, done({ items: [], nextCursor: null, branch: c.req.valid('query').branch ?? null }), 200);
    },
    listBranches: async (c) => {
      const { id } = await requireEnvironment(c);
      return json(c, done({ environmentId: id, branches: [] }), 200);
    },
    renameBranch: noSuchBranch,
    deleteBranch: noSuchBranch,
  };
}

async function noSuchBranch(c: Context<AppEnv>): Promise<never> {
  await requireEnvironment(c);
  throw new ControlPlaneError('branch_not_found', 'This environment has no branches: no artifacts are kept here.');
}

/** Of what is not there nothing is said, not even that it is empty. @throws ControlPlaneError `not_found` */
const requireEnvironment = (c: Context<AppEnv>) => serviceOf(c).environments.get(c.req.param('env') ?? '');

export function cloudServiceHandlers(controlPlane: ControlPlane): Handlers<typeof contract.cloudService> {
  return {
    listDrivers: async (c) => {
      const names = await serviceOf(c).driverNames();
      const drivers = names.map((name) => ({ name, driverId: `com.envplane.driver.${name}` }));
      return json(c, done({ drivers, total: drivers.length }), 200);
    },

    // For everybody, so with the rights of the process; what is private is to them as what is not there.
    resolveHostname: async (c) => {
      const service = controlPlane.service.within(c.get('exchange').trace);
      const environmentId = await service.routing.findByHostname(c.req.valid('query').host);
      if (environmentId === null) throw environmentNotFound();
      const { hostname, visibility } = await service.environments.get(environmentId);
      if (visibility !== 'public' || hostname === null) throw environmentNotFound();
      return json(c, done({ environmentId, hostname }), 200);
    },
  };
}
