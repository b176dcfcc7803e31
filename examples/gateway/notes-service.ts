import { createServer, type Server } from 'node:http';

/**
 * A service that knows nothing of tokens, keys or permissions: the gateway in front of it says who calls and for which
 * environment. It must be reachable through the gateway only.
 */
export function notesService(): Server {
  const notes = new Map<string, string[]>();
  return createServer(async (request, response) => {
    const environment = String(request.headers['x-environment-id']);
    const own = notes.get(environment) ?? [];
    if (request.method === 'POST') {
      const text = Buffer.concat(await request.toArray()).toString();
      notes.set(environment, [...own, `${request.headers['x-user-id']}: ${text}`]);
      response.writeHead(201).end();
    } else {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(own));
    }
  });
}
