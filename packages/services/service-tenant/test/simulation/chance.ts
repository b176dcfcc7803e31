import { seeded } from '@envplane/testkit';

/** Everything that is left to chance in one history, from one seed. */
export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** Another stream of it: what is drawn there shifts nothing here. */
  fork(): Chance {
    return new Chance(Math.floor(this.random() * 2 ** 32));
  }

  between(least: number, most: number): number {
    return Math.floor(least + this.random() * (most - least + 1));
  }

  /** One of these by weight; `otherwise` for what is left of 1. */
  pick<Name extends string>(weights: Partial<Record<Name, number>>, otherwise: Name): Name {
    let left = this.random();
    for (const [name, weight] of Object.entries(weights) as [Name, number][]) {
      left -= weight;
      if (left < 0) return name;
    }
    return otherwise;
  }
}
