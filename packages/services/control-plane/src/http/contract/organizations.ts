import {
  CreateOrganizationBodySchema,
  OperationViewSchema,
  OrganizationViewSchema,
  PageSchema,
  PurgeBodySchema,
  UpdateOrganizationBodySchema,
} from '@envplane/spec';
import {
  changeHeaders,
  conditionalHeaders,
  creationHeaders,
  etag,
  location,
  longChangeHeaders,
  operationId,
  organizationPath,
  pageQuery,
} from './parameters.ts';
import { PurgeReceiptSchema } from './receipt.ts';
import { json, jsonBody, route } from './route.ts';

const organization = json(OrganizationViewSchema, 'The organization.', { ...etag, ...operationId });
const running = json(OperationViewSchema, 'Accepted and still running.', { ...location, ...operationId });

export const organizations = {
  create: route({
    method: 'post',
    path: '/v1/organizations',
    summary: 'Creates an organization with its owner, its default environment and that environment’s database.',
    permission: 'platform:organizations.create',
    command: 'org create',
    long: true,
    request: { headers: creationHeaders, body: jsonBody(CreateOrganizationBodySchema) },
    responses: {
      201: json(OrganizationViewSchema, 'Created; its default environment is ready.', {
        ...etag,
        ...location,
        ...operationId,
      }),
      202: running,
    },
    problems: [
      'slug_taken',
      'driver_not_configured',
      'quota_exceeded',
      'provider_unavailable',
      'idempotency_key_reused',
      'encryptor_unavailable',
    ],
  }),

  list: route({
    method: 'get',
    path: '/v1/organizations',
    summary: 'Lists the organizations that the caller may read, in order of creation.',
    permission: 'self',
    command: 'org list',
    request: { query: pageQuery },
    responses: { 200: json(PageSchema(OrganizationViewSchema), 'One page.') },
    problems: ['cursor_invalid', 'cursor_mismatch'],
  }),

  get: route({
    method: 'get',
    path: '/v1/organizations/{org}',
    summary: 'Reads an organization.',
    permission: 'org:organization.read',
    command: 'org get',
    request: { params: organizationPath, headers: conditionalHeaders },
    responses: { 200: json(OrganizationViewSchema, 'The organization.', etag) },
    problems: ['not_found'],
  }),

  update: route({
    method: 'patch',
    path: '/v1/organizations/{org}',
    summary: 'Changes the name or plan of an organization.',
    permission: 'org:organization.update',
    command: 'org update',
    request: { params: organizationPath, headers: changeHeaders, body: jsonBody(UpdateOrganizationBodySchema) },
    responses: { 200: json(OrganizationViewSchema, 'The organization as it is now.', etag) },
    problems: ['not_found', 'version_mismatch', 'idempotency_key_reused'],
  }),

  archive: route({
    method: 'post',
    path: '/v1/organizations/{org}/archive',
    summary: 'Takes an organization and all its environments out of use; it can be restored.',
    permission: 'platform:organizations.archive',
    command: 'org archive',
    long: true,
    request: { params: organizationPath, headers: longChangeHeaders },
    responses: { 200: organization, 202: running },
    problems: ['not_found', 'invalid_state', 'deletion_protected', 'version_mismatch', 'idempotency_key_reused'],
  }),

  restore: route({
    method: 'post',
    path: '/v1/organizations/{org}/restore',
    summary: 'Brings an archived organization back, with every environment that can still be restored.',
    permission: 'platform:organizations.archive',
    command: 'org restore',
    long: true,
    request: { params: organizationPath, headers: longChangeHeaders },
    responses: { 200: organization, 202: running },
    problems: ['not_found', 'invalid_state', 'version_mismatch', 'idempotency_key_reused'],
  }),

  purge: route({
    method: 'post',
    path: '/v1/organizations/{org}/purge',
    summary:
      'Removes an organization, its environments and their databases for good; by id, repeated it answers the receipt.',
    permission: 'platform:organizations.purge',
    command: 'org purge',
    long: true,
    destructive: true,
    request: { params: organizationPath, headers: longChangeHeaders, body: jsonBody(PurgeBodySchema) },
    responses: {
      200: json(PurgeReceiptSchema, 'Removed; the receipt says what was removed and when.', operationId),
      202: running,
    },
    problems: [
      'not_found',
      'confirmation_mismatch',
      'invalid_state',
      'deletion_protected',
      'version_mismatch',
      'idempotency_key_reused',
    ],
  }),
};
