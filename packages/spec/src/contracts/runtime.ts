/** Time as the process sees it. Time decides *when* something is tried, never whether it is safe. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

/** Makes identifiers. An id is never a secret. */
export interface Ids {
  /** A UUID version 7 (RFC 9562), monotonic within the process. */
  uuid(): string;
}

/** A structural logger; pino fits. Fields are ids, codes and durations, never names, addresses or secrets. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Whether lines of a level are written at all; when absent they are. */
  isLevelEnabled?(level: 'debug' | 'info'): boolean;
}

/** A figure that is kept: its name with dots (OpenTelemetry), what it says, and by what its points are told apart. */
export interface Metric<Attribute extends string = string> {
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** The value of every attribute. Values are few and known: a driver, a verdict, an outcome; never an id, a name or an address. */
export type MetricAttributes<Attribute extends string> = Readonly<Record<Attribute, string>>;

/** How often something happened. Counting is an addition to `total`, which only grows. */
export interface Counter {
  total: number;
}

/** How long something took. */
export interface Durations {
  record(durationMs: number): void;
}

/**
 * Where figures are kept. The same metric with the same values gives the same object: what counts often asks once and keeps it.
 */
export interface Meter {
  counter<Attribute extends string>(metric: Metric<Attribute>, attributes: MetricAttributes<Attribute>): Counter;
  durations<Attribute extends string>(metric: Metric<Attribute>, attributes: MetricAttributes<Attribute>): Durations;
}
