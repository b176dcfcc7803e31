import type { EnvironmentProvisioningService, Trace } from '@envplane/service-tenant';
import { ControlPlaneError } from '@envplane/spec';
import type { Context } from 'hono';
import type { Route } from '../contract/route.ts';
import type { AppEnv } from '../exchange.ts';

const HEADER = 'x-envplane-observer';
/** What polls only to show what is there, and would otherwise show itself. */
const OBSERVER = 'console';

/** Whether a read says that it only looks. What it asks of the stores is kept back until it is known who says so. */
export const claimsToObserve = (c: Context<AppEnv>): boolean => c.req.raw.headers.get(HEADER) === OBSERVER;

/**
 * Keeps a request that only looks out of the store-call log and the traces, if its caller may read them: nobody else can make a
 * request disappear. Audit is not asked.
 */
export async function settleObserver(
  route: Route,
  c: Context<AppEnv>,
  service: EnvironmentProvisioningService,
  trace: Trace,
): Promise<void> {
  const isInEnvironment = route.path.includes('{env}');
  try {
    if (isInEnvironment) {
      const environmentId = c.req.param('env') ?? '';
      await service.authorize(['env:traces.read', 'platform:traces.read'], { environmentId });
    } else await service.authorize('platform:traces.read', { platform: true });
    trace.hide();
  } catch (error) {
    if (!(error instanceof ControlPlaneError)) throw error;
    trace.show();
  }
}
