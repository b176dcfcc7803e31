import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { Handlers } from '../mount.ts';

export function auditEventHandlers(): Handlers<typeof contract.auditEvents> {
  return {
    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      return json(c, await serviceOf(c).auditEvents.list(given(filter), { limit, cursor }), 200);
    },

    verify: async (c) => {
      const { organizationId, ...options } = c.req.valid('json');
      return json(c, await serviceOf(c).auditEvents.verify(organizationId, options), 200);
    },
  };
}
