import type {
  CreateEnvironmentGrantBody,
  CreatePlatformGrantBody,
  CreateServiceAccountBody,
  CreateServiceAccountKeyBody,
  Principal,
  UpdateServiceAccountBody,
} from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { PageRequest } from '../environments/read-environments.ts';
import { addMember, changeMember, removeMember, transferOwnership } from '../members/change-members.ts';
import type { MemberRole, TransferRequest } from '../members/place.ts';
import { getMember, listMembers } from '../members/read-members.ts';
import type { MutationOptions } from '../request.ts';
import { authenticateKey } from '../service-accounts/authenticate.ts';
import {
  grantInEnvironment,
  grantOnPlatform,
  listEnvironmentGrants,
  listPlatformGrants,
  revokeInEnvironment,
  revokeOnPlatform,
} from '../service-accounts/grants.ts';
import { createKey, revokeKey } from '../service-accounts/keys.ts';
import {
  type AccountOwner,
  createServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  updateServiceAccount,
} from '../service-accounts/service-accounts.ts';
import type { Place } from '../store/members.ts';
import type { Caller } from './caller.ts';

/** Members of an organization (by id or slug) or of an environment. */
export function bindMembers(deps: Deps, caller: Caller) {
  return {
    list: (place: Place, filter: { role?: string }, page: PageRequest) =>
      listMembers(deps, caller, place, filter, page),
    get: (place: Place, userId: string) => getMember(deps, caller, place, userId),
    add: (place: Place, body: MemberRole, options?: MutationOptions) => addMember(deps, caller, place, body, options),
    change: (place: Place, userId: string, body: { role: string }, options?: MutationOptions) =>
      changeMember(deps, caller, place, userId, body, options),
    remove: (place: Place, userId: string, options?: MutationOptions) =>
      removeMember(deps, caller, place, userId, options),
    transferOwnership: (place: Place, body: TransferRequest, options?: MutationOptions) =>
      transferOwnership(deps, caller, place, body, options),
  };
}

export function bindServiceAccounts(deps: Deps, caller: Caller) {
  return {
    /** Who presents a key; for identity providers. @throws ControlPlaneError `store_unavailable` */
    authenticate: (token: string): Promise<Principal | 'invalid'> => authenticateKey(deps, token),
    list: (owner: AccountOwner, page: PageRequest) => listServiceAccounts(deps, caller, owner, page),
    create: (owner: AccountOwner, body: CreateServiceAccountBody, options?: MutationOptions) =>
      createServiceAccount(deps, caller, owner, body, options),
    get: (id: string) => getServiceAccount(deps, caller, id),
    update: (id: string, body: UpdateServiceAccountBody, options?: MutationOptions) =>
      updateServiceAccount(deps, caller, id, body, options),
    createKey: (id: string, body?: CreateServiceAccountKeyBody, options?: MutationOptions) =>
      createKey(deps, caller, id, body, options),
    revokeKey: (id: string, keyId: string, options?: MutationOptions) => revokeKey(deps, caller, id, keyId, options),
  };
}

export function bindGrants(deps: Deps, caller: Caller) {
  return {
    list: (environmentId: string) => listEnvironmentGrants(deps, caller, environmentId),
    add: (environmentId: string, body: CreateEnvironmentGrantBody, options?: MutationOptions) =>
      grantInEnvironment(deps, caller, environmentId, body, options),
    remove: (environmentId: string, grantId: string, options?: MutationOptions) =>
      revokeInEnvironment(deps, caller, environmentId, grantId, options),
  };
}

export function bindPlatformGrants(deps: Deps, caller: Caller) {
  return {
    list: () => listPlatformGrants(deps, caller),
    add: (body: CreatePlatformGrantBody, options?: MutationOptions) => grantOnPlatform(deps, caller, body, options),
    remove: (grantId: string, options?: MutationOptions) => revokeOnPlatform(deps, caller, grantId, options),
  };
}
