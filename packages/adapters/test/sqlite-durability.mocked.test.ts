import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adapterContext, newTarget, provision } from '@envplane/testkit';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { sqliteHarness } from './sqlite-harness.ts';

/** What reached the disk and which names came and went, in order. Power cannot be cut here, so the order itself is looked at. */
const events = vi.hoisted((): string[] => []);

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    fsync(descriptor: number, done: (error: Error | null) => void) {
      const { ino } = real.fstatSync(descriptor);
      real.fsync(descriptor, (error) => {
        events.push(`sync ${ino}`);
        done(error);
      });
    },
    linkSync(from: string, to: string) {
      real.linkSync(from, to);
      events.push('link');
    },
    unlinkSync(path: string) {
      real.unlinkSync(path);
      events.push('unlink');
    },
  };
});

const harness = sqliteHarness();
const { adapter, root } = harness;
beforeAll(async () => {
  await adapter.checkPlacement(harness.placement);
});
beforeEach(() => {
  events.length = 0;
});
afterAll(() => harness.close());

const syncOf = (path: string) => `sync ${lstatSync(path).ino}`;

it('I1 a name appears only after the bytes under it are on disk, and is on disk before it is reported', async () => {
  const target = newTarget(harness);
  await adapter.createDatabase(target, { mustExist: false }, adapterContext());
  const path = harness.livePath(target);
  const [bytes, link, ...rest] = events;
  expect([bytes, link]).toEqual([syncOf(path), 'link']);
  expect(rest.slice(0, 2).sort()).toEqual([syncOf(dirname(path)), syncOf(root)].sort());
  expect(rest.slice(2)).toEqual(['unlink']);
});

it('I1 a repeated create makes the name durable that an interrupted one left', async () => {
  const { target } = await provision(harness);
  events.length = 0;
  await adapter.createDatabase(target, { mustExist: true }, adapterContext());
  const path = harness.livePath(target);
  expect(events.sort()).toEqual([syncOf(dirname(path)), syncOf(root)].sort());
});

it('I1 a copy is on disk before it has its name', async () => {
  const { target: source } = await provision(harness);
  const target = newTarget(harness);
  events.length = 0;
  await adapter.copy?.copyDatabase(source, target, { schemaOnly: false }, adapterContext());
  // Once empty, when it is made, and once with everything in it.
  const once = syncOf(harness.livePath(target));
  expect(events.slice(0, events.indexOf('link'))).toEqual([once, once]);
});

it('I7 a delete, an archive and a restore are on disk before they are reported', async () => {
  const { target } = await provision(harness);
  const { target: neighbour } = await provision(
    harness,
    newTarget(harness, { organizationScope: target.organizationScope }),
  );
  const organization = dirname(harness.livePath(target));
  for (const move of [adapter.archive?.archiveDatabase, adapter.archive?.restoreDatabase]) {
    events.length = 0;
    await move?.(target, adapterContext());
    expect(events.indexOf('unlink')).toBeGreaterThan(events.indexOf('link'));
    expect(events.slice(events.lastIndexOf('unlink') + 1).sort()).toEqual(
      [syncOf(organization), syncOf(join(organization, '.trash'))].sort(),
    );
  }
  events.length = 0;
  await adapter.deleteDatabase(target, adapterContext());
  expect(events.slice(events.lastIndexOf('unlink') + 1).sort()).toEqual([syncOf(organization), syncOf(root)].sort());
  await adapter.deleteDatabase(neighbour, adapterContext());
  expect(events.at(-1)).toBe(syncOf(root));
});
