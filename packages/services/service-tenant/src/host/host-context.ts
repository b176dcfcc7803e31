import type { Logger } from '@envplane/spec';

/** What a host application's kernel hands to its plugins, in every version that is supported. Nothing of a host is imported. */
export interface HostContext {
  logger: HostLogger;
  /** @throws when there is no such service */
  getService(name: string): unknown;
  registerService(name: string, service: unknown): unknown;
}

/** The message comes first, as in every host; what an error was caused by stands between it and the fields. */
interface HostLogger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, cause?: Error, fields?: object): void;
}

/** A plugin as hosts take it. */
export interface HostPlugin {
  readonly name: string;
  readonly version: string;
  readonly type: 'standard';
  readonly dependencies: string[];
  init(context: HostContext): Promise<void>;
  start(context: HostContext): Promise<void>;
  destroy(): Promise<void>;
}

/** The host's query engine, as far as it is needed. */
export interface HostEngine {
  registerDriver(driver: object): void;
  getDriverForObject(object: string): HostDriver | undefined;
  readonly registry: { getAllObjects(): { name: string; datasource?: string }[] };
  /** Hosts read the context in which they are asked from either place. */
  findOne(object: string, query: object, options?: object): Promise<Record<string, unknown> | null>;
}

/** A driver of the host that speaks SQL. */
export interface HostDriver {
  execute?(sql: string, parameters?: readonly unknown[]): Promise<unknown>;
  /** Of the SQL driver: the query builder with its settings. */
  knex?: { client?: { config?: { client?: unknown; connection?: unknown } } };
}

/** A service of the host, or undefined where it has none. */
export function serviceOf<Service>(context: Pick<HostContext, 'getService'>, name: string): Service | undefined {
  try {
    return context.getService(name) as Service | undefined;
  } catch {
    return undefined;
  }
}

/** The host's logger as ours. */
export function loggerOf({ logger }: Pick<HostContext, 'logger'>): Logger {
  return {
    debug: (fields, message) => logger.debug(message, fields),
    info: (fields, message) => logger.info(message, fields),
    warn: (fields, message) => logger.warn(message, fields),
    error: (fields, message) => logger.error(message, undefined, fields),
  };
}
