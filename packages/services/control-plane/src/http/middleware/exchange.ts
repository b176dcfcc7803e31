import { randomUUID } from 'node:crypto';
import { ControlPlaneError, type Logger } from '@envplane/spec';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Exchange } from '../exchange.ts';
import { problem } from '../problem.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_URL_LENGTH = 8 * 1024;

export interface Metrics {
  /** `durationMs` is the time to the answer's head. */
  record(request: { method: string; route: string; status: number; durationMs: number }): void;
  /** Prometheus text format. */
  render(): Promise<string>;
}

export function newExchange(headers: Headers): Exchange {
  const given = headers.get('x-request-id');
  return {
    requestId: given !== null && REQUEST_ID.test(given) ? given : randomUUID(),
    beganMs: performance.now(),
    route: 'unmatched',
    caller: null,
    service: null,
    code: null,
    hops: [],
  };
}

/** Begins and ends every request: its id, its limits, its metric, and its line in the log: at `info`, or at `debug` for a read that succeeded. */
export function exchange(logger: Logger, metrics: Metrics | undefined): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const current = newExchange(c.req.raw.headers);
    c.set('exchange', current);
    if (c.req.url.length > MAX_URL_LENGTH) {
      const tooLong = new ControlPlaneError('uri_too_long', `A URL may have at most ${MAX_URL_LENGTH} characters.`);
      c.res = problem(current, tooLong, logger);
    } else {
      await next();
    }
    const { method } = c.req;
    const { requestId, route, code } = current;
    const { status } = c.res;
    const durationMs = performance.now() - current.beganMs;
    metrics?.record({ method, route, status, durationMs });
    // What was read well is not news.
    const level = status < 400 && (method === 'GET' || method === 'HEAD') ? 'debug' : 'info';
    logger[level](
      {
        event: 'http.request',
        requestId,
        method,
        route,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        ...(current.caller && { principalId: current.caller.principal.id }),
        ...(code !== null && { code }),
      },
      'request',
    );
  };
}
