import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { adapterContext, newTarget, provision } from '@envplane/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesBelow, modesBelow, type SqliteHarness, sqliteHarness } from './sqlite-harness.ts';

/** The verbs, each with the world it needs. */
const VERBS: Record<
  string,
  (harness: SqliteHarness) => Promise<[DatabaseTarget, (c: AdapterContext) => Promise<unknown>]>
> = {
  async create(harness) {
    const target = newTarget(harness);
    return [target, (context) => harness.adapter.createDatabase(target, { mustExist: false }, context)];
  },
  async harden(harness) {
    const { target } = await provision(harness);
    return [target, (context) => harness.adapter.createDatabase(target, { mustExist: true }, context)];
  },
  async delete(harness) {
    const { target } = await provision(harness);
    return [target, (context) => harness.adapter.deleteDatabase(target, context)];
  },
  async deleteArchived(harness) {
    const { target } = await provision(harness);
    await harness.adapter.archive?.archiveDatabase(target, adapterContext());
    return [target, (context) => harness.adapter.deleteDatabase(target, context)];
  },
  async archive(harness) {
    const { target } = await provision(harness);
    return [target, async (context) => harness.adapter.archive?.archiveDatabase(target, context)];
  },
  async restore(harness) {
    const { target } = await provision(harness);
    await harness.adapter.archive?.archiveDatabase(target, adapterContext());
    return [target, async (context) => harness.adapter.archive?.restoreDatabase(target, context)];
  },
  async copy(harness) {
    const { target: source } = await provision(harness);
    const target = newTarget(harness);
    const what = { schemaOnly: false };
    return [target, async (context) => harness.adapter.copy?.copyDatabase(source, target, what, context)];
  },
  async verify(harness) {
    const { target } = await provision(harness);
    return [target, (context) => harness.adapter.verifyDatabase(target, null, context)];
  },
  async measure(harness) {
    const { target } = await provision(harness);
    return [target, async (context) => harness.adapter.stats?.measureDatabase(target, null, context)];
  },
};

/** What an intruder replaces by a link to `outside`. */
const SWAPS: Record<string, (harness: SqliteHarness, target: DatabaseTarget, outside: string) => void> = {
  'the organization directory': (harness, target, outside) =>
    replaceByLink(dirname(harness.livePath(target)), outside, harness.root),
  'the database file': (harness, target, outside) =>
    replaceByLink(harness.livePath(target), join(outside, 'victim.db'), harness.root),
  'the trash directory': (harness, target, outside) =>
    replaceByLink(join(dirname(harness.livePath(target)), '.trash'), join(outside, '.trash'), harness.root),
  'the archived file': (harness, target, outside) =>
    replaceByLink(
      join(dirname(harness.livePath(target)), '.trash', `${target.databaseName}.db`),
      join(outside, 'victim.db'),
      harness.root,
    ),
  'the temporary directory': (harness, _target, outside) =>
    replaceByLink(join(harness.root, '.tmp'), outside, harness.root),
  'each temporary file': (harness, _target, outside) => {
    const directory = join(harness.root, '.tmp');
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory))
      replaceByLink(join(directory, name), join(outside, 'victim.db'), harness.root);
  },
  'each side file': (harness, target, outside) => {
    for (const suffix of ['-wal', '-shm', '-journal']) {
      replaceByLink(harness.livePath(target) + suffix, join(outside, 'victim.db'), harness.root);
    }
  },
};

function replaceByLink(path: string, to: string, root: string): void {
  if (!existsSync(dirname(path))) return;
  if (existsSync(path)) renameSync(path, join(root, `aside-${readdirSync(root).length}`));
  symlinkSync(to, path);
}

