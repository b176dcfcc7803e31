import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { applySchemaSteps, type SchemaStep } from '../src/store/schema/apply-steps.ts';
import { controlPlaneSteps } from '../src/store/schema/steps.ts';
import { RECONCILER_VERSION } from '../src/store/work.ts';
import { violations } from './world/oracle.ts';
import {
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  type World,
} from './world/world.ts';

/** As releases add to the schema: columns, with and without a value for what is there, a table, an index. */
const LATER: SchemaStep = {
  id: (controlPlaneSteps.at(-1)?.id ?? 0) + 1,
  name: 'of the next release',
  statements: {
    sqlite: [],
    postgres: [
      'create table later (id text primary key)',
      "alter table sys_environment_database add column later text not null default 'unset'",
      'alter table sys_environment add column later jsonb',
      'alter table sys_operation add column later bigint',
      'create index later_at on sys_environment_database (later, due_at)',
    ],
  },
};
const UNDONE = [
  'drop table later',
  'alter table sys_environment_database drop column later',
  'alter table sys_environment drop column later',
  'alter table sys_operation drop column later',
  `delete from sys_schema_step where id = ${LATER.id}`,
];

let world: World<MemoryDriver>;
beforeEach(async () => {
  world = await openWorld('postgres', 'memory');
});
afterEach(async () => {
  // Stores are used again.
  for (const statement of UNDONE) await run(statement);
  await world.close();
});

async function run<Row>(statement: string, parameters: unknown[] = []): Promise<Row[]> {
  const { main } = await world.inspect();
  return main.write(async (_query, _nowMs, execute) => (await execute<Row>(statement, parameters)).rows);
}

const all = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

it('processes of this release go on while the next one adds to the schema and works beside them; nothing is lost', async () => {
  const [one, two] = [await world.open(), await world.open()];
  const { defaultEnvironment } = await one.service.provisionOrganization(organizationRequest());
  const { organizationId } = defaultEnvironment.environment;
  const live = async ({ service }: ControlPlane, slug: string) => {
    const { environment } = await service.provisionEnvironment(environmentRequest(organizationId, slug));
    await finish(service, service.environments.suspend(environment.id));
    await finish(service, service.environments.resume(environment.id));
    return environment.id;
  };
  const { main } = await world.inspect();
  // The schema changes under what is under way.
  const before = all(6, (index) => live(index % 2 === 0 ? one : two, `before-${index}`));
  await applySchemaSteps(main, [...controlPlaneSteps, LATER]);
  const three = await world.open();
  const after = all(3, (index) => live([one, two, three][index % 3] as ControlPlane, `after-${index}`));
  const ids = [...(await before), ...(await after)];

  for (const plane of [one, two, three]) expect((await plane.health()).schema).toBe('newer');
  const rows = await run<{ phase: string; later: string }>('select phase, later from sys_environment_database');
  expect(rows).toEqual(Array.from({ length: ids.length + 1 }, () => ({ phase: 'ready', later: 'unset' })));
  expect(await violations(world, one)).toEqual([]);
});

it('a row of the next release is left to it: its wish is recorded, what it has besides stays, and nobody of this one works on it', async () => {
  const { main } = await world.inspect();
  await applySchemaSteps(main, [...controlPlaneSteps, LATER]);
  const planes = [await world.open(), await world.open()] as const;
  const { service } = planes[0];
  const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
  const { id, organizationId } = defaultEnvironment.environment;
  const newer = "update sys_environment_database set later = 'set', reconciler_version = $1 where environment_id = $2";
  await run(newer, [RECONCILER_VERSION + 1, id]);
  const rowOf = async () =>
    (await run('select * from sys_environment_database where environment_id = $1', [id]))[0] as Record<string, unknown>;
  const before = await rowOf();

  const accepted = await service.environments.suspend(id);
  // Others are worked on meanwhile, by both.
  await all(4, (index) =>
    (planes[index % 2] ?? planes[0]).service.provisionEnvironment(environmentRequest(organizationId, `other-${index}`)),
  );
  for (const { worker } of planes) await worker.settle();
  expect(await rowOf()).toMatchObject({
    ...{ phase: 'ready', desired_state: 'suspended', later: 'set', reconciler_version: RECONCILER_VERSION + 1 },
    ...{ fence_epoch: before['fence_epoch'], attempts: before['attempts'], lease_owner: null },
  });
  await expect(service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });

  // What the next release does is done here, as if it were that.
  await run(newer, [RECONCILER_VERSION, id]);
  for (const { worker } of planes) worker.wake();
  await finish(service, Promise.resolve(accepted));
  expect(await rowOf()).toMatchObject({ phase: 'suspended', later: 'set' });
  expect(await violations(world, planes[1])).toEqual([]);
});
