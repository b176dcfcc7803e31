import { randomUUID } from 'node:crypto';
import type { ControlPlane } from '@envplane/service-tenant';
import { ControlPlaneError, type Logger } from '@envplane/spec';
import type { MiddlewareHandler } from 'hono';
import { cloudForm, isCloud } from '../cloud/wire.ts';
import type { AppEnv, Exchange } from '../exchange.ts';
import { problem } from '../problem.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_URL_LENGTH = 8 * 1024;
/** The requests that are traced. */
const isApi = (route: string): boolean => route.startsWith('/v1/') || isCloud(route);

export interface Metrics {
  /** `durationMs` is the time to the answer's head. */
  record(request: { method: string; route: string; status: number; durationMs: number }): void;
  /** Prometheus text format. */
  render(): Promise<string>;
}

export type BeginTrace = ControlPlane['beginTrace'];

export function newExchange(headers: Headers, beginTrace: BeginTrace): Exchange {
  const given = headers.get('x-request-id');
  const requestId = given !== null && REQUEST_ID.test(given) ? given : randomUUID();
  return {
    requestId,
    trace: beginTrace(requestId),
    route: 'unmatched',
    caller: null,
    service: null,
    code: null,
  };
}

/** Begins and ends every request: its id, its limits, its trace, its metric, and its line in the log: at `info`, or at `debug` for a read that succeeded. */
export function exchange(
  beginTrace: BeginTrace,
  logger: Logger,
  metrics: Metrics | undefined,
): MiddlewareHandler<AppEnv> {
  const tellsReads = logger.isLevelEnabled?.('debug') ?? true;
  return async (c, next) => {
    const current = newExchange(c.req.raw.headers, beginTrace);
    c.set('exchange', current);
    if (c.req.url.length > MAX_URL_LENGTH) {
      const tooLong = new ControlPlaneError('uri_too_long', `A URL may have at most ${MAX_URL_LENGTH} characters.`);
      c.res = problem(current, tooLong, logger, isCloud(c.req.path) ? cloudForm : undefined);
    } else {
      await next();
    }
    const { method } = c.req;
    const { requestId, trace, route, code } = current;
    const { status } = c.res;
    const principal = current.caller?.principal ?? null;
    const { durationMs } = trace;
    // What the process says about itself is asked for again and again, and is no news.
    trace.end(isApi(route) ? { method, route, status, code, principal } : null);
    metrics?.record({ method, route, status, durationMs });
    // What was read well is not news.
    const isRead = status < 400 && (method === 'GET' || method === 'HEAD');
    if (isRead && !tellsReads) return;
    logger[isRead ? 'debug' : 'info'](
      {
        event: 'http.request',
        requestId,
        method,
        route,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        ...(principal && { principalId: principal.id }),
        ...(code !== null && { code }),
      },
      'request',
    );
  };
}
