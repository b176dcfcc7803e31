import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';

export function signingKeyHandlers(): Handlers<typeof contract.signingKeys> {
  return {
    // A handful: one page.
    list: async (c) => json(c, { items: await serviceOf(c).signingKeys.list(), nextCursor: null }, 200),

    rotate: async (c) => json(c, await serviceOf(c).signingKeys.rotate(mutationOptions(c.req.valid('header'))), 200),

    revoke: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return json(c, await serviceOf(c).signingKeys.revoke(c.req.valid('param').kid, options), 200);
    },
  };
}
