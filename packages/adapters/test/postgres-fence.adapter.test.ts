import type { AdapterContext, AdapterCredential, CallerSetCredentials, DatabaseTarget, Secret } from '@envplane/spec';
import {
  adapterContext,
  newTarget,
  objectsOf,
  type Provisioned,
  provision,
  readNotes,
  startTcpProxy,
  writeNotes,
} from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { postgresEffects } from '../src/databases/postgres/index.ts';
import { placementAt, postgresHarness, queryAs, urlAs, verifiersOf } from './postgres-harness.ts';

const adminUrl = inject('postgresAdminUrl');
const harness = postgresHarness(adminUrl, { installationId: 'tst567' });
const { adapter } = harness;
const { copy, suspend } = adapter;
if (copy === undefined || suspend === undefined) throw new Error('the driver copies and suspends');
const credentials = adapter.credentials as CallerSetCredentials;

beforeAll(() => adapter.checkPlacement(harness.placement).then(() => undefined));
afterAll(() => harness.close());

const create = (target: DatabaseTarget, context: AdapterContext = adapterContext()) =>
  adapter.createDatabase(target, { mustExist: false }, context);
const at = (epoch: number) => adapterContext({ fence: { epoch: epoch - 1 } });
const undecided = { name: 'AdapterError', definitive: false };
const tenantUrl = ({ target, credential }: Provisioned, login = 'a') =>
  urlAs(adminUrl, `${target.databaseName}_${login}`, credential?.secret.reveal() ?? '', target.databaseName);

