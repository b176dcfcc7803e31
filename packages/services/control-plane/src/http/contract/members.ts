import {
  AddEnvironmentMemberBodySchema,
  AddOrganizationMemberBodySchema,
  ChangeEnvironmentMemberBodySchema,
  ChangeOrganizationMemberBodySchema,
  EnvironmentMemberViewSchema,
  EnvironmentRoleSchema,
  OrganizationMemberViewSchema,
  OrganizationRoleSchema,
  PageSchema,
  TransferEnvironmentBodySchema,
  TransferOrganizationBodySchema,
  UserIdSchema,
} from '@envplane/spec';
import { z } from 'zod';
import {
  additionHeaders,
  changeHeaders,
  environmentPath,
  etag,
  location,
  organizationPath,
  page,
} from './parameters.ts';
import { json, jsonBody, removed, route } from './route.ts';

const user = { user: UserIdSchema.describe('Id of the user.') };
const changing = ['not_found', 'escalation', 'last_owner', 'version_mismatch', 'idempotency_key_reused'] as const;
const adding = ['not_found', 'escalation', 'already_member', 'idempotency_key_reused'] as const;
const transferring = ['not_found', 'escalation', 'invalid_state', 'idempotency_key_reused'] as const;

export const organizationMembers = {
  list: route({
    method: 'get',
    path: '/v1/organizations/{org}/members',
    summary: 'Lists the members of an organization in order of joining.',
    permission: 'org:members.read',
    command: 'org members',
    request: {
      params: organizationPath,
      query: z.strictObject({ role: OrganizationRoleSchema.optional(), ...page }),
    },
    responses: { 200: json(PageSchema(OrganizationMemberViewSchema), 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  add: route({
    method: 'post',
    path: '/v1/organizations/{org}/members',
    summary: 'Makes a user a member of an organization.',
    permission: 'org:members.manage',
    command: 'org add-member',
    request: { params: organizationPath, headers: additionHeaders, body: jsonBody(AddOrganizationMemberBodySchema) },
    responses: { 201: json(OrganizationMemberViewSchema, 'The membership.', { ...etag, ...location }) },
    problems: adding,
  }),

  change: route({
    method: 'patch',
    path: '/v1/organizations/{org}/members/{user}',
    summary: 'Gives a member of an organization another role.',
    permission: 'org:members.manage',
    command: 'org change-member',
    request: {
      params: organizationPath.extend(user),
      headers: changeHeaders,
      body: jsonBody(ChangeOrganizationMemberBodySchema),
    },
    responses: { 200: json(OrganizationMemberViewSchema, 'The membership as it is now.', etag) },
    problems: changing,
  }),

  remove: route({
    method: 'delete',
    path: '/v1/organizations/{org}/members/{user}',
    summary: 'Ends a membership of an organization and those in its environments; anyone may end their own.',
    permission: 'org:members.manage',
    self: 'user',
    command: 'org remove-member',
    request: { params: organizationPath.extend(user), headers: changeHeaders },
    responses: { 204: removed },
    problems: changing,
  }),

  transfer: route({
    method: 'post',
    path: '/v1/organizations/{org}/transfer-ownership',
    summary: 'Makes another member the owner of an organization.',
    permission: 'org:ownership.transfer',
    command: 'org transfer',
    request: { params: organizationPath, headers: additionHeaders, body: jsonBody(TransferOrganizationBodySchema) },
    responses: { 200: json(OrganizationMemberViewSchema, 'The membership of the new owner.', etag) },
    problems: transferring,
  }),
};

export const environmentMembers = {
  list: route({
    method: 'get',
    path: '/v1/environments/{env}/members',
    summary: 'Lists the members of an environment in order of joining.',
    permission: 'env:members.read',
    command: 'member list',
    request: { params: environmentPath, query: z.strictObject({ role: EnvironmentRoleSchema.optional(), ...page }) },
    responses: { 200: json(PageSchema(EnvironmentMemberViewSchema), 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  add: route({
    method: 'post',
    path: '/v1/environments/{env}/members',
    summary: 'Makes a user a member of an environment.',
    permission: 'env:members.manage',
    command: 'member add',
    request: { params: environmentPath, headers: additionHeaders, body: jsonBody(AddEnvironmentMemberBodySchema) },
    responses: { 201: json(EnvironmentMemberViewSchema, 'The membership.', { ...etag, ...location }) },
    problems: adding,
  }),

  change: route({
    method: 'patch',
    path: '/v1/environments/{env}/members/{user}',
    summary: 'Gives a member of an environment another role.',
    permission: 'env:members.manage',
    command: 'member change',
    request: {
      params: environmentPath.extend(user),
      headers: changeHeaders,
      body: jsonBody(ChangeEnvironmentMemberBodySchema),
    },
    responses: { 200: json(EnvironmentMemberViewSchema, 'The membership as it is now.', etag) },
    problems: changing,
  }),

  remove: route({
    method: 'delete',
    path: '/v1/environments/{env}/members/{user}',
    summary: 'Ends a membership of an environment; anyone may end their own.',
    permission: 'env:members.manage',
    self: 'user',
    command: 'member remove',
    request: { params: environmentPath.extend(user), headers: changeHeaders },
    responses: { 204: removed },
    problems: changing,
  }),

  transfer: route({
    method: 'post',
    path: '/v1/environments/{env}/transfer-ownership',
    summary: 'Makes another member the owner of an environment.',
    permission: 'env:ownership.transfer',
    command: 'member transfer',
    request: { params: environmentPath, headers: additionHeaders, body: jsonBody(TransferEnvironmentBodySchema) },
    responses: { 200: json(EnvironmentMemberViewSchema, 'The membership of the new owner.', etag) },
    problems: transferring,
  }),
};
