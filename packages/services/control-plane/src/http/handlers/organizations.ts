import type { Accepted } from '@envplane/service-tenant';
import { ControlPlaneError, type CreateOrganizationBody, type ProvisionOrganizationRequest } from '@envplane/spec';
import type { Context } from 'hono';
import { changed, json, resource } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, callerOf, serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { mutationOptions } from '../preconditions.ts';
import { answerPurge } from './purge.ts';

export function organizationHandlers(longWork: LongWork): Handlers<typeof contract.organizations> {
  /** The organization when its operation is done. */
  const settled = (c: Context<AppEnv>, accepted: Accepted) =>
    longWork.answer(c, accepted, async (_operation, headers) =>
      changed(c, await serviceOf(c).organizations.get(accepted.targetId), 200, headers),
    );

  return {
    create: async (c) => {
      const request: ProvisionOrganizationRequest = {
        ...provisionRequest(c.req.valid('json')),
        createdBy: callerOf(c).principal.id,
        idempotencyKey: c.req.valid('header')['idempotency-key'],
      };
      const accepted = await serviceOf(c).organizations.provision(request).catch(pointIntoDefaultEnvironment);
      return longWork.answer(c, accepted, async (_operation, headers) => {
        const organization = await serviceOf(c).organizations.get(accepted.targetId);
        return changed(c, organization, 201, { ...headers, location: `/v1/organizations/${organization.id}` });
      });
    },

    list: async (c) => json(c, await serviceOf(c).organizations.list(c.req.valid('query')), 200),

    get: async (c) => resource(c, await serviceOf(c).organizations.get(c.req.valid('param').org)),

    update: async (c) => {
      const { organizations } = serviceOf(c);
      const options = mutationOptions(c.req.valid('header'));
      const { targetId } = await organizations.update(c.req.valid('param').org, c.req.valid('json'), options);
      return changed(c, await organizations.get(targetId), 200);
    },

    archive: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).organizations.archive(c.req.valid('param').org, options));
    },

    restore: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      return settled(c, await serviceOf(c).organizations.restore(c.req.valid('param').org, options));
    },

    purge: async (c) => {
      const options = mutationOptions(c.req.valid('header'));
      const purge = () => serviceOf(c).organizations.purge(c.req.valid('param').org, c.req.valid('json'), options);
      return answerPurge(c, longWork, 'organization.purge', purge);
    },
  };
}

function provisionRequest(body: CreateOrganizationBody): Omit<ProvisionOrganizationRequest, 'createdBy'> {
  const { slug, displayName, ownerUserId, plan, defaultEnvironment } = body;
  const {
    slug: defaultEnvSlug,
    displayName: defaultEnvDisplayName,
    envType: defaultEnvType,
    ...where
  } = defaultEnvironment;
  return {
    organization: { slug, displayName, ownerUserId },
    plan,
    defaultEnvSlug,
    defaultEnvDisplayName,
    defaultEnvType,
    ...where,
  };
}

/** The verb takes flat fields; the pointers of its refusals have to fit the body that was sent. */
function pointIntoDefaultEnvironment(error: unknown): never {
  if (error instanceof ControlPlaneError && error.code === 'validation_failed' && error.details.errors) {
    const errors = error.details.errors.map((each) => ({ ...each, pointer: `/defaultEnvironment${each.pointer}` }));
    throw new ControlPlaneError(error.code, error.message, { ...error.details, errors });
  }
  throw error;
}