describe('fence', () => {
  it('I3 a claim that was overtaken does nothing, whatever it calls', async () => {
    const one = await provision(harness);
    const fresh = newTarget(harness);
    await create(one.target, at(5));
    await adapter.deleteDatabase(fresh, at(5));
    const credential = one.credential as AdapterCredential;
    const before = [await harness.listObjects(), await verifiersOf(harness, one.target)];
    const late: ((context: AdapterContext) => Promise<unknown>)[] = [
      (context) => create(fresh, context),
      (context) => create(one.target, context),
      (context) => adapter.deleteDatabase(one.target, context),
      (context) => suspend.suspendDatabase(one.target, context),
      (context) => suspend.resumeDatabase(one.target, context),
      (context) => copy.copyDatabase(one.target, fresh, { schemaOnly: false }, context),
      (context) => credentials.applyCredentials(one.target, [{ ...credential, version: 9 }], context),
    ];
    for (const call of late)
      await expect(call(at(4))).rejects.toMatchObject({ ...undecided, code: 'outcome_unknown', isStale: true });
    const own = (objects: string[]) => objects.filter((object) => object.includes('eptst567'));
    expect([own(await harness.listObjects()), await verifiersOf(harness, one.target)]).toEqual([
      own(before[0] as string[]),
      before[1],
    ]);
  });

  it('I7 a create whose client has died is waited for by the delete, which drops what it made', async () => {
    const target = newTarget(harness);
    // The network stops for the creator as soon as its CREATE DATABASE is out, and the server takes its time with it.
    const { hostname, port } = new URL(adminUrl);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    onTestFinished(() => proxy.close());
    const slow = postgres(adminUrl, { max: 1 });
    onTestFinished(() => slow.end());
    await slow.unsafe("BEGIN; COMMENT ON DATABASE template0 IS 'locked'").simple();
    const placement = placementAt(adminUrl.replace(/:\d+\//, `:${proxy.port}/`));
    proxy.inject({ kind: 'client-gone' }, 'CREATE DATABASE');
    const dead = create({ ...target, placement }, at(1));
    dead.catch(() => undefined);
    await expect(dead).rejects.toMatchObject(undecided);
    const deleting = adapter.deleteDatabase(target, at(2));
    deleting.catch(() => undefined);
    await expect.poll(() => waitingFor(target)).toHaveLength(1);
    await slow.unsafe('ROLLBACK');
    await expect.poll(() => objectsOf(harness, target)).toContain(target.databaseName);
    expect(await waitingFor(target)).toHaveLength(1);
    proxy.close();
    await deleting;
    expect(await objectsOf(harness, target)).toEqual([]);
    await expect(create(target, at(1))).rejects.toMatchObject({ code: 'outcome_unknown', isStale: true });
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('a call that is aborted while it waits for the lock leaves no session behind', async () => {
    const { target } = await provision(harness);
    const holder = postgres(adminUrl, { max: 1, database: 'envplane_fence' });
    onTestFinished(() => holder.end());
    await holder`SELECT pg_advisory_lock(hashtextextended(${target.databaseName}, 0))`;
    const abort = new AbortController();
    const waiting = () => waitingFor(target);
    const deleting = adapter.deleteDatabase(target, adapterContext({ signal: abort.signal }));
    deleting.catch(() => undefined);
    await expect.poll(waiting).toHaveLength(1);
    abort.abort();
    await expect(deleting).rejects.toMatchObject(undecided);
    await expect.poll(waiting, { timeout: 10_000 }).toEqual([]);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
  });
});

describe('half-made and half-removed', () => {
  it('sec S12 at no boundary of a create or a copy can another tenant enter', async () => {
    const other = await provision(harness);
    const source = await provision(harness);
    await writeNotes(harness, source, 'x');
    let tries = 0;
    for (const call of [
      create,
      (target: DatabaseTarget, context: AdapterContext) =>
        copy.copyDatabase(source.target, target, { schemaOnly: false }, context),
    ]) {
      const target = newTarget(harness);
      const context = adapterContext({
        onBoundary: async () => {
          for (const tenant of [other, source]) {
            const url = tenantUrl(tenant).replace(/\/[^/]*$/, `/${target.databaseName}`);
            // 3D000: not there yet. 55000: not accepting connections. 42501: not for this login.
            await expect(queryAs(url, 'SELECT 1')).rejects.toMatchObject({
              code: expect.stringMatching(/3D000|55000|42501/),
            });
            tries++;
          }
        },
      });
      await call(target, context);
    }
    expect(tries).toBeGreaterThan(15);
  });

  it('I7 roles that are left by an interrupted create or delete are ours and are removed', async () => {
    const target = newTarget(harness);
    await expect(create(target, adapterContext({ fault: { at: 2, action: 'crash-before' } }))).rejects.toThrow();
    expect(await objectsOf(harness, target)).toHaveLength(2);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);

    const { target: second } = await provision(harness);
    const dying = adapterContext({ fault: { at: 3, action: 'crash-before' } });
    await expect(adapter.deleteDatabase(second, dying)).rejects.toThrow();
    expect(dying.boundaries.at(-1)).toBe('pg.drop-roles');
    expect(await adapter.findDatabase(second, adapterContext())).toMatchObject({ kind: 'ours' });
    await adapter.deleteDatabase(second, adapterContext());
    expect(await objectsOf(harness, second)).toEqual([]);
  });

  it('I5 a database that somebody dropped is absent, although its roles are there', async () => {
    const { target } = await provision(harness);
    await harness.query(`DROP DATABASE ${target.databaseName}`);
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
    await expect(adapter.createDatabase(target, { mustExist: true }, adapterContext())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('a database whose drop the server did not finish is only ever dropped', async () => {
    const { target } = await provision(harness);
    const breakIt = () =>
      harness.query(`UPDATE pg_database SET datconnlimit = -2 WHERE datname = '${target.databaseName}'`);
    await breakIt();
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    for (const call of [
      () => adapter.createDatabase(target, { mustExist: true }, adapterContext()),
      () => suspend.suspendDatabase(target, adapterContext()),
      () => copy.copyDatabase(target, newTarget(harness), { schemaOnly: false }, adapterContext()),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'unavailable' });
    }
    await create(target);
    await breakIt();
    const deleting = adapter.deleteDatabase(target, adapterContext());
    await deleting;
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('I10 a role of somebody else under our name is foreign and stays', async () => {
    const target = newTarget(harness);
    await harness.query(`CREATE ROLE ${target.databaseName}_o`);
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
    await expect(create(target)).rejects.toMatchObject({ code: 'conflict' });
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
    expect(await objectsOf(harness, target)).toEqual([`role ${target.databaseName}_o f f`]);
  });

  it('an unfinished copy is neither served nor hardened, and its source keeps its roles until it is done', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'copied');
    const target = newTarget(harness);
    const copying = (context: AdapterContext) =>
      copy.copyDatabase(source.target, target, { schemaOnly: false }, context);
    const dying = adapterContext({
      onBoundary: (name) => {
        if (name === 'pg.move-roles') throw new Error('no further');
      },
    });
    await expect(copying(dying)).rejects.toThrow('no further');
    await expect(create(target)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readNotes(harness, source)).toEqual(['copied']);
    await expect(adapter.deleteDatabase(source.target, adapterContext())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await adapter.deleteDatabase(target, adapterContext());
    await adapter.deleteDatabase(source.target, adapterContext());
    for (const gone of [source.target, target]) expect(await objectsOf(harness, gone)).toEqual([]);
  });
});

it('rel G1 every registered boundary is reached', async () => {
  const contexts: ReturnType<typeof adapterContext>[] = [];
  const context = () => {
    const next = adapterContext();
    contexts.push(next);
    return next;
  };
  const source = await provision(harness, newTarget(harness), context());
  const target = newTarget(harness);
  await copy.copyDatabase(source.target, target, { schemaOnly: false }, context());
  await suspend.suspendDatabase(target, context());
  await suspend.resumeDatabase(target, context());
  await adapter.stats?.measureDatabase(target, null, context());
  const listed = adapter.inventory?.listDatabases(harness.placement, harness.installationId, context());
  for await (const object of listed ?? []) expect(object.externalUid).toMatch(/^\d+$/);
  await credentials
    .verifyRefused(source.target, source.credential as AdapterCredential, context())
    .catch(() => undefined);
  await adapter.deleteDatabase(target, context());
  // A role of its own: the superuser's password and sessions belong to everybody who works on this server.
  await harness.query("CREATE ROLE eptst567_administrator LOGIN SUPERUSER PASSWORD 'an administrator password'");
  const placement = placementAt(urlAs(adminUrl, 'eptst567_administrator', 'an administrator password'));
  const { administrator } = adapter;
  const next = administrator?.generateSecret() as Secret;
  await administrator?.setAdministrator(placement, next, context());
  const renewed = { ...placement, administrator: next };
  await administrator?.endAdministratorSessions(renewed, context());
  expect(await administrator?.isAdministratorAccepted(placement, context())).toBe(false);
  expect(await administrator?.isAdministratorAccepted(renewed, context())).toBe(true);
  const reached = new Set(contexts.flatMap(({ boundaries }) => boundaries));
  expect([...reached].sort()).toEqual(Object.keys(postgresEffects).sort());
});

/** The sessions that wait for the lock of a database. */
function waitingFor({ databaseName }: DatabaseTarget) {
  return harness.query(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('${databaseName}', 0)`);
}
