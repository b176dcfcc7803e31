import { AdapterError } from '@envplane/spec';
import { MARKER_TABLE } from './marker.ts';

/** What a statement may begin with. ATTACH, DETACH and VACUUM reach other files; transactions belong to `tx()`. */
const STATEMENTS = new Set([
  'SELECT',
  'VALUES',
  'WITH',
  'INSERT',
  'REPLACE',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'ALTER',
  'ANALYZE',
  'REINDEX',
]);

/** PRAGMAs that neither reach a file nor change how the connection or the file works. */
const PRAGMAS = new Set([
  'defer_foreign_keys',
  'foreign_key_check',
  'foreign_key_list',
  'freelist_count',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'optimize',
  'page_count',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
  'user_version',
]);

// SQLite's own white space; a line comment ends at a line feed only (tokenize.c). Taking more for white space than SQLite does
// would let a statement hide behind what we take for its beginning.
const SPACE = /[ \t\n\f\r]+|--[^\n]*/y;
const WORD = /[A-Za-z_]+/y;

/**
 * Refuses every statement that could leave the one database a handle is for. In SQLite's grammar the first word decides what a
 * statement is, except after EXPLAIN; that there is only one statement is checked by the library, which compiles one at a time.
 * A guard against mistakes, not a boundary against hostile SQL (S20).
 * @throws AdapterError `invalid_request`
 */
export function checkStatement(sql: string): void {
  const words = wordsOf(sql);
  let word = words.next();
  if (word === 'EXPLAIN') {
    word = words.next();
    if (word === 'QUERY') {
      words.next();
      word = words.next();
    }
  }
  if (word === 'PRAGMA') {
    const first = words.next();
    const name = words.skip('.') ? words.next() : first;
    if (PRAGMAS.has(name.toLowerCase())) return;
    throw refused('This PRAGMA is not available on an environment database.');
  }
  if (!STATEMENTS.has(word)) throw refused('This kind of statement is not available on an environment database.');
}

/** Refuses a writing statement that mentions the marker: without it the database would no longer be ours. */
export function protectMarker(sql: string, readonly: boolean): void {
  if (!readonly && sql.toLowerCase().includes(MARKER_TABLE))
    throw refused('The marker of the database cannot be changed.');
}

function refused(message: string): AdapterError {
  return new AdapterError('invalid_request', message);
}

/** Reads the leading words of a statement, in upper case; an empty string for anything that is no bare word. */
function wordsOf(sql: string): { next(): string; skip(mark: string): boolean } {
  let at = 0;
  function skipSpace(): void {
    for (;;) {
      SPACE.lastIndex = at;
      if (SPACE.test(sql)) {
        at = SPACE.lastIndex;
      } else if (sql.startsWith('/*', at)) {
        const end = sql.indexOf('*/', at + 2);
        at = end === -1 ? sql.length : end + 2;
      } else {
        return;
      }
    }
  }
  return {
    next() {
      skipSpace();
      WORD.lastIndex = at;
      const word = WORD.exec(sql)?.[0] ?? '';
      at += word.length;
      return word.toUpperCase();
    },
    skip(mark) {
      skipSpace();
      const found = sql.startsWith(mark, at);
      if (found) at += mark.length;
      return found;
    },
  };
}
