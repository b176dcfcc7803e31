import { covers, type Logger } from '@envplane/spec';
import type { Access } from './claims.ts';
import { type EpochSource, epochs } from './epochs.ts';
import { requestIdOf, trustedRequest } from './headers.ts';
import { type KeySetSource, keySet } from './key-set.ts';
import { problemResponse, type Refusal, refusal } from './refusal.ts';
import { type GatewayRoute, type MatchedRoute, type Needs, routeTable } from './routes.ts';
import { tokenVerifier, type VerifiedToken } from './tokens.ts';

/** How old key set and epochs may become before nothing is let through, in ms. */
const MAX_STALE_MS = 900_000;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export type Verdict = Access | Refusal;

export interface GatewayOptions {
  /** `iss` of the tokens: the public URL of the control plane. */
  issuer: string;
  jwks: KeySetSource;
  epochs: EpochSource;
  routes: readonly GatewayRoute[];
  /**
   * The environment that a request names by its path or its host, or undefined when it names none; without this option the
   * path parameter `env`. Called on every request: it looks nothing up.
   */
  resolveEnvironment?: (request: Request, param: MatchedRoute['param']) => string | undefined;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** Told when key set or epochs cannot be loaded. */
  logger?: Logger;
}

export interface Gateway {
  /** Whether a request may pass. Makes no network call, except the one that an unknown key id may cause. @throws what `resolveEnvironment` throws */
  check(request: Request): Promise<Verdict>;
  /** Answers a refused request with its problem, and hands any other on, with headers that can be trusted. */
  handle(request: Request, next: (request: Request, access: Access) => Response | Promise<Response>): Promise<Response>;
  /** Keeps key set and epochs fresh with timers. Resolves after the first attempt; until one succeeded the answer is 503. */
  start(): Promise<void>;
  stop(): void;
  /** Loads what is due, where there are no timers: before a request at first, beside it later (`waitUntil`). */
  refresh(): Promise<void>;
}

const NOT_READY = refusal(
  'gateway_not_ready',
  'The gateway has no current keys and epochs of the control plane; try again.',
);
const NO_ROUTE = refusal('route_not_found', 'No route of this gateway has this method and path.');
const AMBIGUOUS_PATH = refusal(
  'malformed_request',
  'The path has an empty segment, a semicolon, or an escape that it does not need; write it plainly.',
);
const NO_CREDENTIAL = refusal('unauthenticated', 'Send an environment token: Authorization: Bearer <token>.');
const BAD_TOKEN = refusal('invalid_token', 'The token is not valid here; get a new one for this environment.');
const MISMATCH = refusal('environment_mismatch', 'The token is for another environment; get one for this environment.');
const READ_ONLY = refusal('read_only', 'The token allows reading only; get one that may write.');

/**
 * Verifies environment tokens in front of services, without a store and with Web APIs alone.
 * @throws TypeError for a route that cannot be enforced
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { issuer, now = Date.now, logger, resolveEnvironment = (_request, param) => param('env') } = options;
  const match = routeTable(options.routes);
  const keys = keySet(options.jwks, now, logger);
  const withdrawn = epochs(options.epochs, now, logger);
  const tokens = tokenVerifier(issuer, keys, withdrawn);

  async function check(request: Request): Promise<Verdict> {
    const at = now();
    if (at - Math.min(keys.loadedAt(), withdrawn.loadedAt()) > MAX_STALE_MS) return NOT_READY;
    const matched = match(request.method, request.url);
    if (matched === undefined) return NO_ROUTE;
    if (matched === 'ambiguous') return AMBIGUOUS_PATH;
    const { headers } = request;
    const authorization = headers.get('authorization');
    if (authorization === null) return NO_CREDENTIAL;
    const token = tokens.recall(authorization) ?? (await tokens.verify(authorization, at));
    if (token === undefined || !tokens.holds(token, at)) return BAD_TOKEN;
    const { environmentId } = token.access;
    const named = resolveEnvironment(request, matched.param);
    const hint = headers.get('x-environment-id');
    if ((named ?? environmentId) !== environmentId || (hint ?? environmentId) !== environmentId) return MISMATCH;
    return entitled(token, matched.needs, request.method);
  }

  return {
    check,
    async handle(request, next) {
      const requestId = requestIdOf(request.headers);
      const verdict = await check(request);
      if (!verdict.allowed) return problemResponse(verdict, requestId);
      return next(trustedRequest(request, verdict, requestId), verdict);
    },
    async start() {
      await Promise.all([keys.start(), withdrawn.start()]);
    },
    stop() {
      keys.stop();
      withdrawn.stop();
    },
    async refresh() {
      await Promise.all([keys.refresh(), withdrawn.refresh()]);
    },
  };
}

/** What the token may do, against what the route asks for. */
function entitled({ access, satisfies }: VerifiedToken, needs: Needs, method: string): Verdict {
  if (access.readOnly && !SAFE_METHODS.has(method)) return READ_ONLY;
  if (satisfies.has(needs)) return access;
  const { service, permission } = needs;
  if (service !== 'env' && !isEnabled(access.services, service)) {
    return refusal('service_not_enabled', `The service ${service} is not enabled for this environment.`);
  }
  if (!covers(access.permissions, permission)) {
    return refusal('permission_denied', `This needs the permission ${permission}.`, [permission]);
  }
  satisfies.add(needs);
  return access;
}

function isEnabled(services: Access['services'], name: string): boolean {
  const service = Object.hasOwn(services, name) ? services[name] : undefined;
  return (service as { enabled?: unknown } | null | undefined)?.enabled === true;
}
