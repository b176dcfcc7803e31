import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import {
  BEYOND_LEASE_MS,
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

/** An oracle that finds nothing proves nothing: everything it is there to find is done here on purpose. */
describe('the oracle', () => {
  let world: World;
  let controlPlane: ControlPlane;
  let file: string;

  beforeEach(async () => {
    world = await openWorld('sqlite');
    controlPlane = await world.open();
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { environment } = await service.provisionEnvironment(
      environmentRequest(defaultEnvironment.environment.organizationId),
    );
    await finish(service, service.environments.purge(environment.id, { confirm: 'dev' }));
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    const [database] = (await readRows(world)).databases;
    file = join(world.directory, 'data', database?.organization_scope ?? '', `${database?.database_name}.db`);
  });
  afterEach(() => world.close());

  async function execute(statement: string): Promise<void> {
    const { main } = await world.inspect();
    await main.write(async (_query, _nowMs, run) => run(statement, []));
  }

  it('sees an orphan, a double, a left-over and a missing database', async () => {
    writeFileSync(join(dirname(file), `${'a'.repeat(35)}.db`), '');
    mkdirSync(join(dirname(file), '.trash'));
    writeFileSync(join(dirname(file), '.trash', file.split('/').at(-1) ?? ''), '');
    writeFileSync(`${file}-journal`, '');
    expect(await violations(world, controlPlane)).toMatchObject([
      expect.stringMatching(/^orphan: archived /),
      `orphan: live ${'a'.repeat(35)}`,
      expect.stringMatching(/^orphan: stray .*-journal$/),
    ]);
    rmSync(file);
    expect(await violations(world, controlPlane)).toContainEqual(expect.stringMatching(/^missing: live /));
  });

  it('sees a database that does not let its tenant in', async () => {
    appendFileSync(file, 'x');
    writeFileSync(file, 'not a database');
    expect(await violations(world, controlPlane)).toEqual([expect.stringMatching(/^no login: /)]);
  });

  it.each([
    ["update sys_environment set status = 'archived'", 'status archived of ready/active'],
    ["update sys_environment_database set phase = 'verifying'", 'not at rest: verifying while active is wished'],
    ["update sys_environment_database set phase = 'failed'", 'stuck without a reason: failed'],
    ["update sys_environment_database set lease_owner = 'x'", 'a lease is held by nobody'],
    ["update sys_database_credential set state = 'staged'", 'credentials are full_access staged'],
    ['delete from sys_database_credential', 'credentials are none'],
    ["update sys_operation set status = 'running'", 'environment.purge still runs'],
    ["update sys_operation set status = 'failed'", 'environment.purge failed without a reason'],
    ['delete from sys_external_name', 'a name was forgotten'],
    ['update sys_tombstone set key_erased_at = null', 'the erasure of the data key is not recorded'],
    ['delete from sys_environment_member', '0 owners'],
    ['update sys_environment set is_default = 0', '0 default environments'],
    ["update sys_audit_event set reason = 'x' where seq = 2", 'the audit chain is broken at 2'],
  ])('sees the effect of: %s', async (statement, violation) => {
    await execute(statement);
    expect(await violations(world, controlPlane)).toContain(violation);
  });

  it('sees a data key that is gone too early, and one that is there too long', async () => {
    const { keys } = await world.inspect();
    const [tombstone] = (await readRows(world)).tombstones;
    const [database] = (await readRows(world)).databases;
    await keys.write(async (_query, _nowMs, run) =>
      run('update sys_environment_key set environment_id = ? where environment_id = ?', [
        tombstone?.environment_id,
        database?.environment_id,
      ]),
    );
    expect(await violations(world, controlPlane)).toEqual([
      'the data key is missing',
      'the data key outlives its environment',
    ]);
  });
});

describe('rel G4 a create that arrives after the purge', () => {
  let world: World<MemoryDriver>;

  afterEach(() => world.close());

  /** A worker stalls before it creates; meanwhile the environment is purged; then its call goes through. */
  async function lateCreate(fencing: boolean, isWished = false): Promise<string[]> {
    world = await openWorld('sqlite', 'memory');
    world.driver.provider.fencing = fencing;
    const hold = holdAt('me.create');
    const stalled = await world.open({ effect: hold.effect });
    const { defaultEnvironment } = await stalled.service.provisionOrganization(organizationRequest());
    hold.arm();
    const { targetId } = await stalled.service.environments.provision(
      environmentRequest(defaultEnvironment.environment.organizationId),
    );
    await hold.reached;
    const purge = (by: EnvironmentProvisioningService) => by.environments.purge(targetId, { confirm: 'dev' });
    // Wished while nothing was there yet, so that whoever takes over finds nothing to remove; otherwise it creates first.
    if (isWished) await purge(stalled.service);
    world.clock.advance(BEYOND_LEASE_MS);
    const { service, ...successor } = await world.open();
    if (isWished) await successor.worker.settle();
    else await finish(service, purge(service));
    // The stalled process may have taken the purge up itself, beside what it stalls in.
    await expect.poll(async () => (await readRows(world)).tombstones.length).toBe(1);
    await hold.release();
    await stalled.close();
    // The key is erased behind the end of the operation (D8).
    await successor.worker.settle();
    return violations(world, { ...successor, service });
  }

  it('F3 is refused where the provider fences: nothing is left', async () => {
    expect(await lateCreate(true)).toEqual([]);
  });

  it('F3 is refused also when the purge found nothing to remove', async () => {
    expect(await lateCreate(true, true)).toEqual([]);
  });

  it('leaves an orphan where it does not, and the oracle sees it', async () => {
    expect(await lateCreate(false)).toEqual([expect.stringMatching(/^orphan: unfit /)]);
  });
});
