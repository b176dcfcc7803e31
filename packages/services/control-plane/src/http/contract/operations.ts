import { IdSchema, OperationStatusSchema, OperationViewSchema, OrganizationIdSchema, PageSchema } from '@envplane/spec';
import { z } from 'zod';
import { location, longChangeHeaders, operationId, operationPath, page } from './parameters.ts';
import { json, route } from './route.ts';

const headers = longChangeHeaders.omit({ 'if-match': true });
const running = json(OperationViewSchema, 'Accepted and still running.', { ...location, ...operationId });

export const operations = {
  list: route({
    method: 'get',
    path: '/v1/operations',
    summary: 'Lists the operations that the caller may read, newest first.',
    permission: 'self',
    command: 'op list',
    request: {
      query: z.strictObject({
        organizationId: OrganizationIdSchema.optional().describe('Only those of this organization.'),
        environmentId: IdSchema.optional().describe('Only those on this environment.'),
        status: OperationStatusSchema.optional(),
        ...page,
      }),
    },
    responses: { 200: json(PageSchema(OperationViewSchema), 'One page.') },
    problems: ['cursor_invalid', 'cursor_mismatch'],
  }),

  get: route({
    method: 'get',
    path: '/v1/operations/{id}',
    summary: 'Reads an operation with its steps.',
    permission: 'env:operations.read',
    command: 'op get',
    request: { params: operationPath },
    responses: { 200: json(OperationViewSchema, 'The operation.') },
    problems: ['not_found'],
  }),

  events: route({
    method: 'get',
    path: '/v1/operations/{id}/events',
    summary: 'Follows an operation: one server-sent event after each change, until it is done.',
    permission: 'env:operations.read',
    command: 'op watch',
    request: {
      params: operationPath,
      headers: z.object({
        'last-event-id': z
          .string()
          .optional()
          .describe('Id of the last event that was seen; the stream goes on after it.'),
      }),
    },
    responses: {
      200: {
        description:
          'Events named `operation`: `id` is the version, `data` the operation as JSON. A comment every 15 s.',
        content: { 'text/event-stream': { schema: z.string() } },
      },
    },
    problems: ['not_found'],
  }),

  retry: route({
    method: 'post',
    path: '/v1/operations/{id}/retry',
    summary: 'Continues a failed operation at the step that failed.',
    permission: 'env:operations.manage',
    command: 'op retry',
    long: true,
    request: { params: operationPath, headers },
    responses: { 200: json(OperationViewSchema, 'The operation, finished.', operationId), 202: running },
    problems: [
      'not_found',
      'invalid_state',
      'operation_in_progress',
      'idempotency_key_reused',
      'encryptor_unavailable',
    ],
  }),

  cancel: route({
    method: 'post',
    path: '/v1/operations/{id}/cancel',
    summary:
      'Cancels an operation that can still be undone. What it made is removed by the operation that is answered.',
    permission: 'env:operations.manage',
    command: 'op cancel',
    long: true,
    request: { params: operationPath, headers },
    responses: { 200: json(OperationViewSchema, 'The operation that undid it, finished.', operationId), 202: running },
    problems: ['not_found', 'invalid_state', 'idempotency_key_reused'],
  }),
};
