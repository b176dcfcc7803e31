import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Figure, median, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';
import { SERVICE, start, stop } from './server-process.ts';

const TURNS = 60;
const TURN_MS = 250;
const CONNECTIONS = 16;
const TOKEN = 'a-token-that-only-this-benchmark-knows';
const BARE = new URL('./bare-server.mjs', import.meta.url).pathname;
const GENERATOR = new URL('./load-generator.mjs', import.meta.url).pathname;

/** Requests per second of an authenticated `GET /v1/environments/{env}` and of a bare Hono handler that answers the same body. */
export function httpReads(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const { environmentId } = await provisioner(plane).organization();
    const body = await plane.service.environments.get(environmentId);
    await plane.close();
    const path = `/v1/environments/${environmentId}`;

    const bare = await start([BARE], { BENCH_BODY: JSON.stringify(body) });
    const service = await start([SERVICE, 'serve'], {
      ENVPLANE_DATA_DIR: directory,
      ENVPLANE_PORT: '0',
      ENVPLANE_ADMIN_TOKEN: TOKEN,
    });
    const rates = await load(bare.port, service.port, path);
    for (const { child } of [bare, service]) await stop(child);
    return [
      { name: 'bare Hono handler', value: `${median(rates.map(([bare]) => bare)).toFixed(0)} /s` },
      {
        name: 'GET /v1/environments/{env}',
        value: `${median(rates.map(([, service]) => service)).toFixed(0)} /s`,
        ratio: median(rates.map(([bare, service]) => service / bare)),
        bound: '>=0.5',
      },
    ];
  });
}

async function load(bare: string, service: string, path: string): Promise<[bare: number, service: number][]> {
  const options = [CONNECTIONS, TURNS, TURN_MS].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [GENERATOR, bare, service, path, TOKEN, ...options]);
  return JSON.parse(stdout);
}
