import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import {
  adapterContext,
  databaseAdapterConformance,
  newTarget,
  objectsOf,
  type Provisioned,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteEffects } from '../src/databases/sqlite/index.ts';
import { openFile } from '../src/databases/sqlite/opener.ts';
import { entriesBelow, modesBelow, sqliteHarness } from './sqlite-harness.ts';

databaseAdapterConformance(sqliteHarness());

const harness = sqliteHarness();
const { adapter, root } = harness;
const { archive, copy, drift } = adapter;
if (archive === undefined || copy === undefined || drift === undefined) throw new Error('a facet is missing');

beforeAll(() => adapter.checkPlacement(harness.placement).then(() => undefined));
afterAll(() => harness.close());

/** What SQLite itself says about a file, read past the adapter. Only for files that nobody has open. */
function inspectFile(path: string) {
  const file = openFile(path, 'shared');
  try {
    return {
      journalMode: file.pragma('journal_mode', { simple: true }),
      integrity: file.pragma('integrity_check', { simple: true }),
      applicationId: file.pragma('application_id', { simple: true }),
      marker: Object.fromEntries(file.prepare<[], [string, string]>('SELECT key, value FROM _ep_meta').raw().all()),
    };
  } finally {
    file.close();
  }
}

/** A database whose process died before its WAL was moved into the file. */
async function crashedWithWal(): Promise<Provisioned> {
  const database = await provision(harness);
  const path = harness.livePath(database.target);
  await withHandle(harness, database, async (handle) => {
    await handle.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)');
    await handle.exec("INSERT INTO note VALUES (1, 'only in the WAL')");
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, `${path}.crashed${suffix}`);
  });
  for (const suffix of ['', '-wal']) renameSync(`${path}.crashed${suffix}`, path + suffix);
  return database;
}

function edit(path: string, sql: string): void {
  const file = openFile(path, 'shared');
  file.exec(sql);
  file.close();
}

