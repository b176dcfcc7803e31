import { changed, json, nothing } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';

export function inventoryHandlers(longWork: LongWork): Handlers<typeof contract.inventory> {
  return {
    get: async (c) => json(c, await serviceOf(c).inventory.read(), 200),
    check: async (c) => json(c, await serviceOf(c).inventory.check(), 200),
    afterRestore: async (c) => json(c, await serviceOf(c).inventory.checkAfterRestore(), 200),
    release: async (c) => json(c, await serviceOf(c).inventory.release(c.req.valid('json')), 200),

    adopt: async (c) => {
      const { placement, database: databaseName } = c.req.valid('param');
      const options = { idempotencyKey: c.req.valid('header')['idempotency-key'] };
      const { inventory, environments } = serviceOf(c);
      const accepted = await inventory.adopt({ placement, databaseName }, c.req.valid('json'), options);
      return longWork.answer(c, accepted, async (_operation, headers) => {
        const environment = await environments.get(accepted.targetId);
        return changed(c, environment, 201, { ...headers, location: `/v1/environments/${environment.id}` });
      });
    },

    purge: async (c) => {
      const { placement, database: databaseName } = c.req.valid('param');
      await serviceOf(c).inventory.purge({ placement, databaseName }, c.req.valid('json'));
      return nothing(c);
    },
  };
}
