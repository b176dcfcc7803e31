import type { Accepted } from '@envplane/service-tenant';
import {
  ControlPlaneError,
  type EnvironmentView,
  invalidRequest,
  type OperationView,
  type Permission,
} from '@envplane/spec';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import type { contract } from '../contract/index.ts';
import { type AppEnv, callerOf, serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import { failed, type LongWork } from '../long-work.ts';
import type { Handlers } from '../mount.ts';
import { createEnvironment, differences, hostnameAssignment } from './create.ts';
import { credentialRow, databaseRow, environmentRow, memberRow, ownMetadata } from './rows.ts';
import type { UpdateCloudEnvironment } from './schemas.ts';
import { done } from './wire.ts';

const SECRET_IGNORED = 'The secret that was sent is not used: secrets are made here or by the provider.';

export function cloudEnvironmentHandlers(longWork: LongWork): Handlers<typeof contract.cloudEnvironments> {
  /** The same row under both names that clients look for it. */
  const both = async (c: Context<AppEnv>, environment: EnvironmentView) => {
    const [row] = await rows(c, [environment]);
    if (!row) throw new TypeError('one environment has one row');
    return { environment: row, project: row };
  };
  const now = async (c: Context<AppEnv>, id: string) => both(c, await serviceOf(c).environments.get(id));

  /** Waits for what was accepted. @throws ControlPlaneError `operation_failed` */
  async function settle(c: Context<AppEnv>, accepted: Accepted): Promise<OperationView | null> {
    const operation = await longWork.settle(c, accepted);
    if (operation?.done && operation.status !== 'succeeded') throw failed(operation);
    return operation;
  }
  async function changed(c: Context<AppEnv>, accepted: Accepted) {
    await settle(c, accepted);
    return json(c, done(await now(c, accepted.targetId)), 200);
  }

  return {
    list: async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const { items, nextCursor, total } = await serviceOf(c).environments.listVisible(given(filter), {
        limit,
        cursor,
      });
      const environments = await rows(c, items);
      return json(c, done({ environments, projects: environments, total, nextCursor }), 200);
    },

    get: async (c) => {
      const environment = await serviceOf(c).environments.get(c.req.valid('param').env);
      const [row, membership, organization] = await Promise.all([
        both(c, environment),
        membershipOf(c, environment.id),
        organizationOf(c, environment.organizationId),
      ]);
      const { credential } = environment;
      return json(
        c,
        done({
          ...row,
          database: databaseRow(environment),
          ...(credential && { credential: credentialRow(credential) }),
          ...(membership && { membership }),
          ...(organization && { organization }),
        }),
        200,
      );
    },

    create: async (c) => {
      const began = performance.now();
      const body = c.req.valid('json');
      const service = serviceOf(c);
      const accepted = await createEnvironment(service, callerOf(c).principal.id, body);
      const operation = await longWork.settle(c, accepted);
      const environment = await service.environments.get(accepted.targetId);
      const organization = await organizationOf(c, environment.organizationId);
      const assignment = hostnameAssignment(service, body, environment, organization?.slug);
      return json(
        c,
        done({
          ...(await both(c, environment)),
          warnings: [
            ...differences(body, environment),
            ...(assignment ? [`${assignment.requestedHostname} is taken; it has ${assignment.assignedHostname}.`] : []),
            ...(operation ? outcomeOf(operation) : []),
          ],
          durationMs: Math.round(performance.now() - began),
          ...(assignment && { hostnameAssignment: assignment }),
        }),
        201,
      );
    },

    update: async (c) => {
      const service = serviceOf(c);
      const { environments } = service;
      const environmentId = c.req.valid('param').env;
      const changes = changesOf(await environments.get(environmentId), c.req.valid('json'), environments);
      // All of them or none, as far as rights go: the verbs ask again.
      for (const { permission } of changes) await service.authorize(permission, { environmentId });
      for (const { make } of changes) await settle(c, await make());
      return json(c, done(await now(c, environmentId)), 200);
    },

    remove: async (c) => {
      const { environments } = serviceOf(c);
      const { env } = c.req.valid('param');
      const { isDefault } = await environments.get(env);
      const { force } = c.req.valid('query');
      if (isDefault && force !== '1' && force !== 'true') {
        throw new ControlPlaneError(
          'is_default',
          'This is the default environment of its organization; make another one the default, or ask with force.',
        );
      }
      await settle(c, await environments.archive(env));
      const archived = await environments.get(env);
      const until = archived.purgeAfter === null ? 'it is not purged' : `it is purged after ${archived.purgeAfter}`;
      const warnings = [`The environment is archived: until it is restored nobody is let in, and ${until}.`];
      return json(c, done({ deleted: true as const, environmentId: env, ...(await both(c, archived)), warnings }), 200);
    },

    activate: async (c) => {
      const service = serviceOf(c);
      const { env } = c.req.valid('param');
      const row = await now(c, env);
      const { principal } = callerOf(c);
      // Nothing is switched for who has no session, so that it takes no more than reading.
      if (principal.kind !== 'user' || principal.session === undefined) {
        const warnings = ['There is no session here that could be switched; name the environment in each request.'];
        return json(c, done({ ...row, sessionUpdated: false, warnings }), 200);
      }
      await service.me.activateEnvironment(env);
      return json(c, done({ ...row, sessionUpdated: true, warnings: [] }), 200);
    },

    rotateCredential: async (c) => {
      const { credentials, environments } = serviceOf(c);
      const { env } = c.req.valid('param');
      const operation = await settle(c, await credentials.rotate(env));
      const { credential } = await environments.get(env);
      if (!operation?.done || !credential) {
        const details = operation ? { operationId: operation.id } : {};
        throw new ControlPlaneError('operation_pending', 'The credential is still being replaced; follow it.', details);
      }
      const ignored = c.req.valid('json').plaintext ? [SECRET_IGNORED] : [];
      return json(
        c,
        done({ credential: credentialRow(credential), warnings: [...operation.warnings, ...ignored] }),
        200,
      );
    },

    updateHostname: async (c) =>
      changed(c, await serviceOf(c).environments.update(c.req.valid('param').env, c.req.valid('json'))),
    changeHostname: async (c) => {
      const { environments, rootDomain } = serviceOf(c);
      const { hostname, subdomain } = c.req.valid('json');
      if (hostname === undefined && rootDomain === null) {
        const detail = 'is a name below a root domain, and none is configured; send hostname';
        throw invalidRequest([{ in: 'body', pointer: '/subdomain', detail }]);
      }
      const body = { hostname: hostname ?? `${subdomain}.${rootDomain}` };
      return changed(c, await environments.update(c.req.valid('param').env, body));
    },
    changePlan: async (c) =>
      changed(c, await serviceOf(c).environments.update(c.req.valid('param').env, c.req.valid('json'))),

    retry: async (c) => {
      const { environments } = serviceOf(c);
      const { env } = c.req.valid('param');
      // What is still being made is tried again and again by itself.
      if ((await environments.get(env)).status !== 'provisioning')
        await longWork.settle(c, await environments.retry(env));
      return json(c, done(await now(c, env)), 202);
    },

    suspend: async (c) => changed(c, await serviceOf(c).environments.suspend(c.req.valid('param').env)),
    resume: async (c) => changed(c, await serviceOf(c).environments.resume(c.req.valid('param').env)),
    archive: async (c) => changed(c, await serviceOf(c).environments.archive(c.req.valid('param').env)),
    setDefault: async (c) => changed(c, await serviceOf(c).environments.setDefault(c.req.valid('param').env)),
  };
}

