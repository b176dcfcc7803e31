import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EnvironmentProvisioningService } from '@envplane/service-tenant';
import { type HostVersion, installHost } from '@envplane/testkit/hosts';
import { vi } from 'vitest';
import { createTenantPlugin, type HostPlugin, type TenantPluginOptions } from '../../src/plugin.ts';

/** What is used of a host's kernel here; the same in every version. */
interface Kernel {
  use(plugin: object): Promise<unknown>;
  bootstrap(): Promise<void>;
  shutdown(): Promise<void>;
  getService(name: string): unknown;
}

export interface Driver {
  name: string;
  execute(sql: string): Promise<unknown>;
  disconnect?(): Promise<void>;
}

export interface Engine {
  find(object: string, query: object): Promise<Record<string, unknown>[]>;
  findOne(object: string, query: object): Promise<Record<string, unknown> | null>;
  count(object: string, query: object): Promise<number>;
  insert(object: string, row: object): Promise<Record<string, unknown>>;
  update(object: string, row: object): Promise<unknown>;
}

interface Packages {
  ObjectKernel: new (options: object) => Kernel;
  SqlDriver: new (options: object) => Driver;
  ObjectQLPlugin: new () => object;
  HonoServerPlugin: new (options: object) => object & { server: { getPort(): number } };
}

export interface HostOptions {
  /** Of the host's SQL driver; a file in `directory` when left out. */
  connection?: { client: string; connection: unknown };
  /** Used before ours. */
  plugins?: object[];
  http?: boolean;
  plugin?: TenantPluginOptions;
}

/** A host application with our plugin in it. */
export interface TestHost {
  directory: string;
  kernel: Kernel;
  driver: Driver;
  engine: Engine;
  service: EnvironmentProvisioningService;
  /** What our plugin logged at `warn`. */
  warnings: { event?: string }[];
  url(): string;
  stop(): Promise<void>;
}

/** Hosts tell their console what they do, whatever level their logger is set to. */
for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method).mockReturnValue();

const sqlite = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));

/** Starts a host of that version on a directory, which is there again after `stop` when it was given. */
export async function startHost(
  version: HostVersion,
  { connection, plugins = [], http = false, plugin = {} }: HostOptions = {},
  given?: string,
): Promise<TestHost> {
  const { ObjectKernel, SqlDriver, ObjectQLPlugin, HonoServerPlugin }: Packages = await import(
    await installHost(version, sqlite)
  );
  const directory = given ?? mkdtempSync(join(tmpdir(), 'envplane-host-'));
  const file = { client: 'better-sqlite3', connection: { filename: join(directory, 'host.db') } };
  const driver = new SqlDriver({ ...(connection ?? file), useNullAsDefault: true });
  const server = new HonoServerPlugin({ port: 0 });
  const kernel = new ObjectKernel({ logger: { level: 'fatal' }, gracefulShutdown: false });
  await kernel.use({
    name: 'test.driver',
    version: '1.0.0',
    type: 'driver',
    init: async (context: { registerService(name: string, service: unknown): void }) =>
      context.registerService(`driver.${driver.name}`, driver),
    destroy: async () => driver.disconnect?.(),
  });
  await kernel.use(new ObjectQLPlugin());
  if (http) await kernel.use(server);
  for (const other of plugins) await kernel.use(other);
  const warnings: TestHost['warnings'] = [];
  await kernel.use(watched(createTenantPlugin({ dataDirectory: join(directory, 'envplane'), ...plugin }), warnings));
  const removeOwn = () => {
    if (given === undefined) rmSync(directory, { recursive: true });
  };
  await kernel.bootstrap().catch((error: unknown) => {
    removeOwn();
    throw error;
  });
  return {
    directory,
    kernel,
    driver,
    engine: kernel.getService('objectql') as Engine,
    service: kernel.getService('tenant.provisioning') as EnvironmentProvisioningService,
    warnings,
    url: () => `http://127.0.0.1:${server.server.getPort()}`,
    stop: async () => {
      await kernel.shutdown();
      removeOwn();
    },
  };
}

/** The plugin with its warnings kept. */
function watched(plugin: HostPlugin, warnings: { event?: string }[]): HostPlugin {
  return {
    ...plugin,
    start: (context) => {
      const logger = Object.create(context.logger, {
        warn: { value: (_message: string, fields: { event?: string }) => void warnings.push(fields) },
      });
      return plugin.start(Object.create(context, { logger: { value: logger } }));
    },
  };
}
