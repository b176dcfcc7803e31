const REDACTED = '[redacted]';

/**
 * A string that cannot be printed by accident: `String()`, JSON, `inspect` and template literals all give `[redacted]`.
 * Only `reveal()` returns the text; it is called in adapters, in sealing and where a connection is handed out, nowhere else.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text. Never log, store or put into a URL what this returns. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both are the same text. For secrets that nobody guesses at: how long it takes says something about them. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