describe('files', () => {
  it('cap AD1 a new database is a sound WAL file with our application id and its own marker', async () => {
    const { target } = await provision(harness);
    // File-format write and read version: WAL for every reader, also one that looks at the header alone.
    expect([...readFileSync(harness.livePath(target)).subarray(18, 20)]).toEqual([2, 2]);
    expect(inspectFile(harness.livePath(target))).toEqual({
      journalMode: 'wal',
      integrity: 'ok',
      applicationId: 0x45504c4e,
      marker: { object_id: target.objectId, installation: target.installationId },
    });
  });

  it('sec S19 files are 0600 and directories 0700, while in use, archived and copied', async () => {
    const one = sqliteHarness();
    await one.adapter.checkPlacement(one.placement);
    const source = await provision(one);
    await writeNotes(one, source, 'x');
    const { organizationScope } = source.target;
    const copied = newTarget(one, { organizationScope });
    await one.adapter.copy?.copyDatabase(source.target, copied, { schemaOnly: false }, adapterContext());
    const archived = await provision(one, newTarget(one, { organizationScope }));
    await one.adapter.archive?.archiveDatabase(archived.target, adapterContext());
    const modes = await withHandle(one, source, async (handle) => {
      await handle.exec("INSERT INTO note VALUES (2, 'in the WAL')");
      return modesBelow(one.root);
    });
    await one.close();
    const live = join(organizationScope, `${source.target.databaseName}.db`);
    expect(modes).toEqual({
      '.placement-id': '600',
      '.tmp': '700',
      [organizationScope]: '700',
      [live]: '600',
      [`${live}-wal`]: '600',
      [`${live}-shm`]: '600',
      [join(organizationScope, `${copied.databaseName}.db`)]: '600',
      [join(organizationScope, '.trash')]: '700',
      [join(organizationScope, '.trash', `${archived.target.databaseName}.db`)]: '600',
    });
  });

  it('creating again repairs mode and journal mode', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    const file = openFile(path, 'shared');
    file.pragma('journal_mode = DELETE');
    file.close();
    chmodSync(path, 0o644);
    chmodSync(join(path, '..'), 0o755);
    await adapter.createDatabase(target, { mustExist: true }, adapterContext());
    expect(inspectFile(path)).toMatchObject({ journalMode: 'wal' });
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('cap DR1 tells that the file is open to others, or not in WAL mode, until it is hardened again', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    const found = async () => (await drift.findDrift(target, null, adapterContext())).map(({ kind }) => kind);
    chmodSync(path, 0o640);
    expect(await found()).toEqual(['grants']);
    edit(path, 'PRAGMA journal_mode = DELETE');
    chmodSync(join(path, '..'), 0o755);
    expect(await found()).toEqual(['grants', 'grants', 'settings']);
    await adapter.createDatabase(target, { mustExist: true }, adapterContext());
    expect(await found()).toEqual([]);
  });

  it('a file restored from a backup, on another inode, is still ours', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'restored');
    const path = harness.livePath(database.target);
    copyFileSync(path, `${path}.backup`);
    renameSync(`${path}.backup`, path);
    const found = await adapter.findDatabase(database.target, adapterContext());
    expect(found).toMatchObject({ kind: 'ours', databaseUrl: database.location.databaseUrl });
    expect(await readNotes(harness, database)).toEqual(['restored']);
  });

  it('sec S19 looking changes no byte, also where a crash left a WAL', async () => {
    const { target } = await crashedWithWal();
    const path = harness.livePath(target);
    const bytes = () => ['', '-wal'].map((suffix) => readFileSync(path + suffix));
    const before = bytes();
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    expect(bytes()).toEqual(before);
  });

  it('archiving keeps what only the WAL of a crashed process holds', async () => {
    const database = await crashedWithWal();
    await archive.archiveDatabase(database.target, adapterContext());
    await archive.restoreDatabase(database.target, adapterContext());
    expect(await readNotes(harness, database)).toEqual(['only in the WAL']);
  });

  it('cap AD1 deleting removes side files, trash and temporary files, and the directory with the last database', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    for (const suffix of ['-wal', '-shm', '-journal']) writeFileSync(path + suffix, '');
    writeFileSync(join(root, '.tmp', `${target.databaseName}.7.0123456789abcdef`), '');
    writeFileSync(join(root, '.tmp', `${target.databaseName}.7.0123456789abcdef-wal`), '');
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('I7 what remains of an interrupted delete is observed as ours until the name itself is gone', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    const obstacle = join(path, '..', '.trash', `${target.databaseName}.db-journal`);
    // A directory cannot be unlinked: the delete stops in front of it.
    mkdirSync(obstacle, { recursive: true });
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject({ definitive: false });
    rmSync(obstacle, { recursive: true });
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('I10 a second file under the name, live and in the trash, is not ours to choose from', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    const trash = join(path, '..', '.trash');
    mkdirSync(trash, { mode: 0o700 });
    copyFileSync(path, join(trash, `${target.databaseName}.db`));
    const before = await objectsOf(harness, target);
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
    for (const call of [adapter.deleteDatabase, archive.archiveDatabase, archive.restoreDatabase]) {
      await expect(call(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(await objectsOf(harness, target)).toEqual(before);
  });

  it.each<[string, (path: string) => void]>([
    ['without our application id', (path) => edit(path, 'PRAGMA application_id = 1')],
    ['without the marker table', (path) => edit(path, 'DROP TABLE _ep_meta')],
    ['with another table in its place', (path) => edit(path, 'DROP TABLE _ep_meta; CREATE TABLE _ep_meta (a)')],
    ['without the object id', (path) => edit(path, "DELETE FROM _ep_meta WHERE key = 'object_id'")],
    ['that is empty', (path) => writeFileSync(path, '')],
    ['that is no database', (path) => writeFileSync(path, 'text '.repeat(1000))],
    ['cut short', (path) => truncateSync(path, 4096)],
  ])('I10 a file %s is foreign and stays as it is', async (_title, change) => {
    const { target, location } = await provision(harness);
    const path = harness.livePath(target);
    change(path);
    const before = readFileSync(path);
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
    const conflict = { name: 'AdapterError', code: 'conflict' };
    await expect(adapter.createDatabase(target, { mustExist: true }, adapterContext())).rejects.toMatchObject(conflict);
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject(conflict);
    await expect(adapter.verifyDatabase(target, null, adapterContext())).rejects.toMatchObject(conflict);
    await expect(adapter.connect(target, location.databaseUrl, null)).rejects.toMatchObject(conflict);
    expect(readFileSync(path)).toEqual(before);
  });

  it('a damaged database is foreign: it is neither served nor deleted', async () => {
    const { target } = await provision(harness);
    const path = harness.livePath(target);
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 100), Buffer.alloc(8092, 0xff)]));
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
    expect(existsSync(path)).toBe(true);
  });
});

