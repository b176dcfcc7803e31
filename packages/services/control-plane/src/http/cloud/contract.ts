import { EnvironmentStatusSchema, EnvironmentTypeSchema, OrganizationIdSchema, safeText } from '@envplane/spec';
import { z } from 'zod';
import { environmentPath } from '../contract/parameters.ts';
import { jsonBody } from '../contract/route.ts';
import {
  AddCloudMemberSchema,
  both,
  ChangeCloudHostnameSchema,
  ChangeCloudMemberSchema,
  CloudCredentialSchema,
  CloudDatabaseSchema,
  CloudEnvironmentSchema,
  CloudHostnameSchema,
  CloudMemberSchema,
  CloudOrganizationSchema,
  CloudPlanSchema,
  CreateCloudEnvironmentSchema,
  RotateCloudCredentialSchema,
  UpdateCloudEnvironmentSchema,
  warnings,
} from './schemas.ts';
import { cloudRoute, data } from './wire.ts';

/** Most rows that one answer has: the client asks for no second page. */
const MOST_ROWS = 1_000;

const row = data(z.object(both), 'The environment as it is now.');
const environment = { params: environmentPath };
const changing = ['not_found', 'invalid_state', 'operation_in_progress', 'operation_failed'] as const;

/** The environments of the official client. */
export const cloudEnvironments = {
  list: cloudRoute('/environments', {
    method: 'get',
    summary: 'Lists the environments that the caller may read, of one organization or of all, in order of creation.',
    permission: 'self',
    request: {
      query: z.strictObject({
        organizationId: OrganizationIdSchema.optional().describe('Id or slug of the organization.'),
        envType: EnvironmentTypeSchema.optional(),
        status: EnvironmentStatusSchema.optional(),
        limit: z.coerce.number().int().min(1).max(MOST_ROWS).default(MOST_ROWS).describe('Most rows of the answer.'),
        cursor: z.string().optional().describe('`nextCursor` of the answer before, with the same filters.'),
      }),
    },
    responses: {
      200: data(
        z.object({
          environments: z.array(CloudEnvironmentSchema).describe('The environments.'),
          projects: z.array(CloudEnvironmentSchema).describe('The same under their old name.'),
          total: z.int().describe('How many there are in all.'),
          nextCursor: z.string().nullable().describe('Where the list goes on; null at its end.'),
        }),
        'The environments.',
      ),
    },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  get: cloudRoute('/environments/{env}', {
    method: 'get',
    summary: 'Reads an environment with its database, its credential and what the caller is in it.',
    permission: 'env:environment.read',
    request: environment,
    responses: {
      200: data(
        z.object({
          ...both,
          database: CloudDatabaseSchema,
          credential: CloudCredentialSchema.optional(),
          membership: CloudMemberSchema.optional(),
          organization: CloudOrganizationSchema.optional(),
        }),
        'The environment.',
      ),
    },
    problems: ['not_found'],
  }),

  create: cloudRoute('/environments', {
    method: 'post',
    summary: 'Creates an environment with a physical database of its own, empty or as a copy.',
    permission: 'self',
    request: { body: jsonBody(CreateCloudEnvironmentSchema) },
    responses: {
      201: data(
        z.object({
          ...both,
          warnings,
          durationMs: z.number().describe('How long it took, in ms.'),
          hostnameAssignment: z
            .object({
              requestedHostname: z.string().describe('The DNS name that was taken.'),
              assignedHostname: z.string().describe('The one that it has instead.'),
            })
            .optional()
            .describe('Present when it has another DNS name than was asked for.'),
        }),
        'Accepted. Its status tells whether its database is ready.',
      ),
    },
    problems: [
      'not_found',
      'invalid_state',
      'slug_taken',
      'default_taken',
      'hostname_taken',
      'driver_not_configured',
      'unsupported',
      'quota_exceeded',
      'provider_unavailable',
      'encryptor_unavailable',
    ],
  }),

  update: cloudRoute('/environments/{env}', {
    method: 'patch',
    summary: 'Changes an environment; a status is one of the verbs suspend, resume, archive, restore.',
    permission: [
      'env:environment.update',
      'env:environment.suspend',
      'env:environment.archive',
      'env:environment.restore',
      'org:environments.set_default',
    ],
    request: { ...environment, body: jsonBody(UpdateCloudEnvironmentSchema) },
    responses: { 200: row },
    problems: [...changing, 'deletion_protected'],
  }),

  remove: cloudRoute('/environments/{env}', {
    method: 'delete',
    summary: 'Archives an environment; it can be restored until its grace ends, then it is purged.',
    permission: 'env:environment.archive',
    request: {
      ...environment,
      query: z.strictObject({
        force: z.enum(['0', '1', 'true', 'false']).optional().describe('1 for the default environment.'),
      }),
    },
    responses: {
      200: data(
        z.object({
          deleted: z.literal(true).describe('Always true: nobody is let in any more.'),
          environmentId: z.string().describe('Id of the environment.'),
          ...both,
          warnings,
        }),
        'Archived.',
      ),
    },
    problems: [...changing, 'is_default', 'deletion_protected'],
  }),

  activate: cloudRoute('/environments/{env}/activate', {
    method: 'post',
    summary: 'Makes an environment the active one of a host’s session.',
    permission: 'env:environment.read',
    request: environment,
    responses: {
      200: data(
        z.object({
          ...both,
          sessionUpdated: z.boolean().describe('Whether there is a session, which is switched now.'),
          warnings,
        }),
        'The environment.',
      ),
    },
    problems: ['not_found', 'environment_not_active'],
  }),

  rotateCredential: cloudRoute('/environments/{env}/credentials/rotate', {
    method: 'post',
    summary: 'Replaces the credential of an environment’s database.',
    permission: 'env:credentials.rotate',
    request: { ...environment, body: jsonBody(RotateCloudCredentialSchema) },
    responses: { 200: data(z.object({ credential: CloudCredentialSchema, warnings }), 'The credential in use.') },
    problems: [...changing, 'unsupported', 'operation_pending'],
  }),

  updateHostname: cloudRoute('/environments/{env}/hostname', {
    method: 'post',
    summary: 'Gives an environment another DNS name.',
    permission: 'env:environment.update',
    request: { ...environment, body: jsonBody(CloudHostnameSchema) },
    responses: { 200: row },
    problems: ['not_found', 'hostname_taken'],
  }),

  changeHostname: cloudRoute('/environments/{env}/change-hostname', {
    method: 'post',
    summary: 'Gives an environment another DNS name.',
    permission: 'env:environment.update',
    request: { ...environment, body: jsonBody(ChangeCloudHostnameSchema) },
    responses: { 200: row },
    problems: ['not_found', 'hostname_taken'],
  }),

  changePlan: cloudRoute('/environments/{env}/change-plan', {
    method: 'post',
    summary: 'Gives an environment another plan.',
    permission: 'env:environment.update',
    request: { ...environment, body: jsonBody(CloudPlanSchema) },
    responses: { 200: row },
    problems: ['not_found'],
  }),

  retry: cloudRoute('/environments/{env}/retry', {
    method: 'post',
    summary: 'Tries again what failed; what is still being made goes on.',
    permission: 'env:operations.manage',
    request: environment,
    responses: { 202: data(z.object(both), 'The environment as it is now.') },
    problems: [...changing, 'encryptor_unavailable'],
  }),

  suspend: cloudRoute('/environments/{env}/suspend', {
    method: 'post',
    summary: 'Refuses connections and keeps every byte.',
    permission: 'env:environment.suspend',
    request: environment,
    responses: { 200: row },
    problems: changing,
  }),

  resume: cloudRoute('/environments/{env}/resume', {
    method: 'post',
    summary: 'Lets connections in again.',
    permission: 'env:environment.suspend',
    request: environment,
    responses: { 200: row },
    problems: changing,
  }),

  archive: cloudRoute('/environments/{env}/archive', {
    method: 'post',
    summary: 'Takes an environment out of use; it can be restored until its grace ends, then it is purged.',
    permission: 'env:environment.archive',
    request: environment,
    responses: { 200: row },
    problems: [...changing, 'deletion_protected'],
  }),

  setDefault: cloudRoute('/environments/{env}/set-default', {
    method: 'post',
    summary: 'Makes it the default of its organization in place of the current one.',
    permission: 'org:environments.set_default',
    request: environment,
    responses: { 200: row },
    problems: ['not_found', 'invalid_state'],
  }),
};

const member = { params: environmentPath.extend({ user: safeText(1, 255).describe('Id of the user.') }) };
const membership = data(z.object({ member: CloudMemberSchema }), 'The membership.');

/** Members of environments, with the roles that they have everywhere. */
export const cloudMembers = {
  list: cloudRoute('/environments/{env}/members', {
    method: 'get',
    summary: 'Lists the members of an environment in order of joining.',
    permission: 'env:members.read',
    request: environment,
    responses: {
      200: data(
        z.object({
          members: z.array(CloudMemberSchema).describe('The members.'),
          total: z.int().describe('How many there are.'),
        }),
        'The members.',
      ),
    },
    problems: ['not_found'],
  }),

  add: cloudRoute('/environments/{env}/members', {
    method: 'post',
    summary: 'Makes a user a member of an environment.',
    permission: 'env:members.manage',
    request: { ...environment, body: jsonBody(AddCloudMemberSchema) },
    responses: { 201: membership },
    problems: ['not_found', 'already_member', 'escalation'],
  }),

  change: cloudRoute('/environments/{env}/members/{user}', {
    method: 'patch',
    summary: 'Gives a member of an environment another role.',
    permission: 'env:members.manage',
    request: { ...member, body: jsonBody(ChangeCloudMemberSchema) },
    responses: { 200: membership },
    problems: ['not_found', 'last_owner', 'escalation'],
  }),

  remove: cloudRoute('/environments/{env}/members/{user}', {
    method: 'delete',
    summary: 'Ends a membership of an environment; anyone may end their own.',
    permission: 'env:members.manage',
    self: 'user',
    request: member,
    responses: {
      200: data(
        z.object({
          deleted: z.literal(true).describe('Always true.'),
          environmentId: z.string().describe('The environment.'),
          userId: z.string().describe('Who was a member.'),
        }),
        'Ended.',
      ),
    },
    problems: ['not_found', 'last_owner', 'escalation'],
  }),
};