describe('a link swapped in', () => {
  let harness: SqliteHarness;
  let outside: string;
  beforeEach(async () => {
    harness = sqliteHarness();
    await harness.adapter.checkPlacement(harness.placement);
    outside = mkdtempSync(join(tmpdir(), 'envplane-outside-'));
  });
  afterEach(async () => {
    await harness.close();
    rmSync(outside, { recursive: true });
  });

  /** Fills `outside` with files of the very names and bytes that the adapter looks for: the most inviting place to go astray. */
  function bait(target: DatabaseTarget): void {
    mkdirSync(join(outside, '.trash'));
    const template = [
      harness.livePath(target),
      join(dirname(harness.livePath(target)), '.trash', `${target.databaseName}.db`),
    ];
    const source = template.find((path) => existsSync(path)) ?? join(harness.root, '.placement-id');
    for (const path of [
      'victim.db',
      `${target.databaseName}.db`,
      `${target.databaseName}.db-wal`,
      `.trash/${target.databaseName}.db`,
    ]) {
      cpSync(source, join(outside, path));
    }
    cpSync(source, join(outside, `${target.databaseName}.0.0123456789abcdef`));
    // A mode that the adapter would correct.
    for (const path of entriesBelow(outside)) chmodSync(join(outside, path), 0o750);
  }

  function contentsOutside() {
    const files = entriesBelow(outside).filter((path) => path !== '.trash');
    const digest = (path: string) =>
      createHash('sha256')
        .update(readFileSync(join(outside, path)))
        .digest('hex');
    return { modes: modesBelow(outside), digests: files.map((path) => [path, digest(path)]) };
  }

  describe.each(Object.keys(VERBS))('%s', (verb) => {
    it.each(Object.keys(SWAPS))(
      'sec S19 %s: nothing outside the root is read as ours, changed, made or removed',
      async (swap) => {
        const prepare = VERBS[verb];
        const swapIn = SWAPS[swap];
        if (prepare === undefined || swapIn === undefined) throw new Error('unknown case');
        const undisturbed = adapterContext();
        const [, callUndisturbed] = await prepare(harness);
        await callUndisturbed(undisturbed);
        for (const [at, boundary] of undisturbed.boundaries.entries()) {
          const [target, call] = await prepare(harness);
          bait(target);
          const before = contentsOutside();
          let crossed = 0;
          const context = adapterContext({
            onBoundary: () => {
              if (crossed++ === at) swapIn(harness, target, outside);
            },
          });
          const outcome = await call(context).then(
            () => 'done',
            (error: unknown) => expect(error).toMatchObject({ name: 'AdapterError' }),
          );
          expect(contentsOutside(), `at ${boundary}`).toEqual(before);
          const observation = await harness.adapter.findDatabase(target, adapterContext());
          if (swap === 'the organization directory') expect(observation).toEqual({ kind: 'foreign' });
          if (swap === 'each temporary file' && outcome === 'done') expect(observation.kind).not.toBe('foreign');
          expect(contentsOutside(), `after ${boundary}`).toEqual(before);
          rmSync(harness.root, { recursive: true });
          await harness.adapter.checkPlacement(harness.placement);
          for (const path of readdirSync(outside)) rmSync(join(outside, path), { recursive: true });
        }
      },
    );
  });

  it.each(['the database file', 'the organization directory'])(
    'sec S19 %s swapped just before the load: nothing from outside is copied',
    async (swap) => {
      const { target: source } = await provision(harness);
      const target = newTarget(harness);
      bait(source);
      const context = adapterContext({
        onBoundary: (name) => {
          if (name === 'sq.load') SWAPS[swap]?.(harness, source, outside);
        },
      });
      const copying = harness.adapter.copy?.copyDatabase(source, target, { schemaOnly: false }, context);
      await expect(copying).rejects.toMatchObject({ name: 'AdapterError', code: 'conflict' });
      expect(await harness.adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
    },
  );

  it('sec S19 a connection refuses a linked file and a linked directory', async () => {
    for (const swap of ['the database file', 'the organization directory']) {
      const { target, location } = await provision(harness);
      bait(target);
      SWAPS[swap]?.(harness, target, outside);
      const connecting = harness.adapter.connect(target, location.databaseUrl, null);
      await expect(connecting).rejects.toMatchObject({ name: 'AdapterError', code: 'conflict' });
      for (const path of readdirSync(outside)) rmSync(join(outside, path), { recursive: true });
    }
  });
});
