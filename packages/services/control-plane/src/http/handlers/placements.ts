import type { Context } from 'hono';
import { changed, json, resource } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';

export function placementHandlers(longWork: LongWork): Handlers<typeof contract.placements> {
  /** The placement as a change leaves it. */
  const settled = async (c: Context<AppEnv>, change: Promise<{ targetId: string }>) => {
    const { targetId } = await change;
    return changed(c, await serviceOf(c).placements.get(targetId), 200);
  };

  return {
    // As long as the fleet of servers: one page.
    list: async (c) => json(c, { items: await serviceOf(c).placements.list(), nextCursor: null }, 200),

    create: async (c) => {
      const { placements } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const { targetId } = await placements.create(c.req.valid('json'), options);
      return changed(c, await placements.get(targetId), 201, { location: `/v1/placements/${targetId}` });
    },

    get: async (c) => resource(c, await serviceOf(c).placements.get(c.req.valid('param').placement)),

    update: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      const { placement } = c.req.valid('param');
      return settled(c, serviceOf(c).placements.update(placement, c.req.valid('json'), options));
    },

    drain: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, serviceOf(c).placements.drain(c.req.valid('param').placement, options));
    },

    activate: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, serviceOf(c).placements.activate(c.req.valid('param').placement, options));
    },

    retire: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, serviceOf(c).placements.retire(c.req.valid('param').placement, options));
    },

    rotateAdministrator: async (c) => {
      const { placements } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const accepted = await placements.rotateAdministrator(
        c.req.valid('param').placement,
        c.req.valid('json'),
        options,
      );
      return longWork.answer(c, accepted, async (_operation, headers) =>
        changed(c, await placements.get(accepted.targetId), 200, headers),
      );
    },

    check: async (c) => json(c, await serviceOf(c).placements.check(c.req.valid('param').placement), 200),
  };
}
