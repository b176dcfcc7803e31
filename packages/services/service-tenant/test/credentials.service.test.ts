import { ControlPlaneError, type Logger, type SecretEncryptor } from '@envplane/spec';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { Admission } from '../src/routing/gate.ts';
import { collectUnusedKeys } from '../src/store/housekeeping.ts';
import { createKeyStore } from '../src/store/key-store.ts';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  keyFileEncryptor,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

describe.each(STORES)('a credential that we choose, %s store', (store) => {
  let world: World<MemoryDriver>;

  beforeEach(async () => {
    world = await openWorld(store, 'memory');
  });
  afterEach(() => world.close());

  async function provision(controlPlane: ControlPlane): Promise<string> {
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
    return defaultEnvironment.environment.id;
  }

  /** Writes to a table behind the back of the control plane. */
  async function tamper(statement: ReturnType<typeof sql>): Promise<void> {
    const { main } = await world.inspect();
    await main.write(async (query) => statement.execute(query));
  }

  const secretOf = async (controlPlane: ControlPlane, environmentId: string) =>
    (await controlPlane.service.environments.describeConnection(environmentId, {})).secret?.reveal();

  it('I2 is sealed and committed before the provider hears of it, and what is committed is what is applied', async () => {
    const hold = holdAt('me.set');
    hold.arm();
    const controlPlane = await world.open({ effect: hold.effect });
    const accepted = await controlPlane.service.organizations.provision(organizationRequest());
    await hold.reached;
    const { credentials } = await readRows(world);
    expect(credentials.map(({ authorization }) => authorization).sort()).toEqual(['full_access', 'read_only']);
    for (const credential of credentials) expect(credential).toMatchObject({ state: 'staged', enc_format: 1 });
    expect([...world.driver.provider.databases.values()][0]?.verifiers.size).toBe(0);
    await hold.release();
    await finish(controlPlane.service, Promise.resolve(accepted));
    const sealed = (rows: typeof credentials) => rows.map(({ secret_ciphertext }) => secret_ciphertext).sort();
    const after = (await readRows(world)).credentials;
    expect(after.map(({ state }) => state)).toEqual(['active', 'active']);
    expect(sealed(after)).toEqual(sealed(credentials));
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('cap CR3 a connection hands out the secret that logs in as asked for, audited each time', async () => {
    const controlPlane = await world.open();
    const { service } = controlPlane;
    const environmentId = await provision(controlPlane);
    const connection = await service.environments.describeConnection(environmentId, {});
    expect(connection).toMatchObject({ driver: 'memory', user: 'tenant' });
    const { provider } = world.driver;
    expect(provider.login(connection.url.replace('memory:', ''), connection.secret)).toBeTruthy();
    const [{ organization_id: organizationId } = { organization_id: '' }] = (await readRows(world)).environments;
    const { items } = await service.auditEvents.list({ organizationId, action: 'connection.opened' }, { limit: 10 });
    expect(items).toMatchObject([{ environmentId, detail: { credentialId: connection.credentialId } }]);
    expect((await service.environments.get(environmentId)).database.lastAccessedAt).not.toBeNull();
    const reading = await service.environments.describeConnection(environmentId, { authorization: 'read_only' });
    expect(reading.credentialId).not.toBe(connection.credentialId);
    expect(provider.login(reading.url.replace('memory:', ''), reading.secret).authorization).toBe('read_only');
  });

  it('rel G13 the secret is in no table, no log line, no error and no answer but that one', async () => {
    const lines: unknown[] = [];
    const log = (...line: unknown[]) => void lines.push(line);
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const controlPlane = await world.open({ logger });
    const { service } = controlPlane;
    const environmentId = await provision(controlPlane);
    const canary = (await secretOf(controlPlane, environmentId)) ?? '';
    expect(canary).toMatch(/^canary-/);
    world.driver.provider.refusals.push('unavailable', 'quota_exceeded');
    await service.environments.suspend(environmentId);
    await settle(world, controlPlane);
    const answers = [
      await service.environments.get(environmentId),
      await service.operations.list({}, { limit: 100 }),
      await service.environments.resume(environmentId),
    ];
    await settle(world, controlPlane);
    const connection = await service.environments.describeConnection(environmentId, {});
    expect(lines.length).toBeGreaterThan(0);
    const { main, keys } = await world.inspect();
    const tables = await Promise.all([
      readRows(world),
      main.read.selectFrom('sys_audit_event').selectAll().execute(),
      main.read.selectFrom('sys_outbox_event').selectAll().execute(),
      main.read.selectFrom('sys_idempotency_key').selectAll().execute(),
      keys.read.selectFrom('sys_environment_key').selectAll().execute(),
    ]);
    expect(JSON.stringify([lines, answers, tables, connection])).not.toContain('canary-');
  });

  it('rel G14 a record that was changed, swapped with another row, or put back after a new version is refused', async () => {
    const controlPlane = await world.open();
    const { service } = controlPlane;
    const first = await provision(controlPlane);
    const [{ organization_id: organizationId } = { organization_id: '' }] = (await readRows(world)).environments;
    await service.provisionEnvironment(environmentRequest(organizationId));
    const [a, b] = (await readRows(world)).credentials;
    const refused = () => expect(service.environments.describeConnection(first, {})).rejects.toThrow(/sealed record/);
    const mine = (await readRows(world)).databases.find((row) => row.environment_id === first)?.id;
    const [own, other] = a?.environment_database_id === mine ? [a, b] : [b, a];

    const bytes = Buffer.from(own?.secret_ciphertext ?? '', 'base64');
    for (const index of [0, 40, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 0x80;
      await tamper(
        sql`update sys_database_credential set secret_ciphertext = ${changed.toString('base64')} where id = ${own?.id}`,
      );
      await refused();
    }
    await tamper(
      sql`update sys_database_credential set secret_ciphertext = ${other?.secret_ciphertext} where id = ${own?.id}`,
    );
    await refused();
    await tamper(
      sql`update sys_database_credential set secret_ciphertext = ${other?.secret_ciphertext}, encryption_key_id = ${other?.encryption_key_id} where id = ${own?.id}`,
    );
    await refused();
    await tamper(
      sql`update sys_database_credential set secret_ciphertext = ${own?.secret_ciphertext}, encryption_key_id = ${own?.encryption_key_id}, version = 2 where id = ${own?.id}`,
    );
    await refused();
    await tamper(sql`update sys_database_credential set version = 1 where id = ${own?.id}`);
    expect(await secretOf(controlPlane, first)).toMatch(/^canary-/);
  });

  it('rel G14 a data key that was moved to another environment does not open', async () => {
    const controlPlane = await world.open();
    const environmentId = await provision(controlPlane);
    const { keys } = await world.inspect();
    const rows = (await readRows(world)).keys;
    const [own, other] = [
      rows.find((row) => row.environment_id === environmentId),
      rows.find((row) => row.environment_id !== environmentId),
    ];
    await keys.write((query) =>
      sql`update sys_environment_key set wrapped_dek = ${other?.wrapped_dek} where id = ${own?.id}`.execute(query),
    );
    const restarted = await world.open();
    await expect(restarted.service.environments.describeConnection(environmentId, {})).rejects.toMatchObject({
      code: 'encryptor_unavailable',
    });
  });

  it('a purge destroys the data key: the sealed record of before cannot be opened any more', async () => {
    const controlPlane = await world.open();
    const environmentId = await provision(controlPlane);
    const before = await readRows(world);
    const keyId = before.databases[0]?.encryption_key_id;
    await finish(controlPlane.service, controlPlane.service.environments.purge(environmentId, { confirm: 'prod' }));
    await settle(world, controlPlane);
    const after = await readRows(world);
    expect(before.keys.map((row) => row.id)).toContain(keyId);
    expect(after.keys.map((row) => row.id)).not.toContain(keyId);
    expect(after.tombstones).toMatchObject([{ environment_id: environmentId, key_erased_at: world.clock.nowMs }]);
    expect(JSON.stringify(after.tombstones)).not.toContain(before.credentials[0]?.secret_ciphertext);
  });

  it('handles are shared, and closed when the environment is suspended, archived or purged', async () => {
    const controlPlane = await world.open();
    const { service } = controlPlane;
    const environmentId = await provision(controlPlane);
    const verbs = [
      () => service.environments.suspend(environmentId),
      () => service.environments.archive(environmentId),
      () => service.environments.purge(environmentId, { confirm: 'prod' }),
    ];
    const undo = [() => service.environments.resume(environmentId), () => service.environments.restore(environmentId)];
    for (const [index, verb] of verbs.entries()) {
      const verdict = await service.environments.authorizeConnection(environmentId);
      const handle = await service.environments.connect(verdict);
      expect(await service.environments.connect(verdict)).toBe(handle);
      await verb();
      await expect(service.environments.authorizeConnection(environmentId)).rejects.toMatchObject({
        code: 'environment_not_active',
      });
      await expect(service.environments.connect(verdict)).rejects.toMatchObject({ code: 'environment_not_active' });
      await settle(world, controlPlane);
      await expect(handle.query('SELECT 1')).rejects.toThrow('The connection is closed.');
      const back = undo[index];
      if (back) await finish(service, back());
    }
    await expect(service.environments.authorizeConnection(environmentId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a verdict that the gate did not make opens nothing', async () => {
    const controlPlane = await world.open();
    const { service } = controlPlane;
    const environmentId = await provision(controlPlane);
    const real = await service.environments.authorizeConnection(environmentId);
    const forged: Admission[] = [{ ...real }, structuredClone(real), Object.create(real)];
    for (const verdict of forged) {
      await expect(service.environments.connect(verdict)).rejects.toThrow(TypeError);
    }
    await service.environments.connect(real);
  });

  it('sec S1 for somebody who is a member of nothing there is nothing', async () => {
    const controlPlane = await world.open();
    const environmentId = await provision(controlPlane);
    const stranger = controlPlane.service.as({
      principal: { kind: 'user', id: 'u', issuer: 'idp', subject: 'u' },
      requestId: null,
      clientAddress: null,
    });
    const denied = { code: 'not_found', status: 404 };
    await expect(stranger.environments.get(environmentId)).rejects.toMatchObject(denied);
    await expect(stranger.connect(environmentId)).rejects.toMatchObject(denied);
    await expect(stranger.environments.describeConnection('no such id', {})).rejects.toMatchObject(denied);
    await expect(stranger.environments.purge(environmentId, { confirm: 'prod' })).rejects.toMatchObject(denied);
  });

  describe('without the key encryptor', () => {
    /** An encryptor that can be unreachable. */
    async function switchable() {
      const real = await keyFileEncryptor(world.directory, true);
      const state = { down: false };
      const check =
        <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
        async (...args: Arguments): Promise<Result> => {
          if (state.down) throw new ControlPlaneError('encryptor_unavailable', 'The key service does not answer.');
          return call(...args);
        };
      const encryptor: SecretEncryptor = {
        ...real,
        generateDek: check(real.generateDek),
        unwrapDek: check(real.unwrapDek),
        rewrapDek: check(real.rewrapDek),
        health: check(real.health),
      };
      return { state, encryptor: () => encryptor };
    }

    it('sec S23 nothing starts', async () => {
      const { state, encryptor } = await switchable();
      state.down = true;
      await expect(world.open({ encryptor })).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    });

    it('a create is refused with 503 and leaves no row; afterwards it works', async () => {
      const { state, encryptor } = await switchable();
      const controlPlane = await world.open({ encryptor });
      state.down = true;
      const before = await readRows(world);
      await expect(controlPlane.service.provisionOrganization(organizationRequest())).rejects.toMatchObject({
        code: 'encryptor_unavailable',
        status: 503,
      });
      expect(await readRows(world)).toEqual(before);
      expect(await controlPlane.health()).toMatchObject({ store: true, encryptor: false });
      state.down = false;
      await provision(controlPlane);
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('a pass that needs a key waits for it: nothing is half-written, and it ends by itself', async () => {
      const { state, encryptor } = await switchable();
      const first = await world.open({ encryptor });
      const environmentId = await provision(first);
      await finish(first.service, first.service.environments.suspend(environmentId));
      await first.close();
      const controlPlane = await world.open({ encryptor });
      state.down = true;
      await controlPlane.service.environments.resume(environmentId);
      await controlPlane.worker.settle();
      expect((await readRows(world)).databases).toMatchObject([{ phase: 'resuming', last_error_code: null }]);
      expect((await controlPlane.service.environments.get(environmentId)).status).toBe('suspended');
      state.down = false;
      world.clock.advance(2 * 60_000);
      await settle(world, controlPlane);
      expect((await controlPlane.service.environments.get(environmentId)).status).toBe('active');
      expect(await violations(world, controlPlane)).toEqual([]);
    });
  });

  it('a data key made ahead is never collected from under the environment that takes it', async () => {
    const controlPlane = await world.open();
    await provision(controlPlane);
    world.clock.advance(31 * DAY_MS);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * DAY_MS });
    const { main, keys } = await world.inspect();
    await collectUnusedKeys(main, createKeyStore({ ...keys, now: async () => world.clock.nowMs }));
    const [{ organization_id: organizationId } = { organization_id: '' }] = (await readRows(world)).environments;
    await controlPlane.service.provisionEnvironment(environmentRequest(organizationId));
    vi.useRealTimers();
    expect(await violations(world, controlPlane)).toEqual([]);
  });
});
