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
}
