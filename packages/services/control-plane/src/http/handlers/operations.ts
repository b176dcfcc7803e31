import type { Accepted } from '@envplane/service-tenant';
import type { Context } from 'hono';
import { answer, json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';
import { eventStream } from './event-stream.ts';

export function operationHandlers(longWork: LongWork, isDraining: () => boolean): Handlers<typeof contract.operations> {
  /** The operation when it is done; it may be another one than was named. */
  const settled = (c: Context<AppEnv>, accepted: Accepted, named: string) =>
    longWork.answer(c, accepted, async (operation, headers) =>
      json(c, operation ?? (await serviceOf(c).operations.get(named)), 200, headers),
    );

  return {
    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      return json(c, await serviceOf(c).operations.list(given(filter), { limit, cursor }), 200);
    },

    get: async (c) => json(c, await serviceOf(c).operations.get(c.req.valid('param').id), 200),

    events: async (c) => {
      const { id } = c.req.valid('param');
      const { operations } = serviceOf(c);
      await operations.get(id);
      const gone = new AbortController();
      const seen = /^[1-9]\d{0,15}$/.exec(c.req.valid('header')['last-event-id'] ?? '')?.[0];
      const changes = operations.watch(id, Number(seen ?? 0), gone.signal);
      const body = c.req.method === 'HEAD' ? null : eventStream(changes, isDraining, () => gone.abort());
      // Proxies that buffer would hold events back until the stream ends.
      return answer(c.get('exchange'), 200, 'text/event-stream', body, { 'x-accel-buffering': 'no' });
    },

    retry: async (c) => {
      const { id } = c.req.valid('param');
      return settled(c, await serviceOf(c).operations.retry(id, mutationOptions(c.req.valid('header'))), id);
    },

    cancel: async (c) => {
      const { id } = c.req.valid('param');
      return settled(c, await serviceOf(c).operations.cancel(id, mutationOptions(c.req.valid('header'))), id);
    },
  };
}
