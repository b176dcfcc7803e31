import type { Accepted } from '@envplane/service-tenant';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';

export function encryptionKeyHandlers(longWork: LongWork): Handlers<typeof contract.encryptionKeys> {
  // A handful: one page.
  const keys = async (c: Context<AppEnv>) => ({ items: await serviceOf(c).encryptionKeys.list(), nextCursor: null });
  const settled = (c: Context<AppEnv>, accepted: Accepted) =>
    longWork.answer(c, accepted, async (_operation, headers) => json(c, await keys(c), 200, headers));

  return {
    list: async (c) => json(c, await keys(c), 200),

    rotate: async (c) => settled(c, await serviceOf(c).encryptionKeys.rotate(mutationOptions(c.req.valid('header')))),

    rewrap: async (c) => settled(c, await serviceOf(c).encryptionKeys.rewrap(mutationOptions(c.req.valid('header')))),

    move: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).encryptionKeys.move(c.req.valid('json'), options));
    },
  };
}
