import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStores, type Stores } from '../src/store/open-stores.ts';
import { createReads } from '../src/store/reads.ts';
import { transact } from '../src/store/transaction.ts';

// ADR 0025: what is remembered is never older than the store, whoever wrote to it.

let directory: string;
let ours: Stores;
let theirs: Stores;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'envplane-remembered-'));
  ours = await openStores(`file:${directory}/store.db`);
  theirs = await openStores(`file:${directory}/store.db`);
});

afterEach(async () => {
  await ours.close();
  await theirs.close();
  rmSync(directory, { recursive: true });
});

it('the version changes with a commit of this store and of another one, and with nothing else', async () => {
  const bump = (stores: Stores, id: string) =>
    transact(stores.main, (tx) => tx.insert('sys_audit_head', { chain: id, seq: 0, hash: '' }));
  const first = ours.main.dataVersion();
  await createReads(ours.main).environment('nobody');
  expect(ours.main.dataVersion()).toBe(first);
  await bump(ours, 'a');
  const second = ours.main.dataVersion();
  expect(second).not.toBe(first);
  await bump(theirs, 'b');
  expect(ours.main.dataVersion()).not.toBe(second);
});
