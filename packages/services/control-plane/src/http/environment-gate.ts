import type { Admission, ControlPlane } from '@envplane/service-tenant';
import { refuse } from '@envplane/service-tenant';
import {
  ControlPlaneError,
  type DatabaseHandle,
  type IdentityProvider,
  isPermission,
  type Logger,
  type Principal,
  scopeOf,
} from '@envplane/spec';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { attemptLimit } from '../identity/attempt-limit.ts';
import type { AppEnv, Exchange } from './exchange.ts';
import { authenticator } from './middleware/authenticate.ts';
import { newExchange } from './middleware/exchange.ts';
import { problem } from './problem.ts';

/** What a handler behind the gate is given: `c.get('db')` and the rest. */
export interface GatedEnv {
  Variables: {
    principal: Principal;
    /** Id of the organization. */
    organization: string;
    /** Id of the environment. */
    environment: string;
    /** Patterns of what the caller holds in the environment, for `covers`. */
    permissions: readonly string[];
    /** The environment's own database; it is connected to with its first use. */
    db: Omit<DatabaseHandle, 'close'>;
  };
}

export interface EnvironmentGateOptions {
  controlPlane: ControlPlane;
  /** Asked in order who is calling. */
  identity: readonly IdentityProvider[];
  logger: Logger;
  /** Name of the path parameter that holds the id of the environment; `env` when left out. */
  parameter?: string;
}

/**
 * Makes the gate before the routes of an application: `gate({ permission })` lets a request through when its caller holds the
 * permission in the environment that the path, or else the header `X-Environment-Id`, names. A handler behind it needs no
 * tenant filter: its database is that environment's and no other's. A refusal is a problem document, before any connection.
 */
export function environmentGate(options: EnvironmentGateOptions): (required: {
  /** Of the catalogue that the control plane was opened with. */
  permission: string;
}) => MiddlewareHandler<GatedEnv> {
  const { controlPlane, logger, parameter = 'env' } = options;
  const { beginTrace, service } = controlPlane;
  const authenticate = authenticator({ ...options, attempts: attemptLimit() });
  const known = new Set(service.permissions().map((each) => each.permission as string));

  /** @throws ControlPlaneError as the refusal says, and as authentication does */
  async function admit(c: Context<GatedEnv>, exchange: Exchange, permission: string): Promise<void> {
    exchange.caller = await authenticate(c as unknown as Context<AppEnv>);
    const { principal } = exchange.caller;
    const traced = service.within(exchange.trace);
    const verdict = await traced.gate.check(principal, environmentOf(c, parameter), permission);
    if (!verdict.allowed) throw refuse(verdict);
    bind(c, principal, verdict, traced);
  }

  return ({ permission }) => {
    if (!isPermission(permission) || scopeOf(permission) !== 'env' || !known.has(permission)) {
      throw new TypeError(`${permission} is no permission of an environment; nothing starts with it`);
    }
    return async (c, next) => {
      const context = c as unknown as Context<AppEnv>;
      // Behind another gate it is the same request.
      const outer: Exchange | undefined = context.get('exchange');
      const exchange = outer ?? newExchange(c.req.raw.headers, beginTrace);
      context.set('exchange', exchange);
      try {
        await admit(c, exchange, permission);
      } catch (error) {
        const refusal = problem(exchange, error, logger);
        if (!outer) finish(c, exchange, refusal.status);
        return refusal;
      }
      await next();
      if (outer) return undefined;
      c.header('server-timing', exchange.trace.head(), { append: true });
      if (!c.res.headers.has('x-request-id')) c.header('x-request-id', exchange.requestId);
      finish(c, exchange, c.res.status);
      return undefined;
    };
  };
}

/** The answer has a head. The path is the host's, and only its pattern holds nothing of the caller's. */
function finish(c: Context, { trace, caller, code }: Exchange, status: number): void {
  const principal = caller?.principal ?? null;
  trace.end({ method: c.req.method, route: routePath(c, -1), status, code, principal });
}

/** @throws ControlPlaneError `environment_mismatch` when two sources disagree, `access_denied` when none says */
function environmentOf(c: Context, parameter: string): string {
  const named = [c.req.param(parameter), c.req.header('x-environment-id')].filter((each) => each !== undefined);
  if (new Set(named).size > 1) throw mismatch();
  return named[0] ?? '';
}

const mismatch = () => new ControlPlaneError('environment_mismatch', 'The request names two environments; name one.');

/** @throws ControlPlaneError `environment_mismatch` when the request is bound to another environment already */
function bind(
  c: Context<GatedEnv>,
  principal: Principal,
  verdict: Admission,
  { environments }: ControlPlane['service'],
): void {
  const bound: string | undefined = c.get('environment');
  if (bound !== undefined && bound !== verdict.environmentId) throw mismatch();
  const open = () => environments.connect(verdict);
  c.set('principal', principal);
  c.set('organization', verdict.organizationId);
  c.set('environment', verdict.environmentId);
  c.set('permissions', verdict.permissions);
  c.set('db', {
    query: async (...parameters) => (await open()).query(...parameters),
    one: async (...parameters) => (await open()).one(...parameters),
    exec: async (...parameters) => (await open()).exec(...parameters),
    tx: async (...parameters) => (await open()).tx(...parameters),
  });
}
