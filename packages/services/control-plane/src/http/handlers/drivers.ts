import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';

/** Both lists are as long as the configuration: one page. */
export function driverHandlers(): Handlers<typeof contract.drivers> {
  return {
    list: async (c) => json(c, { items: await serviceOf(c).drivers(), nextCursor: null }, 200),
    placements: async (c) => json(c, { items: await serviceOf(c).placements(), nextCursor: null }, 200),
  };
}
