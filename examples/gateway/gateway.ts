import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@envplane/control-plane/client';
import { notesService } from './notes-service.ts';

const directory = process.argv[2] ?? './gateway-data';
const bin = fileURLToPath(new URL('../../packages/services/control-plane/bin/envplane.js', import.meta.url));
const routes = fileURLToPath(new URL('./routes.json', import.meta.url));

// The control plane, a service, and the gateway in front of that.
const controlPlane = await start('serve');
const notes = notesService().listen(0, '127.0.0.1');
await once(notes, 'listening');
const upstream = `http://127.0.0.1:${(notes.address() as AddressInfo).port}`;
const gateway = await start(
  'gateway',
  ...['--url', controlPlane.url, '--port', '0'],
  ...['--upstream', upstream, '--routes', routes],
);

const token = readFileSync(`${directory}/admin-token`, 'utf8').trim();
const admin = createClient({ baseUrl: controlPlane.url, token });
const { data: acme, error } = await admin.POST('/v1/organizations', {
  body: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
});
const environmentId = acme && 'defaultEnvironmentId' in acme ? acme.defaultEnvironmentId : null;
if (!environmentId) throw new Error(error?.detail);

// The host that has authenticated Ada asks for her token; it holds what she holds in this environment.
const ada = await tokenFor(environmentId, 'ada');
const narrow = await tokenFor(environmentId, 'ada', 'env:data.read');

await show('POST with a token', 'POST', { authorization: `Bearer ${ada}` });
await show('POST as somebody else', 'POST', { authorization: `Bearer ${ada}`, 'x-user-id': 'root' });
await show('GET, read-only scope', 'GET', { authorization: `Bearer ${narrow}` });
await show('POST, read-only scope', 'POST', { authorization: `Bearer ${narrow}` });
await show('GET, another environment', 'GET', { authorization: `Bearer ${ada}`, 'x-environment-id': 'another' });
await show('GET, altered token', 'GET', { authorization: `Bearer ${ada.slice(0, -8)}AAAAAAAA` });
await show('GET without a token', 'GET', {});

notes.close();
await gateway.stop();
await controlPlane.stop();

async function tokenFor(env: string, userId: string, scope?: string): Promise<string> {
  const { data, error } = await admin.POST('/v1/environments/{env}/token', {
    params: { path: { env } },
    headers: { 'x-envplane-act-as': userId },
    body: scope === undefined ? {} : { scope },
  });
  if (!data) throw new Error(error?.detail);
  return data.accessToken;
}

async function show(what: string, method: string, headers: Record<string, string>) {
  const body = method === 'POST' ? 'Ship it' : undefined;
  const response = await fetch(`${gateway.url}/notes`, { method, headers, ...(body && { body }) });
  const text = await response.text();
  const said = response.ok ? text : `${JSON.parse(text).code}: ${JSON.parse(text).detail}`;
  console.log(`${what.padEnd(26)}${response.status} ${said}`.trimEnd());
}

/** Runs a command of `envplane` and waits for the line that names its address. */
async function start(command: string, ...options: string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [bin, command, ...options], {
    env: { ...process.env, ENVPLANE_DATA_DIR: directory, ENVPLANE_PORT: '0', ENVPLANE_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /listening on (http:\S+)$/.exec(line)?.[1];
    if (!address) continue;
    const stop = async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    };
    return { url: address, stop };
  }
  throw new Error(`envplane ${command} ended before it listened`);
}
