import { cpSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareRestored } from '../src/inventory/declare-restored.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { type DriverServer, sqliteDriver } from './world/drivers.ts';
import { startLibsqlServer } from './world/libsql-driver.ts';
import { violations } from './world/oracle.ts';
import { startPostgresServer } from './world/postgres-driver.ts';
import { temporaryDirectory } from './world/stores.ts';
import { startTursoCloud } from './world/turso-driver.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  openWorld,
  organizationRequest,
  readNotes,
  settle,
  type World,
  writeNote,
} from './world/world.ts';

const SERVERS: Record<string, () => Promise<DriverServer>> = {
  sqlite: async () => {
    const root = temporaryDirectory();
    return { driver: sqliteDriver(root), stop: async () => rmSync(root, { recursive: true }) };
  },
  postgres: startPostgresServer,
  turso: startTursoCloud,
  libsql: startLibsqlServer,
};

/** Databases. The fence of one that is not known by the rows yet is looked at in the end. */
const namesOf = (survey: readonly string[]) =>
  survey
    .filter((line) => !line.startsWith('stray fence of '))
    .map((line) => line.split(' ')[1])
    .sort();

/** A backup of the store, taken while nothing works on it. */
function backup(world: World) {
  const directory = dirname(world.store.url.slice('file:'.length));
  const kept = `${directory}.backup`;
  const copy = async (from: string, to: string) => {
    await world.store.close();
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
  };
  return { take: () => copy(directory, kept), restore: () => copy(kept, directory) };
}

