import { AdapterError, type SqlRow, type SqlValue } from '@envplane/spec';

/** Oids of `pg_type`, fixed since PostgreSQL 8. */
const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const JSON_TEXT = 114;
const DATE = 1082;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const JSONB = 3802;

const asIs = (text: string) => text;

/**
 * How values come back, for the `types` option of the library: int8 as number where a number can hold it, else bigint; bytea as
 * bytes; timestamps as ISO 8601; json, numeric, date and everything else as the server's text. Nothing is converted on the
 * way out: `bind` has made text of it already, where the library would turn a JSON text into a JSON string.
 */
export const RESULT_TYPES = {
  bool: { to: BOOL, from: [BOOL], serialize: asIs, parse: (text: string) => text === 't' },
  bytea: { to: BYTEA, from: [BYTEA], serialize: asIs, parse: (text: string) => Buffer.from(text.slice(2), 'hex') },
  int8: { to: INT8, from: [INT8], serialize: asIs, parse: integer },
  json: { to: JSON_TEXT, from: [JSON_TEXT], serialize: asIs, parse: asIs },
  jsonb: { to: JSONB, from: [JSONB], serialize: asIs, parse: asIs },
  date: { to: DATE, from: [DATE], serialize: asIs, parse: asIs },
  timestamp: { to: TIMESTAMP, from: [TIMESTAMP], serialize: asIs, parse: isoTimestamp },
  timestamptz: { to: TIMESTAMPTZ, from: [TIMESTAMPTZ], serialize: asIs, parse: isoTimestamp },
};

/** A parameter as text, and the type it is sent with; 0 lets the server infer it from the statement. */
export function bind(value: SqlValue): { text: string | null; type: number } {
  if (value === null) return { text: null, type: 0 };
  if (value instanceof Uint8Array) return { text: `\\x${Buffer.from(value).toString('hex')}`, type: BYTEA };
  if (typeof value === 'boolean') return { text: String(value), type: BOOL };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return { text: String(value), type: 0 };
  }
  throw new AdapterError('invalid_request', 'A parameter is of a kind that cannot be bound.');
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** `2026-01-02 03:04:05.678901+00` as `2026-01-02T03:04:05.678901Z`. Sessions run in UTC. `infinity` and years BC stay as they are. */
function isoTimestamp(text: string): string {
  return text.replace(
    /^(\d{4,}-\d\d-\d\d) ([\d:.]+)(\+00)?$/,
    (_whole, day, time, offset) => `${day}T${time}${offset ? 'Z' : ''}`,
  );
}

/** Rows as plain objects. */
export function plainRows(rows: Iterable<unknown>): SqlRow[] {
  return Array.from(rows, (row) => ({ ...(row as SqlRow) }));
}
