import { randomBytes, randomUUID } from 'node:crypto';
import type {
  AcceptedCredential,
  AdapterCredential,
  ArchiveFacet,
  CallerSetCredentials,
  CopyFacet,
  CredentialWithdrawal,
  DatabaseTarget,
  DriftFacet,
  InventoryFacet,
  ProviderMintedCredentials,
  RecoveryFacet,
  SealedCredential,
  StatsFacet,
  SuspendFacet,
} from '@envplane/spec';
import { describe, expect, it } from 'vitest';
import { adapterContext } from '../adapter-context.ts';
import {
  type DatabaseAdapterHarness,
  letIn,
  newTarget,
  provision,
  readNotes,
  shapeOf,
  withHandle,
  writeNotes,
} from './database-harness.ts';
import { describeDatabaseLimits } from './database-limits.ts';
import { describeDatabaseSecrets } from './database-secrets.ts';

/** One group of cases for every facet that the adapter holds. */
export function describeDatabaseFacets(harness: DatabaseAdapterHarness): void {
  const { credentials, archive, copy, dialect, drift, inventory, recovery, stats, suspend } = harness.adapter;
  if (credentials.kind !== 'none') describeCredentials(harness, credentials);
  if (suspend !== undefined) describeSuspend(harness, suspend);
  if (archive !== undefined) describeArchive(harness, archive);
  if (copy !== undefined) describeCopy(harness, copy);
  if (inventory !== undefined) describeInventory(harness, inventory);
  if (recovery !== undefined) describeRecovery(harness, recovery);
  if (stats !== undefined) describeStats(harness, stats);
  if (dialect !== undefined) describeDialect(harness);
  if (drift !== undefined) describeDrift(harness, drift);
  describeDatabaseLimits(harness);
  describeDatabaseSecrets(harness);
}

function describeCredentials(
  harness: DatabaseAdapterHarness,
  credentials: CallerSetCredentials | ProviderMintedCredentials,
): void {
  describe('credentials', () => {
    it('sec S24 every secret is new and has at least 192 bits', async () => {
      const secrets = await Promise.all(Array.from({ length: 5 }, () => provision(harness)));
      const texts = secrets.map(({ credential }) => credential?.secret.reveal() ?? '');
      expect(new Set(texts).size).toBe(5);
      for (const text of texts) expect(text.length).toBeGreaterThanOrEqual(32);
    });

    if (credentials.kind === 'caller_set') {
      it('I2 setting the same secret again changes nothing', async () => {
        const database = await provision(harness);
        await writeNotes(harness, database, 'kept');
        await credentials.applyCredentials(database.target, [given(database.credential)], adapterContext());
        expect(await readNotes(harness, database)).toEqual(['kept']);
      });

      describeRotation(harness, credentials);
    } else {
      it('I2 every minted secret expires', async () => {
        const { target } = await provision(harness);
        const request = { authorization: 'full_access' } as const;
        const { expiresAtMs } = await credentials.mintCredential(target, request, adapterContext());
        expect(expiresAtMs).toBeGreaterThan(Date.now());
        expect(Number.isFinite(expiresAtMs)).toBe(true);
      });

      it('R7 a secret that still opens the database is not called refused', async () => {
        const { target, credential } = await provision(harness);
        const proof = credentials.verifyRefused(target, given(credential), adapterContext());
        await expect(proof).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
      });

      const { withdrawal } = credentials;
      if (withdrawal) describeWithdrawal(harness, credentials, withdrawal);
    }
  });
}

function describeWithdrawal(
  harness: DatabaseAdapterHarness,
  credentials: ProviderMintedCredentials,
  { withdrawCredentials }: CredentialWithdrawal,
): void {
  it('T1 T2 a withdrawal ends every secret of the database and who is in with one, nobody else, and what comes after it opens', async () => {
    const [database, other] = [await provision(harness), await provision(harness)];
    await writeNotes(harness, database, 'kept');
    await writeNotes(harness, other, 'untouched');
    const { target, location } = database;
    const mint = async (authorization: AdapterCredential['authorization']): Promise<AdapterCredential> => {
      const { secret } = await credentials.mintCredential(target, { authorization }, adapterContext());
      return { credentialId: randomUUID(), version: 2, authorization, slot: 0, secret };
    };
    const ended = [given(database.credential)];
    for (const authorization of credentials.authorizations) ended.push(await mint(authorization));
    const session = await harness.adapter.connect(target, location.databaseUrl, given(database.credential));
    expect(await session.query('SELECT body FROM note')).toEqual([{ body: 'kept' }]);
    await withdrawCredentials(target, adapterContext());
    for (const credential of ended) {
      await credentials.verifyRefused(target, credential, adapterContext());
      await expect(readNotes(harness, { ...database, credential })).rejects.toMatchObject({ code: 'unauthorized' });
    }
    await expect(session.query('SELECT body FROM note')).rejects.toMatchObject({ name: 'AdapterError' });
    await session.close();
    expect(await readNotes(harness, other)).toEqual(['untouched']);
    expect(await readNotes(harness, { ...database, credential: await mint('full_access') })).toEqual(['kept']);
  });
}

