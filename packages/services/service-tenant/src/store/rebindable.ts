import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** Reads through the handle of a store that is in a field of theirs. */
export type Rebindable<Methods extends { engine: Engine }> = Methods & {
  /** The same reads, with what they remember, through another handle of the store. */
  on(engine: Engine): Rebindable<Methods>;
};

/** The methods are made once; for another handle it takes an object of one field. */
export function rebindable<Methods extends { engine: Engine }>(methods: Methods): Rebindable<Methods> {
  const reads: Rebindable<Methods> = Object.assign(methods, {
    on: (engine: Engine) => {
      const bound: Rebindable<Methods> = Object.create(reads);
      bound.engine = engine;
      return bound;
    },
  });
  return reads;
}
