import { ControlPlaneError, type IdentityRequest, PROBLEMS, type Principal } from '@envplane/spec';
import type { EnvironmentProvisioningService } from '../service.ts';

/** Tells who sends a request; null when nobody says. @throws ControlPlaneError for a credential that is not valid */
export type Identify = (request: IdentityRequest) => Promise<Principal | null>;

/** What a host's dispatcher knows of a request, and is told: `environmentId`. */
interface DispatchContext {
  request?: { headers?: Headers | Record<string, string | string[] | undefined>; method?: string };
  /** Of the path, where the dispatcher has found it. */
  urlEnvironmentId?: string;
  routePath?: string;
  environmentId?: string;
}

/** Requests of a host on their way to an environment. */
export interface RoutedRequests {
  service: EnvironmentProvisioningService;
  identify: Identify;
}

/**
 * The service `kernel-resolver`: a host asks it for the environment of each request before anything else is done. There is one
 * kernel, the host's own; what differs is the environment.
 *
 * What it makes throws an error with `statusCode`, which hosts answer with, for whoever may not enter what they name.
 */
export function kernelResolver(open: () => RoutedRequests) {
  const resolveEnvironment = async (context: DispatchContext): Promise<void> => {
    const headers = headersOf(context.request?.headers);
    const { service, identify } = open();
    try {
      const principal = await identify({ method: context.request?.method ?? 'GET', headers });
      const caller = principal && { principal, requestId: null, clientAddress: null };
      const found = await service.routing.resolve(caller, {
        url: context.urlEnvironmentId ?? /^\/(?:environments|projects)\/([^/]+)/.exec(context.routePath ?? '')?.[1],
        hostname: headers.get('host') ?? undefined,
        header: headers.get('x-environment-id') ?? undefined,
      });
      if (found) context.environmentId = found.environmentId;
    } catch (error) {
      if (!(error instanceof ControlPlaneError)) throw error;
      throw Object.assign(error, { statusCode: PROBLEMS[error.code][0] });
    }
  };
  return {
    resolveEnvironment,
    resolveKernel: async <Kernel>(context: DispatchContext, defaultKernel: Kernel): Promise<Kernel> => {
      await resolveEnvironment(context);
      return defaultKernel;
    },
  };
}

export function headersOf(given: Headers | Record<string, string | string[] | undefined> = {}): Headers {
  if (given instanceof Headers) return given;
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  }
  return headers;
}
