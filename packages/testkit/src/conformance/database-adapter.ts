import { inspect } from 'node:util';
import { AdapterError, type DatabaseTarget } from '@envplane/spec';
import { afterAll, describe, expect, it } from 'vitest';
import { adapterContext } from '../adapter-context.ts';
import { describeDatabaseFacets } from './database-facets.ts';
import { describeDatabaseFaults } from './database-faults.ts';
import {
  type DatabaseAdapterHarness,
  newTarget,
  objectsOf,
  provision,
  readNotes,
  shapeOf,
  withHandle,
  writeNotes,
} from './database-harness.ts';
import { describeIsolation } from './isolation.ts';

/** Names that our generator cannot have made and that must reach neither a path, nor a statement, nor a URL. */
export const HOSTILE_NAMES: readonly string[] = [
  '',
  '.',
  '..',
  '../../../../etc/passwd',
  '..%2f..%2fescape0123456789',
  'ep0000e/../../../escape0',
  'ep0000e\\..\\..\\escape000',
  'ep0000eabcdefghijklmnop/x',
  'ep0000eabcdefghijklmnop\0.db',
  'ep0000eabcdefghijklmnop\n',
  '/absolute/path/0123456789',
  'file:ep0000eabcdefghijklmno',
  'C:ep0000eabcdefghijklmnop',
  'EP0000EABCDEFGHIJKLMNOPQ',
  'ep0000e-abcdefghijklmnopq',
  'ep0000e"; DROP TABLE x; --',
  "ep0000e'; DROP TABLE x; --",
  'ep0000e\u0430bcdefghijklmnopq',
  'ep0000eab',
  `ep0000e${'a'.repeat(34)}`,
  'a'.repeat(4096),
];

/**
 * Declares the suite that every database adapter passes. Which cases run follows from the adapter's facets and from nothing else.
 * The harness is closed at the end.
 */
export function databaseAdapterConformance(harness: DatabaseAdapterHarness): void {
  describe(`${harness.adapter.driver}: database adapter conformance`, () => {
    afterAll(() => harness.close());

    describeLifecycle(harness);
    describeOwnership(harness);
    describeIsolation(harness);
    describeHygiene(harness);
    describeDatabaseFaults(harness);
    describeDatabaseFacets(harness);
  });
}

function describeLifecycle(harness: DatabaseAdapterHarness): void {
  describe('lifecycle', () => {
    it('the placement is fit, and is the same place when asked again', async () => {
      const { identity, clockSkewMs = 0 } = await harness.adapter.checkPlacement(harness.placement);
      expect(identity).not.toBe('');
      expect(Math.abs(clockSkewMs)).toBeLessThan(5_000);
      expect(await harness.adapter.checkPlacement(harness.placement)).toMatchObject({ identity });
    });

    it('is absent, then ours, then absent; nothing is left', async () => {
      const target = newTarget(harness);
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
      const { location } = await provision(harness, target);
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'ours', ...location });
      await harness.adapter.deleteDatabase(target, adapterContext());
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
      expect(await objectsOf(harness, target)).toEqual([]);
    });

    it('I4 creating again returns the same location and keeps the rows', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      for (const mustExist of [false, true]) {
        const again = await harness.adapter.createDatabase(database.target, { mustExist }, adapterContext());
        expect(again).toEqual(database.location);
      }
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });

    it('deleting what is gone succeeds', async () => {
      const { target } = await provision(harness);
      await harness.adapter.deleteDatabase(target, adapterContext());
      await harness.adapter.deleteDatabase(target, adapterContext());
      await harness.adapter.deleteDatabase(newTarget(harness), adapterContext());
      expect(await objectsOf(harness, target)).toEqual([]);
    });

    it('deleting one database leaves the other of the same organization', async () => {
      const gone = await provision(harness);
      const { organizationScope } = gone.target;
      const kept = await provision(harness, newTarget(harness, { organizationScope }));
      await writeNotes(harness, kept, 'kept');
      await harness.adapter.deleteDatabase(gone.target, adapterContext());
      expect(await readNotes(harness, kept)).toEqual(['kept']);
    });

    it('I6 ten concurrent creates of one name make one database', async () => {
      const target = newTarget(harness);
      const locations = await Promise.all(
        Array.from({ length: 10 }, () =>
          harness.adapter.createDatabase(target, { mustExist: false }, adapterContext()),
        ),
      );
      const observation = await harness.adapter.findDatabase(target, adapterContext());
      for (const location of locations) expect(observation).toEqual({ kind: 'ours', ...location });
      const single = newTarget(harness);
      await harness.adapter.createDatabase(single, { mustExist: false }, adapterContext());
      expect(await shapeOf(harness, target)).toEqual(await shapeOf(harness, single));
    });

    it('I6 a create and a delete at the same time end in one clean state', async () => {
      for (let round = 0; round < 20; round++) {
        const target = newTarget(harness);
        if (round % 2 === 0) await harness.adapter.createDatabase(target, { mustExist: false }, adapterContext());
        const outcomes = await Promise.allSettled([
          harness.adapter.createDatabase(target, { mustExist: false }, adapterContext()),
          harness.adapter.deleteDatabase(target, adapterContext()),
        ]);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ definitive: false });
        }
        const { kind } = await harness.adapter.findDatabase(target, adapterContext());
        expect(['absent', 'ours']).toContain(kind);
        await harness.adapter.deleteDatabase(target, adapterContext());
        expect(await objectsOf(harness, target)).toEqual([]);
      }
    });

    it('I5 with mustExist nothing is created', async () => {
      const target = newTarget(harness);
      const create = harness.adapter.createDatabase(target, { mustExist: true }, adapterContext());
      await expect(create).rejects.toSatisfy((error) => error instanceof AdapterError && !error.definitive);
      expect(await objectsOf(harness, target)).toEqual([]);
    });

    it('I8 an aborted call does nothing and settles nothing', async () => {
      const { adapter } = harness;
      const { target } = await provision(harness);
      const fresh = newTarget(harness);
      const aborted = () => adapterContext({ signal: AbortSignal.abort() });
      const undecided = (error: unknown) => error instanceof AdapterError && !error.definitive;
      await expect(adapter.createDatabase(fresh, { mustExist: false }, aborted())).rejects.toSatisfy(undecided);
      await expect(adapter.deleteDatabase(target, aborted())).rejects.toSatisfy(undecided);
      expect(await adapter.findDatabase(target, aborted())).toMatchObject({ kind: 'unknown' });
      expect(await objectsOf(harness, fresh)).toEqual([]);
      expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    });

    it('finds, hardens and verifies a database while a tenant is connected, and the tenant notices nothing', async () => {
      const { adapter } = harness;
      const { target, location, credential } = await provision(harness);
      await withHandle(harness, { target, location, credential }, async (handle) => {
        await handle.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)');
        expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'ours', ...location });
        expect(await adapter.createDatabase(target, { mustExist: true }, adapterContext())).toEqual(location);
        await adapter.verifyDatabase(target, credential, adapterContext());
        expect(await handle.exec("INSERT INTO note VALUES (1, 'still here')")).toEqual({ rowCount: 1 });
      });
      expect(await readNotes(harness, { target, location, credential })).toEqual(['still here']);
    });

    it('commits what a transaction body resolves with and rolls back when it throws', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'first');
      await withHandle(harness, database, async (handle) => {
        await handle.tx((tx) => tx.exec("INSERT INTO note VALUES (2, 'committed')"));
        const failing = handle.tx(async (tx) => {
          await tx.exec("INSERT INTO note VALUES (3, 'rolled back')");
          throw new Error('changed my mind');
        });
        await expect(failing).rejects.toThrow('changed my mind');
        expect(await handle.one('SELECT body FROM note WHERE id = 3')).toBeNull();
        expect(await handle.exec("UPDATE note SET body = 'changed'")).toEqual({ rowCount: 2 });
      });
      expect(await readNotes(harness, database)).toEqual(['changed', 'changed']);
    });
  });
}

