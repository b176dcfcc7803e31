import type { ControlPlane } from '@envplane/service-tenant';
import { ControlPlaneError, type IdentityProvider, type Logger } from '@envplane/spec';
import { Hono } from 'hono';
import { contract } from './contract/index.ts';
import type { AppEnv } from './exchange.ts';
import { auditEventHandlers } from './handlers/audit-events.ts';
import { driverHandlers } from './handlers/drivers.ts';
import { environmentHandlers } from './handlers/environments.ts';
import { operationHandlers } from './handlers/operations.ts';
import { organizationHandlers } from './handlers/organizations.ts';
import { placementHandlers } from './handlers/placements.ts';
import { serviceHandlers } from './handlers/service.ts';
import { createLongWork } from './long-work.ts';
import { exchange, type Metrics } from './middleware/exchange.ts';
import { mount } from './mount.ts';
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
  app.use(exchange(logger, metrics));
  app.onError((error, c) => problem(c.get('exchange'), error, logger));

  const longWork = createLongWork(isDraining);
  mount(app, options, serviceRoutes(options), serviceHandlers(options));
  mount(app, options, contract.drivers, driverHandlers());
  mount(app, options, contract.placements, placementHandlers());
  mount(app, options, contract.organizations, organizationHandlers(longWork));
  mount(app, options, contract.environments, environmentHandlers(longWork));
  mount(app, options, contract.operations, operationHandlers(longWork, isDraining));
  mount(app, options, contract.auditEvents, auditEventHandlers());
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
