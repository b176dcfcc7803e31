import { createHash } from 'node:crypto';
import type { VirtualTime } from './virtual-time.ts';

type Fact = string | number | null;

const IDENTIFIER = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** What happened, in order, with nothing in it that is another one in the next run: identifiers are numbered as they come. */
export class History {
  readonly lines: string[] = [];
  /** How often a process came to a boundary. */
  steps = 0;
  readonly #time: VirtualTime;
  readonly #startMs: number;
  readonly #numbers = new Map<string, string>();

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#startMs = time.nowMs;
  }

  note(...facts: readonly Fact[]): void {
    const told = facts.map((fact) => (typeof fact === 'string' && IDENTIFIER.test(fact) ? this.#numbered(fact) : fact));
    this.lines.push([((this.#time.nowMs - this.#startMs) / 1_000).toFixed(3), ...told].join(' '));
  }

  /** The same for two runs in which the same happened. */
  digest(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex');
  }

  #numbered(id: string): string {
    const known = this.#numbers.get(id) ?? `#${this.#numbers.size}`;
    this.#numbers.set(id, known);
    return known;
  }
}
