import type { ControlPlane } from '@envplane/service-tenant';
import { ControlPlaneError, type IdentityProvider, type Logger } from '@envplane/spec';
import { Hono } from 'hono';
import { attemptLimit } from '../identity/attempt-limit.ts';
import { cloudEnvironmentHandlers } from './cloud/environment-handlers.ts';
import { cloudMemberHandlers } from './cloud/member-handlers.ts';
import { cloudArtifactHandlers, cloudPackageHandlers, cloudServiceHandlers } from './cloud/other-handlers.ts';
import { cloudForm, isCloud } from './cloud/wire.ts';
import { contract } from './contract/index.ts';
import type { AppEnv } from './exchange.ts';
import { auditEventHandlers } from './handlers/audit-events.ts';
import { credentialHandlers } from './handlers/credentials.ts';
import { driverHandlers } from './handlers/drivers.ts';
import { encryptionKeyHandlers } from './handlers/encryption-keys.ts';
import { environmentHandlers } from './handlers/environments.ts';
import { gateHandlers } from './handlers/gate.ts';
import { inventoryHandlers } from './handlers/inventory.ts';
import { meHandlers } from './handlers/me.ts';
import { environmentMemberHandlers, organizationMemberHandlers } from './handlers/members.ts';
import { operationHandlers } from './handlers/operations.ts';
import { organizationHandlers } from './handlers/organizations.ts';
import { placementHandlers } from './handlers/placements.ts';
import { serviceHandlers } from './handlers/service.ts';
import { grantHandlers, platformGrantHandlers, serviceAccountHandlers } from './handlers/service-accounts.ts';
import { signingKeyHandlers } from './handlers/signing-keys.ts';
import { tokenHandlers } from './handlers/tokens.ts';
import { tracingHandlers } from './handlers/tracing.ts';
import { createLongWork } from './long-work.ts';
import { authenticator } from './middleware/authenticate.ts';
import { exchange, type Metrics } from './middleware/exchange.ts';
import { mount } from './mount.ts';
import { oauthProblem } from './oauth/problem.ts';
import { problem } from './problem.ts';

export { contract } from './contract/index.ts';
export { buildOpenApiDocument } from './openapi.ts';

export interface AppOptions {
  controlPlane: ControlPlane;
  /** Asked in order who is calling. */
  identity: readonly IdentityProvider[];
  /** One line a request: at `info`, or at `debug` for a read that succeeded. */
  logger: Logger;
  /** Without it nothing is counted, and `/metrics` is not found. */
  metrics?: Metrics;
  version: string;
  /** Whether `/metrics` answers without a credential; only for a listener on loopback (S35). */
  metricsArePublic: boolean;
  /** True once the process is being stopped: it is no longer ready, and nobody is kept waiting. */
  isDraining(): boolean;
}

/**
 * The HTTP API over a control plane, as a web-standard `fetch`.
 *
 * @throws TypeError when a route declares no permission (S2)
 */
export function createApp(options: AppOptions): Hono {
  const { logger, metrics, isDraining } = options;
  const app = new Hono<AppEnv>();
  app.use(exchange(options.controlPlane.beginTrace, logger, metrics));
  app.onError((error, c) => {
    const isOAuth = c.get('exchange').route === contract.tokens.exchange.path;
    if (isOAuth) return oauthProblem(c, error, logger);
    return problem(c.get('exchange'), error, logger, isCloud(c.req.path) ? cloudForm : undefined);
  });

  const longWork = createLongWork(options.controlPlane.service, isDraining);
  const attempts = attemptLimit();
  const closed = { ...options, attempts, authenticate: authenticator({ ...options, attempts }) };
  mount(app, closed, serviceRoutes(options), serviceHandlers(options));
  mount(app, closed, contract.drivers, driverHandlers());
  mount(app, closed, contract.placements, placementHandlers(longWork));
  mount(app, closed, contract.inventory, inventoryHandlers(longWork));
  mount(app, closed, contract.organizations, organizationHandlers(longWork));
  mount(app, closed, contract.environments, environmentHandlers(longWork));
  mount(app, closed, contract.organizationMembers, organizationMemberHandlers());
  mount(app, closed, contract.environmentMembers, environmentMemberHandlers());
  mount(app, closed, contract.environmentCredentials, credentialHandlers(longWork));
  mount(app, closed, contract.serviceAccounts, serviceAccountHandlers());
  mount(app, closed, contract.grants, grantHandlers());
  mount(app, closed, contract.platformGrants, platformGrantHandlers());
  mount(app, closed, contract.gate, gateHandlers());
  mount(app, closed, contract.me, meHandlers());
  mount(app, closed, contract.operations, operationHandlers(longWork, isDraining));
  mount(app, closed, contract.auditEvents, auditEventHandlers());
  mount(app, closed, contract.signingKeys, signingKeyHandlers());
  mount(app, closed, contract.encryptionKeys, encryptionKeyHandlers(longWork));
  mount(app, closed, contract.tokens, tokenHandlers(closed));
  mount(app, closed, contract.tracing, tracingHandlers());
  mount(app, closed, contract.cloudEnvironments, cloudEnvironmentHandlers(longWork));
  mount(app, closed, contract.cloudMembers, cloudMemberHandlers());
  mount(app, closed, contract.cloudPackages, cloudPackageHandlers());
  mount(app, closed, contract.cloudArtifacts, cloudArtifactHandlers());
  mount(app, closed, contract.cloudService, cloudServiceHandlers(options.controlPlane));
  // A route and not `notFound`, which stays behind when this application is mounted in another.
  app.all('*', () => {
    throw routeNotFound();
  });
  // What a request carries along is known in here only.
  return app as unknown as Hono;
}

/** On loopback, whoever reaches the listener may read the metrics (S35). */
function serviceRoutes({ metricsArePublic }: AppOptions): typeof contract.service {
  const { metrics } = contract.service;
  if (!metricsArePublic) return contract.service;
  return {
    ...contract.service,
    metrics: { ...metrics, 'x-envplane': { ...metrics['x-envplane'], permission: 'public' } },
  };
}

const routeNotFound = () =>
  new ControlPlaneError('route_not_found', 'There is no such path, or not with this method; see /openapi.json.');
