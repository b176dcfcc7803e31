import { isPermission, scopeOf } from '@envplane/spec';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { SmartRouter } from 'hono/router/smart-router';
import { TrieRouter } from 'hono/router/trie-router';

/** What a request needs to be let through to the upstream. A request that no route matches is not let through. */
export interface GatewayRoute {
  /** In Hono's syntax: `/blog/posts/:id`, `/blog/*`. Of several that match, the first in the list decides. */
  path: string;
  /** In upper case; every method when absent. `GET` includes `HEAD`. */
  methods?: readonly string[];
  /** The concrete permission, of an environment, that the token must carry. */
  permission: string;
  /** The service that the environment's plan must include; when absent that of the permission. `env` is always included. */
  service?: string;
}

/** What a route asks of a token; one object a route. */
export type Needs = Readonly<Required<Pick<GatewayRoute, 'service' | 'permission'>>>;

export interface MatchedRoute {
  needs: Needs;
  /** What stands in the path for `:name`. */
  param(name: string): string | undefined;
}

/** `ambiguous`: the upstream might read the path as another one than was matched. */
export type RouteMatch = MatchedRoute | 'ambiguous' | undefined;

/**
 * Escapes of what needs none (letters, digits, `-._~`), of slashes, control characters and of escapes themselves; backslashes;
 * parameters of a segment; empty segments and those of dots. Whoever decodes, cuts or merges them sees another path.
 */
const AMBIGUOUS =
  /%(?:[01]|2[def]|25[0-9a-f]{2}|3[0-9]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])|[\\;]|\/\/|\/\.{1,2}(?:\/|$)/i;

/** What every ambiguous path has, looked for first: it takes a fraction of the time, and hardly any path has it. */
const SUSPICIOUS = /[%\\;]|\/[/.]/;

/** @throws TypeError for a route that can match nothing or asks for what no token of an environment carries */
export function routeTable(routes: readonly GatewayRoute[]): (method: string, url: string) => RouteMatch {
  const router = new SmartRouter<Needs>({
    routers: [new RegExpRouter(), new TrieRouter()],
  });
  for (const route of routes) {
    const { path, methods = ['ALL'], permission } = route;
    if (!path.startsWith('/')) throw new TypeError(`The path ${path} must begin with a slash.`);
    if (!isPermission(permission) || scopeOf(permission) !== 'env') {
      throw new TypeError(`The route ${path} must ask for one permission of environments, not ${permission}.`);
    }
    const { service = permission.slice(0, permission.indexOf(':')) } = route;
    const needs = { service, permission };
    for (const method of methods) router.add(method, path, needs);
  }
  return (method, url) => {
    const path = pathOf(url);
    if (SUSPICIOUS.test(path) && AMBIGUOUS.test(path)) return 'ambiguous';
    const [handlers, stash] = router.match(method === 'HEAD' ? 'GET' : method, path);
    const [first] = handlers;
    if (first === undefined) return undefined;
    const [needs, found] = first;
    return {
      needs,
      param: (name) => {
        const value = Object.hasOwn(found, name) ? found[name] : undefined;
        // One router gives texts, the other positions in a list of them.
        return typeof value === 'number' ? stash?.[value] : value;
      },
    };
  };
}

/** Without the trailing slash, which upstreams do not tell apart. Cut out by hand: parsing a URL takes longer than all checks. */
function pathOf(url: string): string {
  const begin = url.indexOf('/', url.indexOf('://') + 3);
  const query = url.indexOf('?', begin);
  const hash = url.indexOf('#', begin);
  let end = query === -1 ? url.length : query;
  if (hash !== -1 && hash < end) end = hash;
  if (end - begin > 1 && url.endsWith('/', end)) end -= 1;
  return url.slice(begin, end);
}
