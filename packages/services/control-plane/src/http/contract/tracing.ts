import {
  IdSchema,
  PageSchema,
  RequestIdSchema,
  StoreCallViewSchema,
  StorePlaneSchema,
  TraceViewSchema,
} from '@envplane/spec';
import { z } from 'zod';
import { page } from './parameters.ts';
import { json, route } from './route.ts';

/** What this process did lately, from its memory. */
export const tracing = {
  storeCalls: route({
    method: 'get',
    path: '/v1/store-calls',
    summary: 'Lists what this process asked of its stores lately, newest first; never a value.',
    // Whose calls stands in the query; the verb decides.
    permission: 'self',
    command: 'store-calls',
    observer: true,
    request: {
      query: z.strictObject({
        environmentId: IdSchema.optional().describe(
          'Only calls of this environment’s database; without it, of all stores.',
        ),
        plane: StorePlaneSchema.optional().describe('Only calls of this side.'),
        requestId: RequestIdSchema.optional().describe('Only calls made for this request.'),
        ...page,
      }),
    },
    responses: { 200: json(PageSchema(StoreCallViewSchema), 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  trace: route({
    method: 'get',
    path: '/v1/traces/{requestId}',
    summary: 'Tells where the time of a request went that was served lately: your own, or one about an environment.',
    // Everybody may read their own; the verb decides about those of others.
    permission: 'self',
    command: 'trace',
    observer: true,
    // What cannot be an id is not found like one that is not known.
    request: { params: z.object({ requestId: z.string().describe('`X-Request-Id` of the answer.') }) },
    responses: { 200: json(TraceViewSchema, 'The request and its parts.') },
    problems: ['not_found'],
  }),
};
