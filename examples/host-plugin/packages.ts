import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOSTS, installHost } from '@envplane/testkit/hosts';

/** What an application imports from the host's packages, as far as this one uses it. */
export interface HostPackages {
  ObjectKernel: new (
    options: object,
  ) => {
    use(plugin: object): Promise<unknown>;
    bootstrap(): Promise<void>;
    shutdown(): Promise<void>;
  };
  ObjectQLPlugin: new () => object;
  SqlDriver: new (options: object) => { name: string; disconnect?(): Promise<void> };
  HonoServerPlugin: new (options: object) => { server: { getPort(): number } };
}

export interface HostPlugin {
  name: string;
  version: string;
  type: 'standard' | 'driver';
  dependencies?: string[];
  init(context: HostContext): Promise<void>;
  start?(context: HostContext): Promise<void>;
  destroy?(): Promise<unknown>;
}

export interface HostContext {
  getService(name: string): unknown;
  registerService(name: string, service: unknown): unknown;
}

export interface HttpServer {
  get(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
}

type Handler = (
  request: { headers: Record<string, string>; body: Record<string, unknown> },
  response: Answer,
) => unknown;

interface Answer {
  status(code: number): Answer;
  json(body: unknown): void;
}

/** The packages of a host, installed beside this checkout and not into it. */
export async function importHost(version: string): Promise<HostPackages> {
  const known = HOSTS.find((each) => each === version);
  if (!known) throw new Error(`there are ${HOSTS.join(', ')}`);
  const sqlite = dirname(fileURLToPath(import.meta.resolve('better-sqlite3/package.json')));
  return import(await installHost(known, sqlite));
}