/** With the reason where one failed. */
async function rows(c: Context<AppEnv>, environments: readonly EnvironmentView[]) {
  const ids = environments.flatMap(({ id, status }) => (status === 'failed' ? [id] : []));
  const failures = await serviceOf(c).environments.failures(ids);
  return environments.map((environment) => environmentRow(environment, failures.get(environment.id)));
}

/** What the caller is in it: a user's own membership. */
async function membershipOf(c: Context<AppEnv>, environmentId: string) {
  const { principal } = callerOf(c);
  if (principal.kind !== 'user') return undefined;
  const found = await serviceOf(c).members.get({ environmentId }, principal.id).catch(unlessNotFound);
  return found && 'environmentId' in found ? memberRow(found) : undefined;
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof ControlPlaneError && error.code === 'not_found') return undefined;
  throw error;
}

/** The organization, to those who have a role in it. */
async function organizationOf(c: Context<AppEnv>, organizationId: string) {
  const { me, organizations } = serviceOf(c);
  const { platformRole, organizations: own } = await me.describe();
  if (platformRole !== 'administrator' && !own.some((each) => each.organizationId === organizationId)) return undefined;
  const { id, slug, displayName, plan } = await organizations.get(organizationId);
  return { id, slug, display_name: displayName, plan };
}

/** How a creation stands, where it is not done and well. */
function outcomeOf({ id, done: isDone, status, error, warnings }: OperationView): string[] {
  if (!isDone) return [...warnings, `It is still being made; the operation is ${id}.`];
  return status === 'succeeded' ? warnings : [...warnings, error?.detail ?? `The operation ${id} was ${status}.`];
}

interface Change {
  permission: Permission;
  make(): Promise<Accepted>;
}

/** What is to be changed, as the verbs that do it. What is as it should be is left out. @throws ControlPlaneError `validation_failed` */
function changesOf(
  current: EnvironmentView,
  body: UpdateCloudEnvironment,
  environments: ReturnType<typeof serviceOf>['environments'],
): Change[] {
  const { id } = current;
  const changes: Change[] = [];
  const fields = {
    ...(body.display_name !== undefined && { displayName: body.display_name }),
    ...(body.plan !== undefined && { plan: body.plan }),
    ...(body.visibility !== undefined && { visibility: body.visibility }),
    ...(body.metadata !== undefined && { metadata: ownMetadata(body.metadata) }),
  };
  if (Object.keys(fields).length > 0) {
    changes.push({ permission: 'env:environment.update', make: () => environments.update(id, fields) });
  }
  if (body.is_default === false && current.isDefault) {
    const detail = 'an organization always has a default environment; make another one the default';
    throw invalidRequest([{ in: 'body', pointer: '/is_default', detail }]);
  }
  if (body.is_default === true && !current.isDefault) {
    changes.push({ permission: 'org:environments.set_default', make: () => environments.setDefault(id) });
  }
  if (body.status !== undefined && body.status !== current.status) changes.push(statusChange(body.status));
  return changes;

  function statusChange(status: NonNullable<UpdateCloudEnvironment['status']>): Change {
    if (status === 'archived') return { permission: 'env:environment.archive', make: () => environments.archive(id) };
    if (status === 'suspended') return { permission: 'env:environment.suspend', make: () => environments.suspend(id) };
    if (current.status === 'archived') {
      return { permission: 'env:environment.restore', make: () => environments.restore(id) };
    }
    return { permission: 'env:environment.suspend', make: () => environments.resume(id) };
  }
}
