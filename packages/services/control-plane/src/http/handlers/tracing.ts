import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { Handlers } from '../mount.ts';

export function tracingHandlers(): Handlers<typeof contract.tracing> {
  return {
    storeCalls: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      return json(c, await serviceOf(c).storeCalls.list(given(filter), { limit, cursor }), 200);
    },

    trace: async (c) => json(c, await serviceOf(c).traces.get(c.req.valid('param').requestId), 200),
  };
}
