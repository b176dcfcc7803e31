import type { Accepted } from '@envplane/service-tenant';
import type { Context } from 'hono';
import { changed, json, resource } from '../answer.ts';
import { connectionView } from '../connection-view.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, callerOf, serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';
import { answerPurge } from './purge.ts';

export function environmentHandlers(longWork: LongWork): Handlers<typeof contract.environments> {
  /** The environment when its operation is done. */
  const settled = (c: Context<AppEnv>, accepted: Accepted) =>
    longWork.answer(c, accepted, async (_operation, headers) =>
      changed(c, await serviceOf(c).environments.get(accepted.targetId), 200, headers),
    );
  const created = (c: Context<AppEnv>, accepted: Accepted) =>
    longWork.answer(c, accepted, async (_operation, headers) => {
      const environment = await serviceOf(c).environments.get(accepted.targetId);
      return changed(c, environment, 201, { ...headers, location: `/v1/environments/${environment.id}` });
    });

  return {
    create: async (c) => {
      const { organizations, environments } = serviceOf(c);
      const { id: organizationId } = await organizations.get(c.req.valid('param').org);
      const accepted = await environments.provision({
        ...c.req.valid('json'),
        organizationId,
        createdBy: callerOf(c).principal.id,
        idempotencyKey: c.req.valid('header')['idempotency-key'],
      });
      return created(c, accepted);
    },

    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      return json(
        c,
        await serviceOf(c).environments.list(c.req.valid('param').org, given(filter), { limit, cursor }),
        200,
      );
    },

    upsert: async (c) => {
      const { org, slug } = c.req.valid('param');
      const options = mutationOptions(c.req.valid('header'));
      const accepted = await serviceOf(c).environments.upsert(org, slug, c.req.valid('json'), options);
      return accepted.created ? created(c, accepted) : settled(c, accepted);
    },

    get: async (c) => resource(c, await serviceOf(c).environments.get(c.req.valid('param').env)),

    update: async (c) => {
      const { environments } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const { targetId } = await environments.update(c.req.valid('param').env, c.req.valid('json'), options);
      return changed(c, await environments.get(targetId), 200);
    },

    suspend: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).environments.suspend(c.req.valid('param').env, options));
    },

    resume: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).environments.resume(c.req.valid('param').env, options));
    },

    setDefault: async (c) => {
      const { environments } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const { targetId } = await environments.setDefault(c.req.valid('param').env, options);
      return changed(c, await environments.get(targetId), 200);
    },

    reapply: async (c) => {
      const { environments } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const { targetId } = await environments.reapply(c.req.valid('param').env, options);
      return changed(c, await environments.get(targetId), 200);
    },

    retry: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).environments.retry(c.req.valid('param').env, options));
    },

    archive: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).environments.archive(c.req.valid('param').env, options));
    },

    restore: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).environments.restore(c.req.valid('param').env, options));
    },

    purge: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      const purge = () => serviceOf(c).environments.purge(c.req.valid('param').env, c.req.valid('json'), options);
      return answerPurge(c, longWork, 'environment.purge', purge);
    },

    forget: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      const forget = () => serviceOf(c).environments.forget(c.req.valid('param').env, c.req.valid('json'), options);
      return answerPurge(c, longWork, 'environment.purge', forget);
    },

    copy: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return created(c, await serviceOf(c).environments.copy(c.req.valid('param').env, c.req.valid('json'), options));
    },

    database: async (c) => json(c, await serviceOf(c).environments.database(c.req.valid('param').env), 200),

    history: async (c) =>
      json(c, await serviceOf(c).environments.history(c.req.valid('param').env, c.req.valid('query')), 200),

    connect: async (c) => {
      const { environments } = serviceOf(c);
      const opened = await environments.describeConnection(c.req.valid('param').env, c.req.valid('json'));
      return json(c, connectionView(opened), 200);
    },
  };
}
