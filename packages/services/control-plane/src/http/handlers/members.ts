import type { MemberPlace } from '@envplane/service-tenant';
import type { EnvironmentMemberView, OrganizationMemberView } from '@envplane/spec';
import type { Context } from 'hono';
import { changed, json, nothing } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';

export function organizationMemberHandlers(): Handlers<typeof contract.organizationMembers> {
  const place = (c: Context<AppEnv>) => ({ organizationId: c.req.param('org') ?? '' });
  const membership = async (c: Context<AppEnv>, userId: string) =>
    (await serviceOf(c).members.get(place(c), userId)) as OrganizationMemberView;

  return {
    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const page = await serviceOf(c).members.list(place(c), given(filter), { limit, cursor });
      return json(c, page as { items: OrganizationMemberView[]; nextCursor: string | null }, 200);
    },

    add: async (c) => {
      const body = c.req.valid('json');
      const { organizationId } = await serviceOf(c).members.add(place(c), body, mutationOptions(c.req.valid('header')));
      return changed(c, await membership(c, body.userId), 201, {
        location: locationOf({ organizationId }, body.userId),
      });
    },

    change: async (c) => {
      const { user } = c.req.valid('param');
      const options = mutationOptions(c.req.valid('header'));
      await serviceOf(c).members.change(place(c), user, c.req.valid('json'), options);
      return changed(c, await membership(c, user), 200);
    },

    remove: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      await serviceOf(c).members.remove(place(c), c.req.valid('param').user, options);
      return nothing(c);
    },

    transfer: async (c) => {
      const body = c.req.valid('json');
      const { members } = serviceOf(c);
      const next = await members.transferOwnership(place(c), body, mutationOptions(c.req.valid('header')));
      return changed(c, next.member as OrganizationMemberView, 200);
    },
  };
}

export function environmentMemberHandlers(): Handlers<typeof contract.environmentMembers> {
  const place = (c: Context<AppEnv>) => ({ environmentId: c.req.param('env') ?? '' });
  const membership = async (c: Context<AppEnv>, userId: string) =>
    (await serviceOf(c).members.get(place(c), userId)) as EnvironmentMemberView;

  return {
    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const page = await serviceOf(c).members.list(place(c), given(filter), { limit, cursor });
      return json(c, page as { items: EnvironmentMemberView[]; nextCursor: string | null }, 200);
    },

    add: async (c) => {
      const body = c.req.valid('json');
      await serviceOf(c).members.add(place(c), body, mutationOptions(c.req.valid('header')));
      return changed(c, await membership(c, body.userId), 201, { location: locationOf(place(c), body.userId) });
    },

    change: async (c) => {
      const { user } = c.req.valid('param');
      const options = mutationOptions(c.req.valid('header'));
      await serviceOf(c).members.change(place(c), user, c.req.valid('json'), options);
      return changed(c, await membership(c, user), 200);
    },

    remove: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      await serviceOf(c).members.remove(place(c), c.req.valid('param').user, options);
      return nothing(c);
    },

    transfer: async (c) => {
      const body = c.req.valid('json');
      const { members } = serviceOf(c);
      const next = await members.transferOwnership(place(c), body, mutationOptions(c.req.valid('header')));
      return changed(c, next.member as EnvironmentMemberView, 200);
    },
  };
}

function locationOf(place: MemberPlace, userId: string): string {
  const collection =
    'organizationId' in place
      ? `/v1/organizations/${encodeURIComponent(place.organizationId)}`
      : `/v1/environments/${place.environmentId}`;
  return `${collection}/members/${encodeURIComponent(userId)}`;
}
