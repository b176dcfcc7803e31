import type { GatedEnv } from '@envplane/control-plane';
import { Hono, type MiddlewareHandler } from 'hono';

/** What the handlers ask the database of a workspace. */
export interface Queries {
  list: string;
}

/** As it was when all workspaces shared a table: forget the condition in one place, and everybody sees everything. */
export const FILTERED: Queries = { list: 'SELECT id, title FROM todo WHERE workspace = ? ORDER BY id' };

/** As it can be now. Whoever gets here is connected to one database, and there is nothing else in it. */
export const UNFILTERED: Queries = { list: 'SELECT id, title FROM todo ORDER BY id' };

type Gate = (required: { permission: string }) => MiddlewareHandler<GatedEnv>;

/** The todos of a workspace. `c.get('db')` is its database, for whoever the gate let through. */
export function todoRoutes(gate: Gate, queries: Queries) {
  return new Hono<GatedEnv>()
    .get('/workspaces/:env/todos', gate({ permission: 'todo:items.read' }), async (c) => {
      const parameters = queries === FILTERED ? [c.get('environment')] : [];
      return c.json({ items: await c.get('db').query(queries.list, parameters) });
    })
    .post('/workspaces/:env/todos', gate({ permission: 'todo:items.write' }), async (c) => {
      const { title } = await c.req.json<{ title?: unknown }>();
      if (typeof title !== 'string' || title.trim() === '') return c.json({ detail: 'Say what is to be done.' }, 422);
      const insert = 'INSERT INTO todo (workspace, title) VALUES (?, ?)';
      await c.get('db').exec(insert, [c.get('environment'), title.trim()]);
      return c.body(null, 201);
    })
    .delete('/workspaces/:env/todos/:id', gate({ permission: 'todo:items.write' }), async (c) => {
      await c.get('db').exec('DELETE FROM todo WHERE id = ?', [Number(c.req.param('id'))]);
      return c.body(null, 204);
    });
}
