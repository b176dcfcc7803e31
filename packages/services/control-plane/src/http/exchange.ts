import type { IncomingMessage } from 'node:http';
import type { Caller, EnvironmentProvisioningService, Trace } from '@envplane/service-tenant';
import type { Context } from 'hono';

/** One request and what is known of it so far. */
export interface Exchange {
  readonly requestId: string;
  /** Where its time goes. */
  readonly trace: Trace;
  /** Pattern of the matched route; `unmatched` before and without one. */
  route: string;
  /** Who calls; null on a public route. */
  caller: Caller | null;
  /** The service as this caller may use it. */
  service: EnvironmentProvisioningService | null;
  /** Code of the problem that is the answer. */
  code: string | null;
}

export interface AppEnv {
  Variables: { exchange: Exchange };
  /** What the Node.js listener passes; absent in process. */
  Bindings: { incoming?: IncomingMessage };
}

/** The verbs, for the caller of this request. */
export function serviceOf(c: Context<AppEnv>): EnvironmentProvisioningService {
  const { service } = c.get('exchange');
  if (!service) throw new TypeError('a handler of a public route asked for the caller’s service');
  return service;
}

/** Who calls. */
export function callerOf(c: Context<AppEnv>): Caller {
  const { caller } = c.get('exchange');
  if (!caller) throw new TypeError('a handler of a public route asked who calls');
  return caller;
}
