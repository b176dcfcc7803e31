import type { EnvironmentMemberView } from '@envplane/spec';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { Handlers } from '../mount.ts';
import { memberRow } from './rows.ts';
import { done } from './wire.ts';

const PAGE = 200;

export function cloudMemberHandlers(): Handlers<typeof contract.cloudMembers> {
  const place = (c: Context<AppEnv>) => ({ environmentId: c.req.param('env') ?? '' });
  const member = async (c: Context<AppEnv>, userId: string) =>
    done({ member: memberRow((await serviceOf(c).members.get(place(c), userId)) as EnvironmentMemberView) });

  return {
    list: async (c) => {
      const members: ReturnType<typeof memberRow>[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await serviceOf(c).members.list(place(c), {}, { limit: PAGE, ...(cursor && { cursor }) });
        members.push(...(page.items as EnvironmentMemberView[]).map(memberRow));
        cursor = page.nextCursor;
      } while (cursor);
      return json(c, done({ members, total: members.length }), 200);
    },

    add: async (c) => {
      const { user_id: userId, role } = c.req.valid('json');
      await serviceOf(c).members.add(place(c), { userId, role });
      return json(c, await member(c, userId), 201);
    },

    change: async (c) => {
      const { user } = c.req.valid('param');
      await serviceOf(c).members.change(place(c), user, c.req.valid('json'));
      return json(c, await member(c, user), 200);
    },

    remove: async (c) => {
      const { env, user } = c.req.valid('param');
      await serviceOf(c).members.remove(place(c), user);
      return json(c, done({ deleted: true as const, environmentId: env, userId: user }), 200);
    },
  };
}