function describeRotation(harness: DatabaseAdapterHarness, credentials: CallerSetCredentials): void {
  /** A database with notes, and a second credential in the other slot that is not set. */
  async function withSecond() {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const first = given(database.credential);
    const second = { ...first, credentialId: randomUUID(), version: 2, slot: 1 as const };
    return { database, first, second: { ...second, secret: credentials.generateSecret() } };
  }
  const proved = ({ authorization, slot, ...rest }: AdapterCredential): SealedCredential => ({
    ...{ authorization, slot, isProved: true },
    open: async () => ({ authorization, slot, ...rest }),
  });

  it('R2 two secrets side by side both open the database, and it stays the same one', async () => {
    const { database, first, second } = await withSecond();
    await credentials.applyCredentials(database.target, [proved(first), second], adapterContext());
    for (const credential of [first, second]) {
      expect(await readNotes(harness, { ...database, credential })).toEqual(['kept']);
      await harness.adapter.verifyDatabase(database.target, credential, adapterContext());
    }
  });

  it('R6 R7 what is not named any more is refused, and can be proved to be', async () => {
    const { database, first, second } = await withSecond();
    const { target } = database;
    await credentials.applyCredentials(target, [first, second], adapterContext());
    const early = credentials.verifyRefused(target, first, adapterContext());
    await expect(early).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
    await credentials.applyCredentials(target, [second], adapterContext());
    await credentials.applyCredentials(target, [proved(second)], adapterContext());
    await credentials.verifyRefused(target, first, adapterContext());
    await expect(readNotes(harness, database)).rejects.toThrow();
    expect(await readNotes(harness, { ...database, credential: second })).toEqual(['kept']);
    await credentials.applyCredentials(target, [first], adapterContext());
    await credentials.verifyRefused(target, second, adapterContext());
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });

  const { endSessions } = credentials;
  if (endSessions) {
    it('R9 sec S18 who is in with a closed secret stays until the sessions are ended, and nobody else is put out', async () => {
      const { database, first, second } = await withSecond();
      const { target } = database;
      await credentials.applyCredentials(target, [first, second], adapterContext());
      await withHandle(harness, { ...database, credential: second }, async (kept) => {
        const old = await harness.adapter.connect(target, database.location.databaseUrl, first);
        await credentials.applyCredentials(target, [second], adapterContext());
        expect(await old.query('SELECT body FROM note')).toEqual([{ body: 'kept' }]);
        await endSessions(target, [first], adapterContext());
        await endSessions(target, [first], adapterContext());
        await expect(old.query('SELECT body FROM note')).rejects.toMatchObject({ name: 'AdapterError' });
        expect(await kept.query('SELECT body FROM note')).toEqual([{ body: 'kept' }]);
        await old.close();
      });
    });
  }

  const { suspend } = harness.adapter;
  if (suspend) {
    it('what was closed stays closed when a suspension ends', async () => {
      const { database, first, second } = await withSecond();
      const { target } = database;
      await credentials.applyCredentials(target, [first, second], adapterContext());
      await credentials.applyCredentials(target, [second], adapterContext());
      await suspend.suspendDatabase(target, adapterContext());
      await suspend.resumeDatabase(target, adapterContext());
      await credentials.verifyRefused(target, first, adapterContext());
      expect(await readNotes(harness, { ...database, credential: second })).toEqual(['kept']);
    });
  }
}

/** @throws Error for a driver without credentials */
function given(credential: AdapterCredential | null): AdapterCredential {
  if (credential === null) throw new Error('the driver has credentials');
  return credential;
}

function describeSuspend(harness: DatabaseAdapterHarness, suspend: SuspendFacet): void {
  describe('suspend', () => {
    it('refuses the tenant until it is resumed; both are idempotent', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      await suspend.suspendDatabase(database.target, adapterContext());
      await suspend.suspendDatabase(database.target, adapterContext());
      await expect(readNotes(harness, database)).rejects.toThrow();
      await suspend.resumeDatabase(database.target, adapterContext());
      await suspend.resumeDatabase(database.target, adapterContext());
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });

    const { credentials } = harness.adapter;
    if (credentials.kind !== 'caller_set') return;

    it('sec S18 stays while credentials are set, which let their holders in when it ends', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      await suspend.suspendDatabase(database.target, adapterContext());
      const accepted = database.credential === null ? [] : [database.credential];
      await credentials.applyCredentials(database.target, accepted, adapterContext());
      await expect(readNotes(harness, database)).rejects.toThrow();
      await suspend.resumeDatabase(database.target, adapterContext());
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });
  });
}

