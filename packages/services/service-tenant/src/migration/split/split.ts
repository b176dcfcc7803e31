import { createHash } from 'node:crypto';
import type { DatabaseHandle, SqlValue } from '@envplane/spec';
import { type SharedSnapshot, withSharedDatabase } from '../../store/shared-database.ts';
import { continueNumbers, createTable, findTable, insertRows, selectContent, selectRows } from './statements.ts';
import { readSchema, type SharedTable } from './tables.ts';

/** Parameters of one statement, below what every driver takes. */
const PARAMETERS = 8_000;
const ROWS = 500;

export interface SplitOptions {
  /** The shared database: `file:<path>` or `postgres://…`. It is read, never written. */
  from: string;
  /** What `environmentColumn` holds in the rows to copy. */
  environmentValue: string;
  environmentColumn: string;
  /** The environment's own database, of the same family as the shared one. */
  target: DatabaseHandle;
  family: 'sqlite' | 'postgres';
  dryRun: boolean;
  onTable?: ((table: SplitTable) => void) | undefined;
}

/** `copied`: with this run. `same`: it was there already, row for row. `planned`: a dry run would copy it. */
export interface SplitTable {
  table: string;
  outcome: 'copied' | 'same' | 'planned' | 'differs';
  rows: number;
  /** SHA-256 over the content of every row, whatever their order. Equal on both sides, or the table is not copied. */
  digest: string;
  created: boolean;
  /** What a table that is made here lacks: generated columns and checks of the shared one. */
  left: string[];
}

export interface SplitReport {
  environmentValue: string;
  tables: SplitTable[];
  /** Tables without the column: they belong to no environment and are left. */
  others: string[];
  /** Whether every table is there, row for row. */
  complete: boolean;
}

/**
 * Copies the rows of one environment out of a shared database, a table at a time and each in one transaction, which is committed when
 * count and digest of both sides are equal. A table that the target lacks is made, without the environment's column. One that holds
 * the very rows already is passed over, so that an interrupted run is simply repeated; one that holds others is left as it is and told.
 *
 * @throws Error when source and target are of two families, or no table has the column
 */
export function splitSharedDatabase(options: SplitOptions): Promise<SplitReport> {
  return withSharedDatabase(options.from, async (shared) => {
    if (shared.family !== options.family) {
      throw new Error(`rows of ${shared.family} cannot be copied into a database of the family ${options.family}`);
    }
    const { tables, others } = await readSchema(shared, options.environmentColumn);
    if (tables.length === 0)
      throw new Error(`no table of the shared database has a column ${options.environmentColumn}`);
    const results: SplitTable[] = [];
    for (const table of tables) {
      const result = await splitTable(shared, table, options);
      results.push(result);
      options.onTable?.(result);
    }
    const complete = results.every(({ outcome }) => outcome === 'copied' || outcome === 'same');
    return { environmentValue: options.environmentValue, tables: results, others, complete };
  });
}

async function splitTable(shared: SharedSnapshot, table: SharedTable, options: SplitOptions): Promise<SplitTable> {
  const { family, target, environmentColumn, environmentValue, dryRun } = options;
  const wanted = await sourceContent(shared, table, options);
  const there = (await target.one(findTable(family), [table.name])) !== null;
  const before = there ? await targetContent(target, family, table) : null;
  const result = {
    table: table.name,
    rows: wanted.rows,
    digest: wanted.digest,
    created: !there,
    left: there ? [] : table.left,
  };
  if (before?.digest === wanted.digest && before.rows === wanted.rows) return { ...result, outcome: 'same' };
  if (before && before.rows > 0) return { ...result, outcome: 'differs' };
  if (dryRun) return { ...result, outcome: 'planned' };

  await target.tx(async (tx) => {
    // A row may point to one that comes later.
    if (family === 'sqlite') await tx.query('PRAGMA defer_foreign_keys = ON');
    if (!there) await tx.exec(createTable(family, table));
    const size = Math.max(1, Math.min(ROWS, Math.floor(PARAMETERS / table.columns.length)));
    const select = selectRows(family, table, environmentColumn);
    for await (const page of shared.pages(select, [environmentValue], size)) {
      const values = page.flatMap((row) => table.columns.map(({ name }) => row[name] as SqlValue));
      await tx.exec(insertRows(family, table, page.length), values);
    }
    for (const { name, isIdentity } of table.columns) {
      if (isIdentity) await tx.query(continueNumbers(table.name, name));
    }
    const copied = await targetContent(tx, family, table);
    if (copied.rows !== wanted.rows || copied.digest !== wanted.digest) {
      throw new Error(`the copy of table ${table.name} differs from its source; nothing of it was kept`);
    }
  });
  return { ...result, outcome: 'copied' };
}

interface Content {
  rows: number;
  digest: string;
}

async function sourceContent(
  shared: SharedSnapshot,
  table: SharedTable,
  { family, environmentColumn, environmentValue }: SplitOptions,
): Promise<Content> {
  const digest = contentDigest();
  const select = selectContent(family, table, environmentColumn);
  for await (const page of shared.pages(select, [environmentValue], ROWS)) {
    for (const { content } of page) digest.add(String(content));
  }
  return digest.result();
}

async function targetContent(
  target: Pick<DatabaseHandle, 'query'>,
  family: 'sqlite' | 'postgres',
  table: SharedTable,
): Promise<Content> {
  const digest = contentDigest();
  for (const { content } of await target.query(selectContent(family, table, null))) digest.add(String(content));
  return digest.result();
}

/** The sum of the rows' hashes, which does not depend on their order and counts one that is there twice as two. */
function contentDigest(): { add(content: string): void; result(): Content } {
  const modulus = 1n << 256n;
  let sum = 0n;
  let rows = 0;
  return {
    add: (content) => {
      sum = (sum + BigInt(`0x${createHash('sha256').update(content).digest('hex')}`)) % modulus;
      rows += 1;
    },
    result: () => ({ rows, digest: sum.toString(16).padStart(64, '0') }),
  };
}
