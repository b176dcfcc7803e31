import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommitGroup, createCommitGroup } from '../src/store/commit-group.ts';

describe('transactions that arrive together', () => {
  let database: Database.Database;
  let group: CommitGroup;
  let control: string[];
  let failing: string | null;

  beforeEach(() => {
    database = new Database(':memory:');
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT)');
    control = [];
    failing = null;
    group = createCommitGroup((statement) => {
      control.push(statement);
      if (statement === failing) throw new Error(`injected: ${statement}`);
      database.exec(statement);
    });
  });
  afterEach(() => database.close());

  const insert = (value: string) => database.prepare('INSERT INTO t (value) VALUES (?)').run(value);
  const values = () => database.prepare('SELECT value FROM t ORDER BY id').pluck().all();
  const countOf = (statement: string) => control.filter((line) => line === statement).length;

  it('share one commit, in the order in which they came, and each sees what came before it', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((value) =>
        group(async () => {
          insert(value);
          return values().length;
        }),
      ),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(values()).toEqual(['a', 'b', 'c']);
    expect(countOf('commit')).toBe(1);
  });

  it('a body that throws is rolled back alone, and its error is its own', async () => {
    const results = await Promise.allSettled([
      group(async () => insert('a')),
      group(async () => {
        insert('lost');
        throw new RangeError('no');
      }),
      group(async () => insert('c')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: expect.any(RangeError) });
    expect(values()).toEqual(['a', 'c']);
  });

  it('one that comes alone and throws is rolled back with its transaction, and those that come next are not', async () => {
    const lost = group(async () => {
      insert('lost');
      throw new RangeError('no');
    });
    await expect(lost).rejects.toThrow(RangeError);
    expect(values()).toEqual([]);
    expect(database.inTransaction).toBe(false);
    await Promise.all(['a', 'b'].map((value) => group(async () => insert(value))));
    expect(values()).toEqual(['a', 'b']);
  });

  it.each(['begin immediate', 'commit', 'release job'])(
    'I1 a failing %s fails every one, and nothing is written',
    async (statement) => {
      failing = statement;
      const results = await Promise.allSettled([group(async () => insert('a')), group(async () => insert('b'))]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(values()).toEqual([]);
      expect(database.inTransaction).toBe(false);
      failing = null;
      await group(async () => insert('later'));
      expect(values()).toEqual(['later']);
    },
  );

  it('I1 nobody is told before the whole group is committed', async () => {
    const told: number[] = [];
    const first = group(async () => insert('a')).then(() => told.push(countOf('commit')));
    const second = group(async () => insert('b')).then(() => told.push(countOf('commit')));
    await Promise.all([first, second]);
    expect(told).toEqual([1, 1]);
  });

  it('one that comes while a group runs is in the next, and none is forgotten', async () => {
    let nested: Promise<unknown> = Promise.resolve();
    await group(async () => {
      insert('a');
      nested = group(async () => insert('b'));
    });
    await nested;
    expect(values()).toEqual(['a', 'b']);
    expect(countOf('commit')).toBe(2);
  });

  it('many more than one group holds are all committed', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => group(async () => insert(String(index)))));
    expect(values()).toHaveLength(200);
    expect(countOf('commit')).toBe(4);
  });

  it('drained waits for what is waiting and running', async () => {
    const writes = Promise.all(Array.from({ length: 100 }, (_, index) => group(async () => insert(String(index)))));
    await group.drained();
    expect(values()).toHaveLength(100);
    await writes;
  });
});
