import type { Accepted } from '@envplane/service-tenant';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';

/** What is shown of a change: those it was about are among the newest. */
const SHOWN = 50;

export function credentialHandlers(longWork: LongWork): Handlers<typeof contract.environmentCredentials> {
  const changed = (c: Context<AppEnv>, accepted: Accepted) =>
    longWork.answer(c, accepted, async (_operation, headers) =>
      json(c, await serviceOf(c).credentials.list(accepted.targetId, { limit: SHOWN }), 200, headers),
    );

  return {
    list: async (c) =>
      json(c, await serviceOf(c).credentials.list(c.req.valid('param').env, c.req.valid('query')), 200),

    rotate: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      const { credentials } = serviceOf(c);
      return changed(c, await credentials.rotate(c.req.valid('param').env, c.req.valid('json'), options));
    },

    revoke: async (c) => {
      const { env, id } = c.req.valid('param');
      return changed(c, await serviceOf(c).credentials.revoke(env, id, mutationOptions(c.req.valid('header'))));
    },
  };
}
