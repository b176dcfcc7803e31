import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';

/** One of the processes of a simulation: what runs for it stops with it, whole, wherever it is. */
export interface Machine {
  isDead: boolean;
  /** It does nothing before this time, and then goes on as if nothing had been, in virtual ms. */
  frozenUntilMs: number;
}

interface Timer {
  dueMs: number;
  order: number;
  owner: Machine | undefined;
  everyMs: number | null;
  run(): void;
}

type Callback = (...args: unknown[]) => void;

/**
 * Time, timers and chance of everything in this process, while installed. Time moves only when it is told to, and one timer runs
 * to its end, with all that follows from it, before the next: the same seed gives the same history. That holds as long as nothing
 * waits for a socket, a file or a thread; what a simulation runs on is SQLite, which answers at once, and memory.
 */
export class VirtualTime {
  nowMs: number;
  /** Told when what a machine did is done, before another one does anything. */
  onTurn: (machine: Machine | undefined) => void = () => undefined;
  #running: Machine | undefined;
  readonly #timers = new Set<Timer>();
  readonly #owner = new AsyncLocalStorage<Machine | undefined>();
  readonly #real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };
  readonly #realBytes = crypto.randomBytes;
  readonly #realNow = Date.now;
  readonly #realRandom = Math.random;
  #order = 0;
  #immediates = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** @param random instead of `Math.random` */
  install(random: () => number): void {
    const clear = (timer: unknown) => {
      if (timer instanceof TimerHandle) this.#timers.delete(timer.timer);
    };
    Object.assign(globalThis, {
      setTimeout: (run: Callback, ms = 0, ...args: unknown[]) =>
        new TimerHandle(this.#add(ms, null, () => run(...args))),
      setInterval: (run: Callback, ms = 0, ...args: unknown[]) =>
        new TimerHandle(this.#add(ms, ms, () => run(...args))),
      setImmediate: (run: Callback, ...args: unknown[]) => this.#immediate(() => run(...args)),
      clearTimeout: clear,
      clearInterval: clear,
    });
    // Sealing asks a thread for them, which answers when it likes.
    const bytes = (size: number, told?: (error: null, bytes: Buffer) => void) => {
      const made = this.#realBytes(size);
      if (told) process.nextTick(told, null, made);
      return made;
    };
    Object.assign(crypto, { randomBytes: bytes });
    Date.now = () => this.nowMs;
    Math.random = random;
  }

  /** Puts back what `install` replaced. Whatever still waits never runs. */
  restore(): void {
    Object.assign(globalThis, this.#real);
    Object.assign(crypto, { randomBytes: this.#realBytes });
    Date.now = this.#realNow;
    Math.random = this.#realRandom;
    this.#timers.clear();
  }

  /** Runs a call, and all that follows from it, as a machine; as nobody's without one. */
  as<T>(machine: Machine | undefined, run: () => T): T {
    return this.#owner.run(machine, run);
  }

  /** Resolves so much later, in ms; never when the machine that waits dies. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#add(ms, null, resolve);
    });
  }

  /** Lets time pass, everything happening in its order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await this.#settle();
    while (await this.#runNext(endMs)) {
      // One after the other.
    }
    this.nowMs = endMs;
  }

  /** Lets much time pass at once, as when a machine hall sleeps: what was to happen meanwhile happens then, once. */
  async leap(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.advance(0);
  }

  /** Lets time pass until a promise is settled, but not longer than so many ms. Never throws. */
  async until(promise: Promise<unknown>, mostMs: number): Promise<boolean> {
    const endMs = this.nowMs + mostMs;
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    await this.#settle();
    while (!isSettled && (await this.#runNext(endMs))) {
      // Until it is.
    }
    if (!isSettled) this.nowMs = endMs;
    return isSettled;
  }

  #add(ms: number, everyMs: number | null, run: () => void): Timer {
    const owner = this.#owner.getStore();
    const timer = { dueMs: this.nowMs + Math.max(0, ms), order: this.#order++, owner, everyMs, run };
    this.#timers.add(timer);
    return timer;
  }

  #immediate(run: () => void): void {
    const owner = this.#owner.getStore();
    this.#immediates += 1;
    this.#real.setImmediate(() => {
      this.#immediates -= 1;
      if (owner?.isDead) return;
      if (owner && owner.frozenUntilMs > this.nowMs) this.as(owner, () => this.#add(0, null, run));
      else this.#turnOf(owner, run);
    });
  }

  /** @returns false when nothing is due until then */
  async #runNext(endMs: number): Promise<boolean> {
    const next = this.#earliest();
    if (!next || next.dueMs > endMs) return false;
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    if (next.everyMs === null) this.#timers.delete(next);
    else Object.assign(next, { dueMs: this.nowMs + Math.max(1, next.everyMs), order: this.#order++ });
    this.#turnOf(next.owner, next.run);
    await this.#settle();
    return true;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      const { owner } = timer;
      if (owner?.isDead) this.#timers.delete(timer);
      else {
        if (owner && owner.frozenUntilMs > timer.dueMs) timer.dueMs = owner.frozenUntilMs;
        if (!earliest || timer.dueMs < earliest.dueMs) earliest = timer;
        else if (timer.dueMs === earliest.dueMs && timer.order < earliest.order) earliest = timer;
      }
    }
    return earliest;
  }

  /** Until nothing goes on without time passing. */
  async #settle(): Promise<void> {
    do {
      await this.#turn();
      await this.#turn();
    } while (this.#immediates > 0);
    this.#turnOf(undefined, () => undefined);
  }

  #turnOf(machine: Machine | undefined, run: () => void): void {
    this.onTurn(this.#running);
    this.#running = machine;
    this.as(machine, run);
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => void this.#real.setImmediate(resolve));
  }
}

/** What `setTimeout` returns. */
class TimerHandle {
  readonly timer: Timer;

  constructor(timer: Timer) {
    this.timer = timer;
  }

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }
}
