import { z } from 'zod';
import { json, route } from './route.ts';

const CheckSchema = z.enum(['ok', 'failed']);
const ReadinessSchema = z
  .object({
    status: z.enum(['ready', 'unavailable', 'draining']).describe('draining: the process is being stopped.'),
    checks: z.object({
      store: CheckSchema.describe('Whether the control-plane store answers.'),
      migrations: z
        .enum(['ok', 'degraded', 'failed'])
        .describe(
          'Whether the store has every schema step of this version. degraded: it has later ones too, because a newer version runs on it; steps only add, so this alone is no failure.',
        ),
      encryptor: CheckSchema.describe('Whether the key encryptor works.'),
      reconciler: CheckSchema.describe('Whether the reconciler has come round lately.'),
      placements: z
        .enum(['ok', 'degraded'])
        .describe(
          'degraded: a placement cannot be reached; environments elsewhere go on, so this alone is no failure.',
        ),
    }),
  })
  .meta({ id: 'Readiness', description: 'Whether this process can do its work now.' });

const file = (mediaType: string, description: string) => ({
  description,
  content: { [mediaType]: { schema: z.string() } },
});

/** What the process says about itself. */
export const service = {
  live: route({
    method: 'get',
    path: '/livez',
    summary: 'Answers while the process runs.',
    permission: 'public',
    responses: { 200: json(z.object({ status: z.literal('ok') }), 'It runs.') },
  }),

  ready: route({
    method: 'get',
    path: '/readyz',
    summary: 'Answers whether store, schema, key encryptor and reconciler are as they must be.',
    permission: 'public',
    responses: {
      200: json(ReadinessSchema, 'It can take requests.'),
      503: json(ReadinessSchema, 'It cannot; `checks` says why.'),
    },
  }),

  version: route({
    method: 'get',
    path: '/version',
    summary: 'Tells the version.',
    permission: 'public',
    responses: { 200: json(z.object({ name: z.literal('envplane'), version: z.string() }), 'The version.') },
  }),

  metrics: route({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics in the Prometheus text format. Needs no credential while the listener is on loopback.',
    permission: 'platform:operations.read',
    responses: { 200: file('text/plain', 'The metrics.') },
    problems: ['route_not_found'],
  }),

  openapi: route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This document.',
    permission: 'public',
    responses: { 200: { description: 'OpenAPI 3.1.', content: { 'application/json': {} } } },
  }),

  docs: route({
    method: 'get',
    path: '/docs',
    summary: 'A page to read and try the API; nothing is loaded from elsewhere.',
    permission: 'public',
    responses: { 200: file('text/html', 'The page.') },
  }),

  docsAsset: route({
    method: 'get',
    path: '/docs/{asset}',
    summary: 'Scripts and styles of the page.',
    permission: 'public',
    request: { params: z.object({ asset: z.string().describe('Name of the file.') }) },
    responses: { 200: file('*/*', 'The file.') },
    problems: ['not_found'],
  }),
};
