import { proxy } from 'hono/proxy';
import { problemResponse, refusal } from './refusal.ts';

const NO_ANSWER = refusal(
  'upstream_unavailable',
  'The service behind the gateway gave no answer; look whether it did what was asked before you repeat it.',
);

/**
 * Hands requests on to a service: method, path, query, headers and body as they are, both bodies as streams. The answer comes
 * back as it is, redirects included.
 *
 * @param upstream an http or https URL; its path is put before that of the request
 * @throws TypeError for anything else
 */
export function forwardTo(upstream: string): (request: Request) => Promise<Response> {
  const { origin, pathname, protocol } = new URL(upstream);
  if (!/^https?:$/.test(protocol)) throw new TypeError('The upstream must be an http or https URL.');
  const base = origin + pathname.replace(/\/$/, '');
  return async (request) => {
    const { pathname: path, search } = new URL(request.url);
    try {
      return await proxy(`${base}${path}${search}`, { raw: request, redirect: 'manual' });
    } catch {
      return problemResponse(NO_ANSWER, request.headers.get('x-request-id') ?? crypto.randomUUID());
    }
  };
}