function describeArchive(harness: DatabaseAdapterHarness, archive: ArchiveFacet): void {
  describe('archive', () => {
    it('puts the database out of reach, keeps its identity and rows, and gives both back', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      await archive.archiveDatabase(database.target, adapterContext());
      await archive.archiveDatabase(database.target, adapterContext());
      await expect(readNotes(harness, database)).rejects.toMatchObject({ name: 'AdapterError' });
      const found = await harness.adapter.findDatabase(database.target, adapterContext());
      expect(found).toEqual({ kind: 'ours', ...database.location });
      await archive.restoreDatabase(database.target, adapterContext());
      await archive.restoreDatabase(database.target, adapterContext());
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });

    it('I7 an archived database is deleted like a live one', async () => {
      const { target } = await provision(harness);
      await archive.archiveDatabase(target, adapterContext());
      await harness.adapter.deleteDatabase(target, adapterContext());
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
      await expect(archive.restoreDatabase(target, adapterContext())).rejects.toMatchObject({ definitive: false });
    });

    it('I10 what is foreign is not moved', async () => {
      const target = newTarget(harness);
      const assertUntouched = await harness.plantForeign(target);
      await expect(archive.archiveDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
      await expect(archive.restoreDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
      await assertUntouched();
    });
  });
}

function describeCopy(harness: DatabaseAdapterHarness, copy: CopyFacet): void {
  describe('copy', () => {
    it('cap CP1 holds the same rows under its own marker; the source is untouched', async () => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'copied');
      const target = newTarget(harness);
      const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
      const copied = await letIn(harness, target, location);
      expect(await readNotes(harness, copied)).toEqual(['copied']);
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'ours', ...location });
      const asSource = { ...target, objectId: source.target.objectId };
      expect(await harness.adapter.findDatabase(asSource, adapterContext())).toEqual({ kind: 'foreign' });

      await withHandle(harness, copied, (handle) => handle.exec("UPDATE note SET body = 'only here'"));
      expect(await readNotes(harness, source)).toEqual(['copied']);
    });

    it('cap CP2 schema only: the same tables without rows', async () => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'not copied');
      const target = newTarget(harness);
      const location = await copy.copyDatabase(source.target, target, { schemaOnly: true }, adapterContext());
      expect(await readNotes(harness, await letIn(harness, target, location))).toEqual([]);
    });

    it('I4 copying again keeps what was written since', async () => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'copied');
      const target = newTarget(harness);
      const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
      const copied = await letIn(harness, target, location);
      await withHandle(harness, copied, (handle) => handle.exec("UPDATE note SET body = 'written since'"));
      const again = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
      expect(again).toEqual(location);
      expect(await readNotes(harness, copied)).toEqual(['written since']);
    });

    it('I10 what is foreign under the name of the copy is not replaced', async () => {
      const source = await provision(harness);
      const target = newTarget(harness);
      const assertUntouched = await harness.plantForeign(target);
      const copying = copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
      await expect(copying).rejects.toMatchObject({ code: 'conflict' });
      await assertUntouched();
    });

    it('without a source there is no copy', async () => {
      const target = newTarget(harness);
      const copying = copy.copyDatabase(newTarget(harness), target, { schemaOnly: false }, adapterContext());
      await expect(copying).rejects.toMatchObject({ name: 'AdapterError' });
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
    });
  });
}

function describeInventory(harness: DatabaseAdapterHarness, inventory: InventoryFacet): void {
  async function listed(installationId: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const object of inventory.listDatabases(harness.placement, installationId, adapterContext())) {
      expect(found.has(object.databaseName)).toBe(false);
      found.set(object.databaseName, object.externalUid);
    }
    return found;
  }

  describe('inventory', () => {
    it('lists each database under our prefix once, archived ones included, deleted ones not', async () => {
      const live = await provision(harness);
      const archived = await provision(harness);
      const deleted = await provision(harness);
      await harness.adapter.archive?.archiveDatabase(archived.target, adapterContext());
      await harness.adapter.deleteDatabase(deleted.target, adapterContext());
      const found = await listed(harness.installationId);
      expect(found.get(live.target.databaseName)).toBe(live.location.externalUid);
      expect(found.get(archived.target.databaseName)).toBe(archived.location.externalUid);
      expect(found.has(deleted.target.databaseName)).toBe(false);
    });

    it("does not list another installation's databases", async () => {
      await provision(harness);
      expect((await listed('zzzzz0')).size).toBe(0);
    });
  });
}

