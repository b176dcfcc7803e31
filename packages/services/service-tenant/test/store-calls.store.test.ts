import type { StoreCallView } from '@envplane/spec';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { statementText } from '../src/tracing/statement-text.ts';
import { STORES } from './world/stores.ts';
import { openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('cap O1, O6 calls of the directory on %s', (kind) => {
  let world: World;
  let plane: ControlPlane;
  let organizationId: string;
  let environmentId: string;
  beforeAll(async () => {
    world = await openWorld(kind);
    plane = await world.open({ region: 'eu-west' });
    const made = await plane.service.provisionOrganization(organizationRequest());
    ({ id: environmentId, organizationId } = made.defaultEnvironment.environment);
  });
  afterAll(() => world.close());

  async function calls(requestId?: string): Promise<StoreCallView[]> {
    const filter = requestId === undefined ? {} : { requestId };
    const { items, nextCursor } = await plane.service.storeCalls.list(filter, { limit: 200 });
    expect(nextCursor === null || requestId === undefined).toBe(true);
    return items.reverse();
  }

  /** Does something as a request, and tells what that asked of the store. */
  async function asked(
    id: string,
    work: (service: ControlPlane['service']) => Promise<unknown>,
    trace = plane.beginTrace(id),
  ): Promise<StoreCallView[]> {
    await work(plane.service.within(trace)).catch(() => undefined);
    return calls(id);
  }

  const add = (userId: string) => (service: ControlPlane['service']) =>
    service.members.add({ environmentId }, { userId, role: 'reader' });
  /** Of a transaction; what was read before it may have been remembered. */
  const shapes = (list: readonly StoreCallView[]) =>
    list
      .map(({ method, statement }) => `${method} ${statement}`)
      .filter((text) => !text.startsWith('query select "e"'));

  it('steps of the schema are migrations, work in the background has no request', async () => {
    const pages = [];
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = await plane.service.storeCalls.list({}, { limit: 200, cursor });
      pages.push(...items);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    const migrations = pages.filter(({ method }) => method === 'migrate');
    // A store that is current is looked at, and nothing else.
    expect(new Set(migrations.map(({ statement }) => statement))).toEqual(
      new Set(['select "id", "checksum" from "sys_schema_step"']),
    );
    expect(new Set(pages.map(({ requestId }) => requestId))).toEqual(new Set([null]));
    expect(new Set(pages.map(({ plane: side }) => side))).toEqual(new Set(['directory']));
  });

  it('of a transaction are its statements, and how it ended', async () => {
    const trace = plane.beginTrace('one');
    const list = await asked('one', add('canary'), trace);
    expect(list.at(-1)).toMatchObject({ method: 'tx', statement: 'commit', rowCount: null, parameterCount: 0 });
    const insert = list.find(({ statement }) => statement.startsWith('insert into sys_environment_member'));
    expect(insert).toMatchObject({ method: 'exec', rowCount: 1, plane: 'directory', environmentId: null });
    expect(insert?.parameterCount).toBeGreaterThan(5);
    // To the request it is one part, behind what was read before it.
    const begin = list.findIndex(({ statement }) => statement.startsWith('select * from sys_environment where'));
    expect(trace.hops).toHaveLength(begin + 1);
    expect(list.length).toBeGreaterThan(begin + 3);
    const again = await asked('two', (service) =>
      service.environments.provision({ organizationId, slug: 'prod', envType: 'test', createdBy: 'canary' }),
    );
    const failed = again.filter(({ rowCount, method }) => rowCount === null && method !== 'tx');
    expect(failed.map(({ statement }) => statement.replace(/ \(.*/, ''))).toEqual(['insert into sys_environment']);
    expect(again.at(-1)).toMatchObject({ method: 'tx', statement: 'rollback' });
    expect(JSON.stringify(await calls())).not.toMatch(/canary|constraint failed|duplicate key/i);
  });

  it('are told apart by request, also when transactions share a commit', async () => {
    const ids = Array.from({ length: 8 }, (_each, index) => `together-${index}`);
    const lists = await Promise.all(ids.map((id) => asked(id, add(id))));
    const alone = shapes(await asked('alone', add('alone')));
    expect(alone.length).toBeGreaterThan(3);
    for (const list of lists) expect(shapes(list)).toEqual(alone);
  });

  it('cap O3 a trace names the process and where it runs', async () => {
    const trace = plane.beginTrace('named');
    expect(trace.head()).toMatch(/^total;dur=\d+\.\d\d$/);
    trace.end({ method: 'GET', route: '/', status: 200, code: null, principal: null });
    expect(await plane.service.traces.get('named')).toMatchObject({
      instance: plane.instance,
      region: 'eu-west',
      hops: [],
    });
    const other = await world.open();
    expect(other.instance).not.toBe(plane.instance);
    await expect(other.service.traces.get('named')).rejects.toMatchObject({ code: 'not_found' });
    expect(() => other.service.within({ requestId: 'x', timed: (_hop, run) => run() })).toThrow(TypeError);
    await other.close();
  });

  it('of reads are the rows that came back, whichever way they were built', async () => {
    const list = await asked('reads', async (service) => {
      await service.members.list({ environmentId }, {}, { limit: 50 });
      await service.organizations.get('acme');
    });
    const [members] = list.filter(({ statement }) => statement.includes('sys_environment_member'));
    expect(members).toMatchObject({ method: 'query', rowCount: expect.any(Number) });
    expect(members?.rowCount).toBeGreaterThan(5);
    // By id there is none, by slug there is one.
    const organizations = list.filter(({ statement }) => /from "sys_organization" as "o"/.test(statement));
    expect(organizations.slice(-2).map(({ rowCount }) => rowCount)).toEqual([0, 1]);
  });

  if (kind === 'sqlite') return;
  it('what is taken for one literal is one to PostgreSQL', async () => {
    const { main } = await world.inspect();
    for (const [literal, value] of [
      ["E'a'\n -- c\n 'b\\'c'", "ab'c"],
      ["e'\\\\'", '\\'],
      ["$t$ a $$ 'b' $t$", " a $$ 'b' "],
      ["N'it''s'", "it's"],
    ]) {
      const { rows } = await sql<{ v: string }>`select ${sql.raw(literal ?? '')} as v`.execute(main.read);
      expect(rows).toEqual([{ v: value }]);
      expect(statementText(`select ${literal} as v`, 'postgres').replace('? ?', '?')).toBe('select ? as v');
    }
  });
});
