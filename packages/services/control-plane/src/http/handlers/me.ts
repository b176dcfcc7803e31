import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';

export function meHandlers(): Handlers<typeof contract.me> {
  return {
    describe: async (c) => json(c, await serviceOf(c).me.describe(), 200),

    environments: async (c) => json(c, await serviceOf(c).me.environments(c.req.valid('query')), 200),

    activeEnvironment: async (c) => json(c, await serviceOf(c).me.activeEnvironment(), 200),

    activateEnvironment: async (c) => {
      const { environmentId } = c.req.valid('json');
      return json(c, await serviceOf(c).me.activateEnvironment(environmentId), 200);
    },

    // As long as the catalogue: one page.
    permissions: (c) => json(c, { items: serviceOf(c).permissions(), nextCursor: null }, 200),
  };
}
