// The least an HTTP service built with Hono does: one route, one ready object.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const body = JSON.parse(process.env.BENCH_BODY ?? '{}');
const app = new Hono().get('/v1/environments/:env', (c) => c.json(body));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