function describeOwnership(harness: DatabaseAdapterHarness): void {
  describe('ownership', () => {
    it('I10 what is foreign is reported, refused and untouched', async () => {
      const { adapter } = harness;
      const target = newTarget(harness);
      const assertUntouched = await harness.plantForeign(target);
      const before = await objectsOf(harness, target);
      const conflict = { name: 'AdapterError', code: 'conflict' };
      expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
      for (const mustExist of [false, true]) {
        await expect(adapter.createDatabase(target, { mustExist }, adapterContext())).rejects.toMatchObject(conflict);
      }
      await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject(conflict);
      await assertUntouched();
      expect(await objectsOf(harness, target)).toEqual(before);
    });

    it('I10 the database of another object under the same name is foreign', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      const imposter = { ...newTarget(harness), ...namesOf(database.target) };
      expect(await harness.adapter.findDatabase(imposter, adapterContext())).toEqual({ kind: 'foreign' });
      await expect(harness.adapter.deleteDatabase(imposter, adapterContext())).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });
  });
}

function describeHygiene(harness: DatabaseAdapterHarness): void {
  describe('hygiene', () => {
    it('sec S9 names that are not generated are refused by every verb and reach nothing', async () => {
      const { adapter } = harness;
      const before = await harness.listObjects();
      const invalid = { name: 'AdapterError', code: 'invalid_request' };
      for (const hostile of HOSTILE_NAMES) {
        for (const field of ['databaseName', 'organizationScope'] as const) {
          const target = newTarget(harness, { [field]: hostile });
          await expect(adapter.createDatabase(target, { mustExist: false }, adapterContext())).rejects.toMatchObject(
            invalid,
          );
          await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject(invalid);
          await expect(adapter.verifyDatabase(target, null, adapterContext())).rejects.toBeInstanceOf(AdapterError);
          await expect(adapter.connect(target, '', null)).rejects.toBeInstanceOf(AdapterError);
          expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'unknown' });
        }
      }
      expect(await harness.listObjects()).toEqual(before);
    });

    it('sec S27 an error names neither the database nor its scope, and carries no cause', async () => {
      const target = newTarget(harness);
      await harness.plantForeign(target);
      const error = await harness.adapter.deleteDatabase(target, adapterContext()).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AdapterError);
      const printed = inspect(error, { depth: null, showHidden: true }).replace((error as Error).stack ?? '', '');
      const shown = [(error as Error).message, JSON.stringify(error), printed].join('\n');
      expect(shown).not.toContain(target.databaseName);
      expect(shown).not.toContain(target.organizationScope);
      expect((error as Error).cause).toBeUndefined();
    });

    it('sec S29 a location and a connection URL hold no user and no secret', async () => {
      const { target, location, credential } = await provision(harness);
      const info = harness.adapter.describeConnection(target, location.databaseUrl, credential);
      for (const text of [JSON.stringify(location), info.url, JSON.stringify(info), inspect(info, { depth: null })]) {
        expect(text).not.toMatch(/:\/\/[^/]*@/);
        if (credential !== null) expect(text).not.toContain(credential.secret.reveal());
      }
    });
  });
}

function namesOf({ databaseName, organizationScope }: DatabaseTarget) {
  return { databaseName, organizationScope };
}
