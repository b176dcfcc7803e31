import { randomUUID } from 'node:crypto';
import { isSafeText } from '@envplane/spec';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentRow, OutboxEventRow } from '../src/objects/index.ts';
import type { StoreEngine } from '../src/store/engine.ts';
import { createReads, type Position } from '../src/store/reads.ts';
import type { ControlPlaneTables } from '../src/store/tables.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { openWorld, organizationRequest, settle, type World } from './world/world.ts';

/** What the schemas let through: no U+0000 and no lone surrogate, which neither store keeps as it is. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter(isSafeText);
const json = fc.jsonValue({ maxDepth: 3 }).filter((value) => isSafeText(JSON.stringify(value)));
const record = fc.dictionary(text, json, { maxKeys: 5 });
const instant = fc.integer({ min: 0, max: 8_000_000_000_000 });
const integer = fc.maxSafeInteger();

describe.each(STORES)('rows on %s', (store) => {
  let world: World;
  let main: StoreEngine<ControlPlaneTables>;

  beforeAll(async () => {
    world = await openWorld(store);
    ({ main } = await world.inspect());
  });
  afterAll(() => world.close());

  /** Writes and reads by each of the ways the store has. */
  async function roundTrip(row: OutboxEventRow): Promise<unknown[]> {
    await transact(main, (tx) =>
      tx.insert('sys_outbox_event', { ...row, payload: {}, attempts: 0, delivered_at: null }),
    );
    const { payload, attempts, delivered_at } = row;
    await transact(main, (tx) => tx.update('sys_outbox_event', { payload, attempts, delivered_at }, { id: row.id }));
    const selected = await main.select<OutboxEventRow>(`select * from sys_outbox_event where id = '${row.id}'`, []);
    return [
      await transact(main, (tx) => tx.find('sys_outbox_event', { id: row.id })),
      await main.read.selectFrom('sys_outbox_event').selectAll().where('id', '=', row.id).executeTakeFirst(),
      selected.rows[0],
    ];
  }

  it('text, integers, instants and JSON come back as they were, by every way of writing and reading', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        integer,
        instant,
        fc.option(instant),
        record,
        record,
        async (type, attempts, ms, delivered, actor, payload) => {
          const id = randomUUID();
          const row = {
            id,
            organization_id: type,
            environment_id: null,
            type,
            occurred_at: ms,
            actor,
            payload,
            attempts,
            seq: null,
          };
          const expected = JSON.parse(JSON.stringify({ ...row, delivered_at: delivered }));
          for (const found of await roundTrip({ ...row, delivered_at: delivered })) expect(found).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('JSON is not taken for something else: text that looks like it, numbers that look like booleans', async () => {
    const values = [
      '',
      'text',
      '"quoted"',
      '[]',
      '{}',
      'null',
      '0',
      0,
      1,
      true,
      false,
      [],
      [1, ['x']],
      { a: { b: null } },
    ];
    for (const value of values) {
      const row = {
        id: randomUUID(),
        organization_id: 'o',
        environment_id: null,
        type: 't',
        occurred_at: 1,
        attempts: 0,
        seq: 1,
      };
      const payload = { value, list: [value] };
      for (const found of await roundTrip({ ...row, actor: {}, payload, delivered_at: null })) {
        expect(found).toMatchObject({ payload });
      }
      const whole = value as unknown as OutboxEventRow['payload'];
      for (const found of await roundTrip({
        ...row,
        id: randomUUID(),
        actor: {},
        payload: whole,
        delivered_at: null,
      })) {
        expect(found, JSON.stringify(value)).toMatchObject({ payload: value });
      }
    }
  });

  it('booleans are booleans, both ways', async () => {
    const { environment } = await anEnvironment();
    for (const deletion_protection of [true, false, true]) {
      await transact(main, (tx) => tx.update('sys_environment', { deletion_protection }, { id: environment.id }));
      const found = await transact(main, (tx) =>
        tx.find('sys_environment', { id: environment.id, deletion_protection }),
      );
      expect(found?.deletion_protection).toBe(deletion_protection);
    }
  });

  it.each([2 ** 53, -(2 ** 60), 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'an integer that is none, %d, is refused and never rounded',
    async (value) => {
      const row: OutboxEventRow = {
        id: randomUUID(),
        organization_id: 'o',
        environment_id: null,
        type: 't',
        occurred_at: 1,
        actor: {},
        payload: {},
        attempts: value,
        seq: null,
        delivered_at: null,
      };
      await expect(transact(main, (tx) => tx.insert('sys_outbox_event', row))).rejects.toThrow();
      await expect(
        transact(main, (tx) => tx.insert('sys_outbox_event', { ...row, attempts: 0, occurred_at: value })),
      ).rejects.toThrow();
      expect(await transact(main, (tx) => tx.find('sys_outbox_event', { id: row.id }))).toBeUndefined();
    },
  );

  it('rows sort by their bytes, the same on both stores', async () => {
    const names = ['B', 'a', 'Z', '_', '-', 'z', 'ä', '1'];
    for (const chain of names) {
      await transact(main, (tx) => tx.insert('sys_audit_head', { chain: `sort-${chain}`, seq: 0, hash: '' }));
    }
    const { rows } = await main.select<{ chain: string }>(
      "select chain from sys_audit_head where chain like 'sort-%' order by chain",
      [],
    );
    expect(rows.map(({ chain }) => chain.slice('sort-'.length))).toEqual(['-', '1', 'B', 'Z', '_', 'a', 'z', 'ä']);
  });

  describe('the rules that matter are constraints', () => {
    it.each([
      [
        'one slug in an organization',
        'slug_taken',
        (row: EnvironmentRow) => ({ ...row, is_default: false, hostname: null }),
      ],
      [
        'one default in an organization',
        'default_taken',
        (row: EnvironmentRow) => ({ ...row, slug: 'other', hostname: null }),
      ],
      [
        'one environment for a hostname',
        'hostname_taken',
        (row: EnvironmentRow) => ({ ...row, slug: 'other', is_default: false }),
      ],
    ] as const)('sec S32 %s', async (_rule, code, variant) => {
      const { environment } = await anEnvironment();
      const hostname = `${environment.id}.example.com`;
      await transact(main, (tx) => tx.update('sys_environment', { hostname }, { id: environment.id }));
      const copy = { ...variant({ ...environment, hostname }), id: randomUUID() };
      await expect(transact(main, (tx) => tx.insert('sys_environment', copy))).rejects.toMatchObject({ code });
    });

    it('sec S32 one organization for a slug', async () => {
      const { organization } = await anEnvironment();
      const copy = { ...organization, id: randomUUID() };
      await expect(transact(main, (tx) => tx.insert('sys_organization', copy))).rejects.toMatchObject({
        code: 'slug_taken',
      });
    });

    it('I6 one database for an environment, one name, one ordinal', async () => {
      const { database } = await anEnvironment();
      const other = { id: randomUUID(), environment_id: null, database_name: 'another', placement_ordinal: 9 };
      const insert = (fields: Partial<typeof database>) =>
        transact(main, (tx) => tx.insert('sys_environment_database', { ...database, ...other, ...fields }));
      const { environment_id, database_name, placement_ordinal } = database;
      await expect(insert({ environment_id })).rejects.toThrow(/environment_database_environment_id_key/);
      await expect(insert({ database_name })).rejects.toThrow(/database_name_key/);
      await expect(insert({ placement_ordinal })).rejects.toThrow(
        /environment_database_bound_environment_id_placement_ordinal_key/,
      );
    });

    it('I6 one active and one staged credential for a database and authorization, one of each version', async () => {
      const { credential } = await anEnvironment();
      const insert = (fields: Partial<typeof credential>) =>
        transact(main, (tx) =>
          tx.insert('sys_database_credential', { ...credential, id: randomUUID(), version: 2, ...fields }),
        );
      await expect(insert({ state: 'active' })).rejects.toThrow(/unique index database_credential_/);
      await insert({ state: 'staged' });
      await expect(insert({ state: 'staged', version: 3 })).rejects.toThrow(/unique index database_credential_/);
      await expect(insert({ state: 'revoked', version: 2 })).rejects.toThrow(/unique index database_credential_/);
      await insert({ state: 'active', authorization: 'read_only', version: 1 });
    });

    it('I10 a physical name is issued once, ever', async () => {
      const { database } = await anEnvironment();
      const name = { database_name: database.database_name, environment_database_id: 'another', created_at: 1 };
      await expect(transact(main, (tx) => tx.insert('sys_external_name', name))).rejects.toThrow();
    });

    it('a row whose owner does not exist is refused', async () => {
      const { environment } = await anEnvironment();
      const orphan = { ...environment, id: randomUUID(), slug: 'o', is_default: false, organization_id: 'nobody' };
      await expect(transact(main, (tx) => tx.insert('sys_environment', orphan))).rejects.toThrow();
    });

    it('the text of the database itself, with its values, reaches nobody', async () => {
      const { database } = await anEnvironment();
      const name = { database_name: database.database_name, environment_database_id: 'x', created_at: 1 };
      const error = await transact(main, (tx) => tx.insert('sys_external_name', name)).catch(
        (reason: unknown) => reason,
      );
      expect(String(error)).not.toContain(database.database_name);
    });
  });

  it('a list goes on where it was, whatever is inserted meanwhile', async () => {
    const reads = createReads(main);
    const page = (position: Position | null) => reads.organizations(3, position, null);
    const { organization } = await anEnvironment();
    const organizationAt = (id: string, created_at: number) =>
      transact(main, (tx) => tx.insert('sys_organization', { ...organization, id, slug: id, created_at }));
    for (const id of ['l-c', 'l-a', 'l-b', 'l-d', 'l-e']) await organizationAt(id, 5_000_000_000_000);
    const first = await page({ createdAtMs: 4_999_999_999_999, id: '' });
    expect(first.rows.map(({ id }) => id)).toEqual(['l-a', 'l-b', 'l-c']);
    await organizationAt('l-0', 5_000_000_000_000);
    await organizationAt('l-cc', 5_000_000_000_000);
    await organizationAt('l-z', 5_000_000_000_001);
    const second = await page(first.next);
    expect(second.rows.map(({ id }) => id)).toEqual(['l-cc', 'l-d', 'l-e']);
    const last = await page(second.next);
    expect([last.rows.map(({ id }) => id), last.next]).toEqual([['l-z'], null]);
  });

  let environments = 0;

  /** A fresh environment with the rows that belong to it. */
  async function anEnvironment() {
    environments += 1;
    const controlPlane = await world.open();
    const slug = `rows-${environments}`;
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest(slug));
    await settle(world, controlPlane);
    await controlPlane.close();
    const { id, organizationId } = defaultEnvironment.environment;
    return transact(main, async (tx) => {
      const environment = await tx.find('sys_environment', { id });
      const organization = await tx.find('sys_organization', { id: organizationId });
      const database = await tx.find('sys_environment_database', { environment_id: id });
      const credential =
        database && (await tx.find('sys_database_credential', { environment_database_id: database.id }));
      if (!environment || !organization || !database || !credential) throw new Error('rows are missing');
      return { environment, organization, database, credential };
    });
  }
});
