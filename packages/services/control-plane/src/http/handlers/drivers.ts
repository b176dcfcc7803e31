import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';

/** As long as the list of adapters: one page. */
export function driverHandlers(): Handlers<typeof contract.drivers> {
  return {
    list: async (c) => json(c, { items: await serviceOf(c).drivers(), nextCursor: null }, 200),
  };
}