describe.each(Object.entries(SERVERS))('%s', (name, start) => {
  let server: DriverServer;
  let world: World;
  beforeAll(async () => {
    server = await start();
    world = await openWorld('sqlite', server.driver);
  });
  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  it('G20, cap DR4 an older store beside a newer world deletes nothing, finds what is newer, and every environment connects', async () => {
    const lists = server.driver.adapter().inventory !== undefined;
    const rotates = server.driver.adapter().credentials.kind !== 'none';
    let controlPlane: ControlPlane = await world.open();
    const make = async (slug: string) => {
      const { environment } = await controlPlane.service.provisionEnvironment(environmentRequest(organizationId, slug));
      await writeNote(world, environment.id);
      return environment.id;
    };
    const first = await controlPlane.service.provisionOrganization(organizationRequest(name));
    const { organizationId } = first.defaultEnvironment.environment;
    const [rotated, brought] = [await make('rotated'), await make('brought')];
    await finish(controlPlane.service, controlPlane.service.environments.archive(brought));
    await settle(world, controlPlane);
    await controlPlane.close();
    const credentialOf = async (environmentId: string) =>
      (
        await (
          await world.inspect()
        ).main.select<{ id: string }>(
          `select c.id from sys_database_credential c join sys_environment_database d on d.id = c.environment_database_id
       where d.environment_id = ? and c.authorization = 'full_access' and c.state = 'active'`,
          [environmentId],
        )
      ).rows[0]?.id;
    const kept = await credentialOf(rotated);
    const store = backup(world);
    await store.take();

    // The hour that the backup does not know.
    controlPlane = await world.open();
    await finish(controlPlane.service, controlPlane.service.environments.restore(brought));
    const newer = await make('newer');
    if (rotates) {
      await finish(controlPlane.service, controlPlane.service.credentials.rotate(rotated, { graceSeconds: 0 }));
    }
    // Claims that the backup does not know either, where a server remembers them.
    for (const id of name === 'postgres' ? [newer, rotated, newer, rotated, newer, rotated] : []) {
      await finish(controlPlane.service, controlPlane.service.environments.suspend(id));
      await finish(controlPlane.service, controlPlane.service.environments.resume(id));
    }
    await settle(world, controlPlane);
    const { rows } = await (await world.inspect()).main.select<{ database_name: string }>(
      'select database_name from sys_environment_database where environment_id = ?',
      [newer],
    );
    const newerName = rows[0]?.database_name ?? '';
    await controlPlane.close();
    const before = await world.survey();
    await store.restore();
    // What was archived when the backup was taken would be purged by now.
    world.clock.advance(8 * DAY_MS);

    expect(await declareRestored(world.store.url)).toBe(true);
    const warned: unknown[] = [];
    const quiet = () => undefined;
    const logger = { debug: quiet, info: quiet, error: quiet, warn: (fields: object) => warned.push(fields) };
    controlPlane = await world.open({ logger });
    const { service } = controlPlane;
    const found = await service.inventory.checkAfterRestore();
    expect(found).toMatchObject({ hold: 'restored', complete: true, missing: [], waiting: [] });
    expect(found.quarantined.map(({ databaseName }) => databaseName)).toEqual(lists ? [newerName] : []);
    expect({ reapplied: found.reapplied, rotated: found.rotated }).toEqual(
      rotates && name !== 'turso' ? { reapplied: 1, rotated: 1 } : { reapplied: 2, rotated: 0 },
    );
    await settle(world, controlPlane);
    expect(namesOf(await world.survey())).toEqual(namesOf(before));

    // A person decides: the one stays archived no longer, the other becomes an environment again.
    await finish(service, service.environments.restore(brought));
    if (lists) await expect(service.inventory.release()).rejects.toMatchObject({ code: 'invalid_state' });
    const adopted = await service.inventory.adopt(
      { placement: name, databaseName: newerName },
      { organizationId, slug: 'newer' },
    );
    expect(await service.operations.wait(adopted.operationId ?? '', 30_000)).toMatchObject({ status: 'succeeded' });
    await settle(world, controlPlane);
    expect(await service.inventory.release()).toMatchObject({ hold: null, quarantined: [] });
    const { items } = await service.auditEvents.list({ organizationId }, { limit: 200 });
    expect(items.map(({ action }) => action)).toContain('database.adopt');
    for (const id of [first.defaultEnvironment.environment.id, rotated, brought, adopted.targetId]) {
      const wasMade = id === adopted.targetId ? newer : id;
      expect(await readNotes(world, id)).toEqual(id === first.defaultEnvironment.environment.id ? null : [wasMade]);
    }
    // What refuses what the store kept was given another; what does not was left as it is.
    const isAnother = (await credentialOf(rotated)) !== kept;
    expect(isAnother).toBe(found.rotated > 0);
    // Everything outranks what the servers have seen: nothing is refused first and then tried again.
    expect(warned.filter((fields) => JSON.stringify(fields).includes('reconcile.backoff'))).toEqual([]);
    expect(namesOf(await world.survey())).toEqual(namesOf(before));
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  // The only driver whose servers keep a fence.
  if (name === 'postgres')
    it('A0 F3 a server that has seen newer claims than the store stops what deletes, without anybody saying so', async () => {
      let controlPlane = await world.open();
      const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest('behind'));
      const { id } = defaultEnvironment.environment;
      await settle(world, controlPlane);
      await controlPlane.close();
      const store = backup(world);
      await store.take();
      controlPlane = await world.open();
      await finish(controlPlane.service, controlPlane.service.environments.suspend(id));
      await finish(controlPlane.service, controlPlane.service.environments.resume(id));
      await controlPlane.close();
      await store.restore();

      controlPlane = await world.open();
      const { service } = controlPlane;
      expect(await service.inventory.read()).toMatchObject({ hold: null });
      await service.environments.reapply(id);
      await controlPlane.worker.settle();
      expect(await service.inventory.read()).toMatchObject({ hold: 'fence_ahead' });
      await service.inventory.checkAfterRestore();
      await settle(world, controlPlane);
      expect(await service.inventory.release()).toMatchObject({ hold: null });
      expect(await readNotes(world, id)).toBeNull();
      await controlPlane.close();
    });
});
