import type { EnvironmentDatabaseRow } from '../../src/objects/index.ts';
import { readRows, violations } from '../world/oracle.ts';
import type { KnownEnvironment, Model } from './model.ts';
import type { Simulation } from './simulation.ts';

type Rows = Awaited<ReturnType<typeof readRows>>;

/** What holds at every moment, whatever is under way; one sentence for each promise that is broken. */
export async function brokenPromises(model: Model, simulation: Simulation): Promise<string[]> {
  const rows = await readRows(simulation.world);
  return [
    ...simulation.commits.broken,
    ...checkNames(simulation, rows),
    ...checkKnown(model, simulation, rows),
    ...model.environments.flatMap((environment) => checkNotes(environment, simulation, rows)),
    ...(await checkAccess(simulation, rows)),
  ];
}

/** What holds once nothing goes wrong any more and nothing is under way. */
export async function brokenAtRest(model: Model, simulation: Simulation): Promise<string[]> {
  const rows = await readRows(simulation.world);
  const { controlPlane } = await simulation.some();
  const [installation] = (
    await (
      await simulation.world.inspect()
    ).main.select<{ destructive_hold: unknown }>('select destructive_hold from sys_installation', [])
  ).rows;
  return [
    ...(await simulation.within(violations(simulation.world, controlPlane))),
    ...(await brokenPromises(model, simulation)),
    ...rows.databases
      .filter(({ phase }) => phase === 'conflict' || phase === 'lost')
      .map(({ phase }) => `${phase}, and nobody did anything to it`),
    ...rows.tombstones.filter(({ kind }) => kind !== 'purged').map(({ kind }) => `a tombstone that is ${kind}`),
    ...(installation?.destructive_hold ? ['a hold is set, and no store was restored'] : []),
    ...rows.environments
      .filter(({ id }) => model.environments.every((known) => known.id !== id))
      .map(({ slug }) => `double: nobody asked for ${slug} or was told of it`),
    ...model.environments.flatMap((known) => checkEnd(known, rows)),
  ];
}

/** I1, I6, I10: what exists was named before, and there is one of it. */
function checkNames({ driver }: Simulation, rows: Rows): string[] {
  const environmentOf = new Map([
    ...rows.databases.map((row) => [row.database_name, row.bound_environment_id] as const),
    ...rows.tombstones.map((row) => [row.database_name, row.environment_id] as const),
  ]);
  const names = [...driver.provider.databases.keys()];
  const environments = names.map((name) => environmentOf.get(name));
  return [
    ...environments.filter((id) => id === undefined).map(() => 'a database that no row explains'),
    ...(new Set(environments).size < environments.length ? ['two databases of one environment'] : []),
  ];
}

/** What was accepted is there, under one id, until its end was asked for. */
function checkKnown(model: Model, { time }: Simulation, rows: Rows): string[] {
  const issues: string[] = [];
  const ids = new Set(rows.environments.map(({ id }) => id));
  const slugs = new Map<string, string>();
  for (const environment of model.environments) {
    if (!ids.has(environment.id)) {
      if (!model.mayBeGone(environment, time.nowMs)) issues.push(`${environment.slug} is gone and nobody asked for it`);
      continue;
    }
    const key = `${environment.organizationId}/${environment.slug}`;
    if (slugs.has(key)) issues.push(`two environments are called ${environment.slug}`);
    slugs.set(key, environment.id);
  }
  return issues;
}

/** Nothing that was written and acknowledged is lost before the end of its environment begins. */
function checkNotes({ id, slug, notes }: KnownEnvironment, { driver }: Simulation, rows: Rows): string[] {
  const row = rows.databases.find(({ environment_id: of }) => of === id);
  if (!row || notes.length === 0 || row.phase === 'purging' || row.phase === 'settling') return [];
  const database = driver.provider.databases.get(row.database_name);
  if (!database) return [`the database of ${slug} is gone`];
  const written = database.data.prepare<unknown[], string>('SELECT text FROM note').pluck().all();
  return notes.filter((note) => !written.includes(note)).map((note) => `${note} in ${slug} is lost`);
}

/** I6, I7: who is said to be let in is let in, and who is said to be shut out is not. A provider without a fence promises less. */
async function checkAccess({ world, network }: Simulation, rows: Rows): Promise<string[]> {
  if (network.kind === 'open') return [];
  await world.remember();
  const issues: string[] = [];
  for (const row of rows.databases) {
    const expected = expectedAccess(row);
    if (expected === null) continue;
    const active = rows.credentials.filter(
      (credential) => credential.environment_database_id === row.id && credential.state === 'active',
    );
    if (expected && active.length !== 2) issues.push(`${active.length} credentials of a database that is ready`);
    for (const { id, authorization } of active) {
      const isIn = await world.remembered
        .get(id)
        ?.login()
        .then(async (handle) => {
          await handle.close();
          return true;
        })
        .catch(() => false);
      if (isIn !== expected) issues.push(`${row.phase}, and ${authorization} is ${isIn ? 'let in' : 'refused'}`);
    }
  }
  return issues;
}

/** Null: it is on its way from one to the other. */
function expectedAccess({ phase, desired_state: wish }: EnvironmentDatabaseRow): boolean | null {
  if (phase === 'ready' && wish === 'active') return true;
  return (phase === 'suspended' || phase === 'archived') && wish !== 'active' ? false : null;
}

/** What was asked to end has ended, and what was the default is it until then. */
function checkEnd({ id, slug, isEnded, isDefault }: KnownEnvironment, rows: Rows): string[] {
  const environment = rows.environments.find((row) => row.id === id);
  if (!environment) return [];
  return [
    ...(isEnded === 'yes' ? [`${slug} was purged and is still there`] : []),
    ...(isDefault && isEnded === 'no' && !environment.is_default ? [`${slug} is not the default any more`] : []),
  ];
}
