import { expect, it } from 'vitest';
import type { RecordedStore } from '../src/tracing/recorder.ts';
import { Ring } from '../src/tracing/ring.ts';
import { StoreCallLog } from '../src/tracing/store-call-log.ts';
import { beginTrace, createTracing } from '../src/tracing/tracing.ts';

const directory: RecordedStore = { plane: 'directory', environmentId: null, dialect: 'sqlite', isInTransaction: false };
const environment = (environmentId: string): RecordedStore => ({ ...directory, plane: 'environment', environmentId });
const record = (log: Pick<StoreCallLog, 'record'>, store: RecordedStore, statement = 'select 1') =>
  log.record(store, 'query', statement, 0, 1, performance.now());

it('cap O1 the last 1,000 calls of a plane and 200 of an environment are kept, of 100 environments', () => {
  const log = new StoreCallLog();
  for (let index = 0; index < 1_500; index += 1) record(log, directory, `directory ${index}`);
  for (let index = 0; index < 1_500; index += 1) record(log, environment(`e${index % 2}`), `environment ${index}`);
  const all = log.newestFirst();
  expect(all.filter(({ store }) => store.plane === 'directory').map(({ statement }) => statement)).toEqual(
    Array.from({ length: 1_000 }, (_each, index) => `directory ${1_499 - index}`),
  );
  expect(all.filter(({ store }) => store.plane === 'environment')).toHaveLength(1_000);
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).sort((a, b) => b - a));
  const ofOne = log.newestFirst('e1');
  expect(ofOne).toHaveLength(200);
  expect(ofOne[0]?.statement).toBe('environment 1499');
  for (let index = 0; index < 100; index += 1) record(log, environment(`other ${index}`));
  expect(log.newestFirst('e1')).toEqual([]);
  expect(log.newestFirst('other 99')).toHaveLength(1);
});

it('a statement of any length takes little to keep, and its literals are gone before it is cut', () => {
  const log = new StoreCallLog();
  record(log, environment('e'), `select '${'secret '.repeat(100_000)}' as a, ${'b, '.repeat(5_000)} c`);
  const [kept] = log.newestFirst('e');
  expect(kept?.isRaw).toBe(false);
  expect(Buffer.byteLength(kept?.statement ?? '')).toBeLessThanOrEqual(2_048);
  expect(kept?.statement).toMatch(/^select \? as a, b, b,/);
});

it('a ring tells its last ones, newest first', () => {
  const ring = new Ring<number>(3);
  expect(ring.newestFirst()).toEqual([]);
  const seen = [1, 2, 3, 4, 5, 6, 7].map((each) => {
    ring.push(each);
    return ring.newestFirst();
  });
  expect(seen).toEqual([[1], [2, 1], [3, 2, 1], [4, 3, 2], [5, 4, 3], [6, 5, 4], [7, 6, 5]]);
});

it('a request keeps 200 parts and tells how many more there were', () => {
  const tracing = createTracing(undefined);
  const trace = beginTrace(tracing, 'many');
  for (let index = 0; index < 250; index += 1) record(trace, environment(`e${index}`));
  expect(trace.hops).toHaveLength(200);
  expect(trace.droppedHops).toBe(50);
  expect(trace.environmentIds).toHaveLength(200);
  expect(tracing.calls.newestFirst()).toHaveLength(250);
});

it('cap O2 what is kept back is shown or dropped as a whole', () => {
  const tracing = createTracing(undefined);
  const served = { method: 'GET', route: '/v1/x', status: 200, code: null, principal: null };
  for (const hidden of [true, false]) {
    const trace = beginTrace(tracing, hidden ? 'hidden' : 'shown');
    trace.hold();
    record(trace, directory);
    expect(tracing.calls.newestFirst()).toEqual([]);
    if (hidden) trace.hide();
    record(trace, directory);
    trace.end(served);
    record(trace, directory);
  }
  expect(tracing.calls.newestFirst().map(({ requestId }) => requestId)).toEqual(['shown', 'shown', 'shown']);
  expect(tracing.traces.newestFirst().map(({ requestId }) => requestId)).toEqual(['shown']);
});