function describeRecovery(harness: DatabaseAdapterHarness, recovery: RecoveryFacet): void {
  const identify = ({ databaseName, installationId }: DatabaseTarget, of = installationId) =>
    recovery.identifyDatabase(harness.placement, { databaseName, installationId: of }, adapterContext());

  describe('recovery', () => {
    it('cap DR4 says which object a database was made as, and nothing of what is not ours', async () => {
      const { target } = await provision(harness);
      const found = await harness.adapter.findDatabase(target, adapterContext());
      if (found.kind !== 'ours') throw new Error('the database is not there');
      const { databaseUrl, externalUid } = found;
      expect(await identify(target)).toMatchObject({ objectId: target.objectId, databaseUrl, externalUid });
      expect(await identify(target, 'zzzzzz')).toBeNull();
      const [missing, foreign] = [newTarget(harness), newTarget(harness)];
      const assertUntouched = await harness.plantForeign(foreign);
      expect([await identify(missing), await identify(foreign)]).toEqual([null, null]);
      await assertUntouched();
    });
  });
}

function describeStats(harness: DatabaseAdapterHarness, stats: StatsFacet): void {
  describe('stats', () => {
    it('measures more after a megabyte was written', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'small');
      const measure = () => stats.measureDatabase(database.target, database.credential, adapterContext());
      const before = await measure();
      const after = await withHandle(harness, database, async (handle) => {
        // Random, since a database may compress what it stores.
        await handle.exec(`INSERT INTO note VALUES (2, '${randomBytes(1 << 19).toString('hex')}')`);
        return measure();
      });
      expect(before.sizeBytes).toBeGreaterThan(0);
      expect(after.sizeBytes - before.sizeBytes).toBeGreaterThan(900_000);
    });
  });
}

/** What the log of store calls relies on when it shows a statement without its literals. */
function describeDialect(harness: DatabaseAdapterHarness): void {
  it('reads text in double quotes as a name, never as a string, and a backslash in a string as itself', async () => {
    await withHandle(harness, await provision(harness), async (handle) => {
      await expect(handle.query('SELECT "no such name" AS found')).rejects.toThrow();
      expect(await handle.one("SELECT 'a\\' AS first, 'b' AS second")).toEqual({ first: 'a\\', second: 'b' });
    });
  });
}

function describeDrift(harness: DatabaseAdapterHarness, drift: DriftFacet): void {
  describe('drift', () => {
    it('cap DR1 there is none on a database as it was made, in use or not, and looking changes nothing', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      const before = await shapeOf(harness, database.target);
      const find = () => drift.findDrift(database.target, inUse(database.credential), adapterContext());
      expect(await find()).toEqual([]);
      expect(await withHandle(harness, database, find)).toEqual([]);
      expect(await shapeOf(harness, database.target)).toEqual(before);
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });

    const { credentials } = harness.adapter;
    if (credentials.kind === 'caller_set') {
      it('cap DR1 F4 tells a credential that is let in and should not be, and one that is not and should', async () => {
        const database = await provision(harness);
        const first = given(database.credential);
        const second: AdapterCredential = {
          ...{ credentialId: randomUUID(), version: 2, authorization: 'full_access', slot: 1 },
          secret: credentials.generateSecret(),
        };
        const found = async (accepted: readonly AcceptedCredential[]) =>
          (await drift.findDrift(database.target, accepted, adapterContext())).map(({ kind }) => kind);
        const set = (...each: AdapterCredential[]) =>
          credentials.applyCredentials(database.target, each, adapterContext());
        await set(first, second);
        expect(await found(inUse(first))).toEqual(['grants']);
        expect(await found([...inUse(first), ...inUse(second)])).toEqual([]);
        await set(first);
        expect(await found(inUse(second))).toEqual(['grants', 'grants']);
        const staged = inUse(second).map((each) => ({ ...each, isActive: false }));
        expect(await found([...inUse(first), ...staged])).toEqual([]);
      });
    }

    it('what is missing or foreign is not sound', async () => {
      const [missing, foreign] = [newTarget(harness), newTarget(harness)];
      await expect(drift.findDrift(missing, null, adapterContext())).rejects.toMatchObject({ code: 'unavailable' });
      const assertUntouched = await harness.plantForeign(foreign);
      await expect(drift.findDrift(foreign, null, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
      await assertUntouched();
    });
  });
}

/** As the control plane names what it gave out and nothing replaces. */
const inUse = (credential: AdapterCredential | null): AcceptedCredential[] =>
  credential ? [{ ...credential, isActive: true }] : [];
