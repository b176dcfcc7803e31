import {
  CreateEnvironmentGrantBodySchema,
  CreatePlatformAccountBodySchema,
  CreatePlatformGrantBodySchema,
  CreateServiceAccountBodySchema,
  CreateServiceAccountKeyBodySchema,
  EnvironmentGrantViewSchema,
  IdSchema,
  NewServiceAccountKeyViewSchema,
  PageSchema,
  PlatformGrantViewSchema,
  ServiceAccountViewSchema,
  UpdateServiceAccountBodySchema,
} from '@envplane/spec';
import { z } from 'zod';
import { additionHeaders, changeHeaders, environmentPath, etag, organizationPath, pageQuery } from './parameters.ts';
import { json, jsonBody, removed, route } from './route.ts';

const accountPath = z.object({ account: IdSchema.describe('Id of the service account.') });
const grant = { grant: IdSchema.describe('Id of the grant.') };
/** The caller holds one of them, by whose account it is. */
const MANAGE = ['org:service_accounts.manage', 'platform:service_accounts.manage'] as const;
const account = json(ServiceAccountViewSchema, 'The service account.', etag);

export const serviceAccounts = {
  listOfOrganization: route({
    method: 'get',
    path: '/v1/organizations/{org}/service-accounts',
    summary: 'Lists the service accounts of an organization with their live keys.',
    permission: 'org:service_accounts.read',
    command: 'org accounts',
    request: { params: organizationPath, query: pageQuery },
    responses: { 200: json(PageSchema(ServiceAccountViewSchema), 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  createInOrganization: route({
    method: 'post',
    path: '/v1/organizations/{org}/service-accounts',
    summary: 'Creates a service account of an organization, without a key.',
    permission: 'org:service_accounts.manage',
    command: 'org add-account',
    request: { params: organizationPath, headers: additionHeaders, body: jsonBody(CreateServiceAccountBodySchema) },
    responses: { 201: account },
    problems: ['not_found', 'escalation', 'name_taken', 'idempotency_key_reused'],
  }),

  list: route({
    method: 'get',
    path: '/v1/service-accounts',
    summary: 'Lists the service accounts of the platform with their live keys.',
    permission: 'platform:service_accounts.manage',
    command: 'account list',
    request: { query: pageQuery },
    responses: { 200: json(PageSchema(ServiceAccountViewSchema), 'One page.') },
    problems: ['cursor_invalid', 'cursor_mismatch'],
  }),

  create: route({
    method: 'post',
    path: '/v1/service-accounts',
    summary: 'Creates a service account of the platform, without a key.',
    permission: 'platform:service_accounts.manage',
    command: 'account create',
    request: { headers: additionHeaders, body: jsonBody(CreatePlatformAccountBodySchema) },
    responses: { 201: account },
    problems: ['name_taken', 'idempotency_key_reused'],
  }),

  update: route({
    method: 'patch',
    path: '/v1/service-accounts/{account}',
    summary: 'Changes a service account; while it is disabled none of its keys is accepted.',
    permission: MANAGE,
    command: 'account update',
    request: { params: accountPath, headers: changeHeaders, body: jsonBody(UpdateServiceAccountBodySchema) },
    responses: { 200: account },
    problems: ['not_found', 'escalation', 'name_taken', 'unsupported', 'version_mismatch', 'idempotency_key_reused'],
  }),

  createKey: route({
    method: 'post',
    path: '/v1/service-accounts/{account}/keys',
    summary: 'Makes a key of a service account. It is shown this once.',
    permission: MANAGE,
    command: 'account create-key',
    secret: true,
    request: { params: accountPath, headers: additionHeaders, body: jsonBody(CreateServiceAccountKeyBodySchema) },
    responses: { 201: json(NewServiceAccountKeyViewSchema, 'The key.') },
    problems: ['not_found', 'escalation', 'invalid_state', 'quota_exceeded', 'idempotency_key_reused'],
  }),

  revokeKey: route({
    method: 'delete',
    path: '/v1/service-accounts/{account}/keys/{key}',
    summary: 'Revokes a key for good.',
    permission: MANAGE,
    command: 'account revoke-key',
    request: {
      params: accountPath.extend({
        key: z
          .string()
          .regex(/^[0-9a-f]{16}$/)
          .describe('Public part of the key, `keyId`.'),
      }),
      headers: additionHeaders,
    },
    responses: { 204: removed },
    problems: ['not_found', 'idempotency_key_reused'],
  }),
};

export const grants = {
  list: route({
    method: 'get',
    path: '/v1/environments/{env}/grants',
    summary: 'Lists the roles of service accounts in an environment.',
    permission: 'env:members.read',
    command: 'grant list',
    request: { params: environmentPath },
    responses: { 200: json(PageSchema(EnvironmentGrantViewSchema), 'All of them.') },
    problems: ['not_found'],
  }),

  add: route({
    method: 'post',
    path: '/v1/environments/{env}/grants',
    summary: 'Gives a service account of the organization a role in an environment.',
    permission: 'env:members.manage',
    command: 'grant add',
    request: { params: environmentPath, headers: additionHeaders, body: jsonBody(CreateEnvironmentGrantBodySchema) },
    responses: { 201: json(EnvironmentGrantViewSchema, 'The grant.') },
    problems: ['not_found', 'escalation', 'already_member', 'idempotency_key_reused'],
  }),

  remove: route({
    method: 'delete',
    path: '/v1/environments/{env}/grants/{grant}',
    summary: 'Takes a role of a service account away.',
    permission: 'env:members.manage',
    command: 'grant remove',
    request: { params: environmentPath.extend(grant), headers: additionHeaders },
    responses: { 204: removed },
    problems: ['not_found', 'escalation', 'idempotency_key_reused'],
  }),
};

export const platformGrants = {
  list: route({
    method: 'get',
    path: '/v1/platform-grants',
    summary: 'Lists who holds which role on the platform.',
    permission: 'platform:service_accounts.manage',
    command: 'platform grants',
    responses: { 200: json(PageSchema(PlatformGrantViewSchema), 'All of them.') },
  }),

  add: route({
    method: 'post',
    path: '/v1/platform-grants',
    summary: 'Gives a user, or a service account of the platform, a role on it.',
    permission: 'platform:service_accounts.manage',
    command: 'platform add-grant',
    request: { headers: additionHeaders, body: jsonBody(CreatePlatformGrantBodySchema) },
    responses: { 201: json(PlatformGrantViewSchema, 'The grant.') },
    problems: ['escalation', 'already_member', 'idempotency_key_reused'],
  }),

  remove: route({
    method: 'delete',
    path: '/v1/platform-grants/{grant}',
    summary: 'Takes a role on the platform away.',
    permission: 'platform:service_accounts.manage',
    command: 'platform remove-grant',
    request: { params: z.object(grant), headers: additionHeaders },
    responses: { 204: removed },
    problems: ['not_found', 'escalation', 'idempotency_key_reused'],
  }),
};
