import type { MadeKey } from '@envplane/service-tenant';
import type { Context } from 'hono';
import { changed, json, nothing } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';
import { newKeyView } from '../new-key-view.ts';
import { mutationOptions } from '../preconditions.ts';

export function serviceAccountHandlers(): Handlers<typeof contract.serviceAccounts> {
  const created = async (c: Context<AppEnv>, made: Promise<{ targetId: string }>) => {
    const { targetId } = await made;
    return changed(c, await serviceOf(c).serviceAccounts.get(targetId), 201);
  };

  return {
    listOfOrganization: async (c) => {
      const owner = { organizationId: c.req.valid('param').org };
      return json(c, await serviceOf(c).serviceAccounts.list(owner, c.req.valid('query')), 200);
    },

    createInOrganization: (c) => {
      const owner = { organizationId: c.req.valid('param').org };
      const options = mutationOptions(c.req.valid('header'));
      return created(c, serviceOf(c).serviceAccounts.create(owner, c.req.valid('json'), options));
    },

    list: async (c) => json(c, await serviceOf(c).serviceAccounts.list({ platform: true }, c.req.valid('query')), 200),

    create: (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return created(c, serviceOf(c).serviceAccounts.create({ platform: true }, c.req.valid('json'), options));
    },

    update: async (c) => {
      const { serviceAccounts } = serviceOf(c);
      const { account } = c.req.valid('param');
      await serviceAccounts.update(account, c.req.valid('json'), mutationOptions(c.req.valid('header')));
      return changed(c, await serviceAccounts.get(account), 200);
    },

    createKey: async (c) => {
      const { account } = c.req.valid('param');
      const options = mutationOptions(c.req.valid('header'));
      const made: MadeKey = await serviceOf(c).serviceAccounts.createKey(account, c.req.valid('json'), options);
      return json(c, newKeyView(made), 201);
    },

    revokeKey: async (c) => {
      const { account, key } = c.req.valid('param');
      await serviceOf(c).serviceAccounts.revokeKey(account, key, mutationOptions(c.req.valid('header')));
      return nothing(c);
    },
  };
}

export function grantHandlers(): Handlers<typeof contract.grants> {
  return {
    // As many as there are machines: one page.
    list: async (c) =>
      json(c, { items: await serviceOf(c).grants.list(c.req.valid('param').env), nextCursor: null }, 200),

    add: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return json(c, await serviceOf(c).grants.add(c.req.valid('param').env, c.req.valid('json'), options), 201);
    },

    remove: async (c) => {
      const { env, grant } = c.req.valid('param');
      await serviceOf(c).grants.remove(env, grant, mutationOptions(c.req.valid('header')));
      return nothing(c);
    },
  };
}

export function platformGrantHandlers(): Handlers<typeof contract.platformGrants> {
  return {
    list: async (c) => json(c, { items: await serviceOf(c).platformGrants.list(), nextCursor: null }, 200),

    add: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return json(c, await serviceOf(c).platformGrants.add(c.req.valid('json'), options), 201);
    },

    remove: async (c) => {
      await serviceOf(c).platformGrants.remove(c.req.valid('param').grant, mutationOptions(c.req.valid('header')));
      return nothing(c);
    },
  };
}
