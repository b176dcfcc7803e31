import type { Host } from '@envplane/service-tenant/plugin';
import type { Hono } from 'hono';
import { CLOUD } from './cloud/wire.ts';

/** The HTTP server of a host: a Hono application of whatever version, which is only told a path and a function. */
interface HostServer {
  getRawApp?(): {
    all(path: string, handler: (c: { req: { raw: Request }; env: unknown }) => Response | Promise<Response>): unknown;
  };
}

/**
 * Serves the API on the host's server, under the paths it has everywhere.
 * @returns whether the host has a server to serve it on
 */
export function mountInHost(host: Pick<Host, 'service'>, app: Pick<Hono, 'fetch'>): boolean {
  const server = host.service<HostServer>('http.server') ?? host.service<HostServer>('http-server');
  const routes = server?.getRawApp?.();
  for (const path of ['/v1/*', `${CLOUD}/*`]) routes?.all(path, (c) => app.fetch(c.req.raw, c.env as object));
  return routes !== undefined;
}