describe('changes in between', () => {
  it.each<[string, string, (target: DatabaseTarget, context: AdapterContext) => Promise<unknown>]>([
    ['sq.unlink', 'live', (target, context) => adapter.deleteDatabase(target, context)],
    ['sq.trash', 'live', (target, context) => archive.archiveDatabase(target, context)],
    ['sq.trash', 'trash', (target, context) => archive.archiveDatabase(target, context)],
    ['sq.untrash', 'trash', (target, context) => archive.restoreDatabase(target, context)],
    ['sq.untrash', 'live', (target, context) => archive.restoreDatabase(target, context)],
  ])(
    'I10 %s neither moves nor removes a %s file that appeared after the observation',
    async (boundary, place, call) => {
      const { target } = await provision(harness);
      if (boundary === 'sq.untrash') await archive.archiveDatabase(target, adapterContext());
      const live = harness.livePath(target);
      const path = place === 'live' ? live : join(live, '..', '.trash', `${target.databaseName}.db`);
      const context = adapterContext({
        onBoundary: (name) => {
          if (name !== boundary) return;
          mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
          writeFileSync(`${path}.new`, 'somebody else');
          renameSync(`${path}.new`, path);
        },
      });
      await expect(call(target, context)).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
      expect(readFileSync(path, 'utf8')).toBe('somebody else');
    },
  );

  it('sec S19 a file is not taken from a linked temporary directory', async () => {
    const own = sqliteHarness();
    await own.adapter.checkPlacement(own.placement);
    const target = newTarget(own);
    const context = adapterContext({
      onBoundary: (name) => {
        if (name !== 'sq.link') return;
        renameSync(join(own.root, '.tmp'), join(own.root, 'aside'));
        symlinkSync(join(own.root, 'aside'), join(own.root, '.tmp'));
      },
    });
    const creating = own.adapter.createDatabase(target, { mustExist: false }, context);
    await expect(creating).rejects.toMatchObject({ name: 'AdapterError', code: 'conflict' });
    expect(await own.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
    await own.close();
  });
});

describe('fence', () => {
  it('I3 a worker that lost its claim gives and takes no name', async () => {
    const { target } = await provision(harness);
    const fresh = newTarget(harness);
    const archived = await provision(harness);
    await archive.archiveDatabase(archived.target, adapterContext());
    const late: ((context: AdapterContext) => Promise<unknown>)[] = [
      (context) => adapter.createDatabase(fresh, { mustExist: false }, context),
      (context) => adapter.deleteDatabase(target, context),
      (context) => archive.archiveDatabase(target, context),
      (context) => archive.restoreDatabase(archived.target, context),
      (context) => copy.copyDatabase(target, fresh, { schemaOnly: false }, context),
    ];
    const before = entriesBelow(root).filter((path) => path.endsWith('.db'));
    for (const call of late) {
      const fence = { epoch: 0 };
      const stale = adapterContext({ fence });
      adapterContext({ fence });
      await expect(call(stale)).rejects.toThrow('The claim is lost.');
    }
    expect(entriesBelow(root).filter((path) => path.endsWith('.db'))).toEqual(before);
    await adapter.deleteDatabase(fresh, adapterContext({ fence: { epoch: 10 } }));
    expect(await objectsOf(harness, fresh)).toEqual([]);
  });

  it('an attempt first removes what older ones left, so that failing attempts do not fill the disk', async () => {
    const target = newTarget(harness);
    const older = join(root, '.tmp', `${target.databaseName}.1.0123456789abcdef`);
    const anothers = join(root, '.tmp', `${newTarget(harness).databaseName}.1.0123456789abcdef`);
    for (const path of [older, anothers]) writeFileSync(path, '');
    const context = adapterContext({
      fence: { epoch: 4 },
      onBoundary: (name) => {
        if (name === 'sq.tmp') throw new Error('no further');
      },
    });
    await expect(adapter.createDatabase(target, { mustExist: false }, context)).rejects.toThrow('no further');
    expect([existsSync(older), existsSync(anothers)]).toEqual([false, true]);
  });

  it('a create keeps the temporary file of a younger claim and removes those of older ones', async () => {
    const target = newTarget(harness);
    const younger = join(root, '.tmp', `${target.databaseName}.9.0123456789abcdef`);
    const older = join(root, '.tmp', `${target.databaseName}.1.0123456789abcdef`);
    for (const path of [younger, older]) writeFileSync(path, '');
    await adapter.createDatabase(target, { mustExist: false }, adapterContext({ fence: { epoch: 4 } }));
    expect([existsSync(younger), existsSync(older)]).toEqual([true, false]);
  });

  it.each([false, true])(
    'I6 a create that is overtaken just before its link adopts what is there (archived: %s)',
    async (archived) => {
      const target = newTarget(harness);
      const context = adapterContext({
        onBoundary: async (name) => {
          if (name !== 'sq.link') return;
          await adapter.createDatabase(target, { mustExist: false }, adapterContext());
          if (archived) await archive.archiveDatabase(target, adapterContext());
        },
      });
      const location = await adapter.createDatabase(target, { mustExist: false }, context);
      expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'ours', ...location });
      const databases = (await objectsOf(harness, target)).filter((path) => path.endsWith('.db'));
      expect(databases).toEqual([join(target.organizationScope, `${target.databaseName}.db`)]);
    },
  );

  it('rel G1 every registered boundary is reached', async () => {
    const { target } = await provision(harness);
    const fence = { epoch: 0 };
    const contexts = Array.from({ length: 8 }, () => adapterContext({ fence: { ...fence } }));
    const [creating, verifying, copying, archiving, restoring, listing, deleting] = contexts;
    const copied = newTarget(harness);
    await adapter.createDatabase(newTarget(harness), { mustExist: false }, creating as AdapterContext);
    await adapter.verifyDatabase(target, null, verifying as AdapterContext);
    await copy.copyDatabase(target, copied, { schemaOnly: false }, copying as AdapterContext);
    await archive.archiveDatabase(target, archiving as AdapterContext);
    await archive.restoreDatabase(target, restoring as AdapterContext);
    const objects = adapter.inventory?.listDatabases(harness.placement, 'tst234', listing as AdapterContext);
    for await (const object of objects ?? []) expect(object.externalUid).toMatch(/^\d+:\d+$/);
    await adapter.deleteDatabase(target, deleting as AdapterContext);
    const reached = new Set(contexts.flatMap(({ boundaries }) => boundaries));
    expect([...reached].sort()).toEqual(Object.keys(sqliteEffects).sort());
  });
});
