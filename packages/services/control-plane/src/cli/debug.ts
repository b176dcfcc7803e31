import type { Fetch } from '../client/index.ts';

/**
 * Says on stderr how long each request takes, with its id and what the service says of its own time. Neither queries nor bodies
 * nor headers of the caller: they may hold what is secret.
 */
export function timed(fetch: Fetch): Fetch {
  return async (request) => {
    const what = `${request.method} ${new URL(request.url).pathname}`;
    const beganMs = performance.now();
    try {
      const response = await fetch(request);
      const { status, headers } = response;
      const service = headers.get('server-timing');
      say(beganMs, `${what} ${status}, request ${headers.get('x-request-id') ?? '-'}${service ? `, ${service}` : ''}`);
      return response;
    } catch (error) {
      say(beganMs, `${what} failed`);
      throw error;
    }
  };
}

/** Says how long the process has been running. */
export const sayTotal = (): void => say(0, 'in all');

const say = (sinceMs: number, what: string): void =>
  void process.stderr.write(`debug: ${(performance.now() - sinceMs).toFixed(1)} ms  ${what}\n`);
