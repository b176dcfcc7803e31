import type {
  Authorization,
  CopyEnvironmentBody,
  ForgetBody,
  ProvisionEnvironmentRequest,
  PurgeBody,
  RotateCredentialsBody,
  UpdateEnvironmentBody,
  UpsertEnvironmentBody,
} from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import { readHistory } from '../audit/read-history.ts';
import { listCredentials } from '../credentials/list-credentials.ts';
import { revokeCredential } from '../credentials/revoke-credential.ts';
import { rotateCredentials } from '../credentials/rotate-credentials.ts';
import type { Deps } from '../deps.ts';
import type { MutationOptions } from '../request.ts';
import type { Admission } from '../routing/gate.ts';
import type { EnvironmentFilter } from '../store/environment-join.ts';
import { archiveEnvironment } from './archive.ts';
import { copyEnvironment } from './copy.ts';
import { describeDatabase } from './describe-database.ts';
import { forgetEnvironment } from './forget.ts';
import { listPackages } from './list-packages.ts';
import { authorizeConnection, connect, describeConnection } from './open-connection.ts';
import { provisionEnvironment } from './provision-environment.ts';
import { purgeEnvironment } from './purge.ts';
import {
  getEnvironment,
  listEnvironments,
  listVisibleEnvironments,
  type PageRequest,
  readFailures,
} from './read-environments.ts';
import { reapplyEnvironment } from './reapply.ts';
import { restoreEnvironment } from './restore.ts';
import { resumeEnvironment } from './resume.ts';
import { retryEnvironment } from './retry.ts';
import { setDefaultEnvironment } from './set-default.ts';
import { suspendEnvironment } from './suspend.ts';
import { updateEnvironment } from './update-environment.ts';
import { upsertEnvironment } from './upsert-environment.ts';

/** The verbs of environments and of their credentials, for one caller. */
export function bindEnvironments(deps: Deps, caller: Caller) {
  return {
    provision: (request: ProvisionEnvironmentRequest) => provisionEnvironment(deps, caller, request),
    get: (id: string) => getEnvironment(deps, caller, id),
    list: (organization: string, filter: Omit<EnvironmentFilter, 'organizationId'>, page: PageRequest) =>
      listEnvironments(deps, caller, organization, filter, page),
    listVisible: (filter: EnvironmentFilter, page: PageRequest) => listVisibleEnvironments(deps, caller, filter, page),
    failures: (ids: readonly string[]) => readFailures(deps, caller, ids),
    packages: (id: string) => listPackages(deps, caller, id),
    update: (id: string, body: UpdateEnvironmentBody, options?: MutationOptions) =>
      updateEnvironment(deps, caller, id, body, options),
    upsert: (organization: string, slug: string, body: UpsertEnvironmentBody, options?: MutationOptions) =>
      upsertEnvironment(deps, caller, organization, slug, body, options),
    suspend: (id: string, options?: MutationOptions) => suspendEnvironment(deps, caller, id, options),
    resume: (id: string, options?: MutationOptions) => resumeEnvironment(deps, caller, id, options),
    reapply: (id: string, options?: MutationOptions) => reapplyEnvironment(deps, caller, id, options),
    setDefault: (id: string, options?: MutationOptions) => setDefaultEnvironment(deps, caller, id, options),
    archive: (id: string, options?: MutationOptions) => archiveEnvironment(deps, caller, id, options),
    restore: (id: string, options?: MutationOptions) => restoreEnvironment(deps, caller, id, options),
    purge: (id: string, body: PurgeBody, options?: MutationOptions) =>
      purgeEnvironment(deps, caller, id, body, options),
    forget: (id: string, body: ForgetBody, options?: MutationOptions) =>
      forgetEnvironment(deps, caller, id, body, options),
    retry: (id: string, options?: MutationOptions) => retryEnvironment(deps, caller, id, options),
    copy: (id: string, body: CopyEnvironmentBody, options?: MutationOptions) =>
      copyEnvironment(deps, caller, id, body, options),
    database: (id: string) => describeDatabase(deps, caller, id),
    history: (id: string, page: PageRequest) => readHistory(deps, caller, id, page),
    describeConnection: (id: string, body?: { authorization?: Authorization; lifetimeSeconds?: number | undefined }) =>
      describeConnection(deps, caller, id, body),
    /** Proof that the caller may connect now; `connect` takes nothing else. */
    authorizeConnection: (id: string) => authorizeConnection(deps, caller, id),
    connect: (verdict: Admission) => connect(deps, caller, verdict),
  };
}

export function bindCredentials(deps: Deps, caller: Caller) {
  return {
    list: (environmentId: string, page: PageRequest) => listCredentials(deps, caller, environmentId, page),
    rotate: (environmentId: string, body?: RotateCredentialsBody, options?: MutationOptions) =>
      rotateCredentials(deps, caller, environmentId, body, options),
    revoke: (environmentId: string, credentialId: string, options?: MutationOptions) =>
      revokeCredential(deps, caller, environmentId, credentialId, options),
  };
}
