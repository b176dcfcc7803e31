import { ControlPlaneError } from '@envplane/spec';
import type { ControlPlane } from '../../src/open-control-plane.ts';
import type { EffectHook } from '../../src/provisioning/failpoints.ts';
import type { Chance } from './chance.ts';
import type { History } from './history.ts';
import type { Machine, VirtualTime } from './virtual-time.ts';

/** What befalls a process at a boundary. */
type Blow = 'none' | 'dies before' | 'dies after' | 'store fails' | 'stalls';

const BLOWS: Partial<Record<Blow, number>> = {
  'dies before': 0.004,
  'dies after': 0.006,
  'store fails': 0.012,
  stalls: 0.016,
};
/** Longer than a lease, or not. */
const STALL_MS = { least: 5_000, most: 100_000 };
const WRITE_MS = 4;

/** One process of the control plane. It dies without a word: what it was doing stops where it is, and nothing of it is told. */
export class Replica implements Machine {
  readonly name: string;
  isDead = false;
  frozenUntilMs = 0;
  /** Whether chance strikes it. */
  isStruck = true;
  #controlPlane: ControlPlane | null = null;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #history: History;
  readonly #stallsAt: ReadonlyMap<string, number[]>;

  constructor(
    name: string,
    {
      time,
      chance,
      history,
      stallsAt,
    }: { time: VirtualTime; chance: Chance; history: History; stallsAt: ReadonlyMap<string, number[]> },
  ) {
    this.name = name;
    this.#time = time;
    this.#chance = chance;
    this.#history = history;
    this.#stallsAt = stallsAt;
  }

  /** @returns whether it came up before something befell it */
  async start(open: (effect: EffectHook) => Promise<ControlPlane>): Promise<boolean> {
    const opening = this.#time.as(this, () => open(this.#effect));
    await this.#time.until(opening, STALL_MS.most * 2);
    if (this.isDead) return false;
    this.#controlPlane = await opening;
    return true;
  }

  /** As its leases name it; null before it came up. */
  get owner(): string | null {
    return this.#controlPlane?.worker.owner ?? null;
  }

  /** @throws Error before it came up */
  get controlPlane(): ControlPlane {
    if (!this.#controlPlane) throw new Error(`${this.name} is not up`);
    return this.#controlPlane;
  }

  die(): void {
    if (!this.isDead) this.#history.note(this.name, 'dies');
    this.isDead = true;
  }

  freeze(ms: number): void {
    this.#history.note(this.name, 'stalls', ms);
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.#time.nowMs + ms);
  }

  readonly #effect: EffectHook = async (name, run) => {
    this.#history.steps += 1;
    const blow = this.isStruck ? this.#chance.pick<Blow>(BLOWS, 'none') : 'none';
    this.#history.note(this.name, name, blow);
    const isStore = name.startsWith('cp.');
    if (blow === 'dies before') await this.#ended();
    if (blow === 'stalls') this.freeze(this.#chance.between(STALL_MS.least, STALL_MS.most));
    const stallMs = this.isStruck ? this.#stallsAt.get(name)?.shift() : undefined;
    if (stallMs !== undefined) this.freeze(stallMs);
    // Nothing goes on in a process that is stalled.
    await this.#time.sleep(isStore ? this.#chance.between(1, WRITE_MS) : 0);
    if (blow === 'store fails' && isStore) {
      throw new ControlPlaneError('store_unavailable', 'The control-plane store cannot be used (injected); try again.');
    }
    const result = await run();
    if (blow === 'dies after') await this.#ended();
    return result;
  };

  #ended(): Promise<never> {
    this.die();
    return new Promise(() => undefined);
  }
}
