import type { Host } from '@envplane/service-tenant/plugin';
import type { Hono } from 'hono';
import { CLOUD } from './cloud/wire.ts';
import { contract } from './contract/index.ts';
import type { Route } from './contract/route.ts';

/** The HTTP server of a host: a Hono application of whatever version, which is only told a path and a function. */
interface HostServer {
  getRawApp?(): { all(path: string, handler: HostHandler): unknown };
}

type HostHandler = (
  c: { req: { raw: Request }; env: unknown },
  next: () => Promise<void>,
) => Promise<Response | undefined>;

/**
 * Serves the API on the host's server, under the paths it has everywhere. What is no route of the API goes on to the host, which
 * may have paths of its own there.
 * @returns whether the host has a server to serve it on
 */
export function mountInHost(host: Pick<Host, 'service'>, app: Pick<Hono, 'fetch'>): boolean {
  const server = host.service<HostServer>('http.server') ?? host.service<HostServer>('http-server');
  const routes = server?.getRawApp?.();
  const serve: HostHandler = async (c, next) => {
    if (isOurs(c.req.raw)) return app.fetch(c.req.raw, c.env as object);
    await next();
    return undefined;
  };
  for (const path of ['/v1/*', `${CLOUD}/*`]) routes?.all(path, serve);
  return routes !== undefined;
}

const isOurs = ({ method, url }: Request): boolean =>
  OURS.test(`${method === 'HEAD' ? 'GET' : method} ${new URL(url).pathname}`);

const alternatives = Object.values<Record<string, Route>>(contract)
  .flatMap((resource) => Object.values(resource))
  .map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}`);
const OURS = new RegExp(`^(?:${alternatives.join('|')})$`);
