import { readFileSync } from 'node:fs';
import { createGateway, epochsAt, forwardTo, type Gateway, keySetAt } from '@envplane/gateway';
import { z } from 'zod';
import { readClientEnvironment } from '../config.ts';
import { EXIT, type ExitCode, refusal } from '../exit.ts';
import { createListener } from '../listener.ts';
import { createLog, type Log } from '../log.ts';
import { reportDefects, stopSignal } from '../serve.ts';
import { findTarget } from './target.ts';

/** What the command is told; `url` is the control plane. */
export interface GatewayCommandOptions {
  url?: string;
  upstream: string;
  routes: string;
  issuer?: string;
  host: string;
  port: string;
}

const RoutesSchema = z.array(
  z.strictObject({
    path: z.string(),
    methods: z.array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])).optional(),
    permission: z.string(),
    service: z.string().optional(),
  }),
);

/**
 * The command `gateway`: verifies environment tokens in front of one service until it is told to stop. One line on stdout says
 * that it listens; it answers 503 until it has heard of the control plane.
 * @throws refusal for options that cannot be used
 */
export async function gateway(options: GatewayCommandOptions): Promise<ExitCode> {
  const log = await createLog({ level: 'info', format: process.stderr.isTTY ? 'pretty' : 'json' });
  reportDefects(log);
  const stopRequested = stopSignal();
  const { gateway, forward } = open(options, log);
  const listener = createListener((request) => gateway.handle(request, forward));
  const url = await listener.listen(options.host, portOf(options.port));
  await gateway.start();
  process.stdout.write(`envplane gateway listening on ${url}\n`);
  await stopRequested;
  gateway.stop();
  await listener.drain();
  log.flush();
  return EXIT.ok;
}

function open({ url, upstream, routes, issuer }: GatewayCommandOptions, { logger }: Log) {
  const target = findTarget(url, readClientEnvironment());
  if (target.token === undefined) {
    throw refusal(EXIT.auth, 'Set ENVPLANE_TOKEN to a key of an account with the platform role gateway.');
  }
  try {
    const gateway: Gateway = createGateway({
      issuer: issuer ?? target.url,
      jwks: keySetAt(`${target.url}/.well-known/jwks.json`),
      epochs: epochsAt(`${target.url}/v1/token-epochs`, target.token),
      routes: readRoutes(routes),
      logger,
    });
    return { gateway, forward: forwardTo(upstream) };
  } catch (error) {
    // What the gateway says of a route or an address is meant for whoever wrote it.
    if (error instanceof TypeError) throw refusal(EXIT.usage, error.message);
    throw error;
  }
}

function readRoutes(file: string) {
  try {
    const routes = RoutesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return routes.map(({ path, permission, methods, service }) => ({
      path,
      permission,
      ...(methods && { methods }),
      ...(service !== undefined && { service }),
    }));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw refusal(EXIT.usage, `The routes in ${file} cannot be used: ${reason}`);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw refusal(EXIT.usage, '--port must be a port number from 0 to 65535.');
  return port;
}
