import type { SqlDialect } from '@envplane/spec';

/** How much of a statement is shown, in bytes. */
const SHOWN_BYTES = 2_048;

/**
 * A statement as the log shows it: every literal is `?`, comments are gone, and white space is one space. Placeholders and names
 * stay. In doubt about where a literal ends the rest is left out and `…` stands for it.
 *
 * @param dialect how the database reads it; undefined shows only what is the same however it is read, and then text in double
 *   quotes is taken for a string
 */
export function statementText(sql: string, dialect: SqlDialect | undefined): string {
  if (dialect !== undefined) return shortened(new Reader(sql, dialect, true).read());
  const sqlite = new Reader(sql, 'sqlite', false).read();
  const postgres = new Reader(sql, 'postgres', false).read();
  // Whichever reading is the right one, a beginning of it holds no literal.
  return shortened(sqlite === postgres ? sqlite : `${commonStart(sqlite, postgres)}…`);
}

const SPACE = 0x20;
const WORD = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const NUMBER =
  /(?:0[xob][\da-f_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d[\d_]*)?|\.\d[\d_]*(?:e[+-]?\d[\d_]*)?)[\w$\u0080-\uffff]*/iy;
const LINE_COMMENT = /--[^\n\r]*/y;
/** PostgreSQL: `$$`, `$tag$`. */
const DOLLAR_TAG = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy;
const NUMBERED_DOLLAR = /\$\d+/y;
const NUMBERED_QUESTION = /\?\d*/y;
/** SQLite: `:name`, `@name`, `$name`, with the suffixes of Tcl. */
const NAMED = /[:@$][\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]*)*/y;
const WORD_CHARACTER = /[\w$\u0080-\uffff]/;

/** The statement cannot be read on; what was read before the first quotation mark is safe. */
class InDoubt extends Error {}

class Reader {
  readonly #sql: string;
  readonly #isPostgres: boolean;
  readonly #isCertain: boolean;
  #at = 0;
  #out = '';
  /** The two tokens before, in lower case. */
  #before: [string, string] = ['', ''];
  /** Length of the output at the first quotation mark. */
  #firstQuoted = -1;
  /** PostgreSQL goes on with a string with escapes in the next line. */
  #escapes: 'none' | 'may go on' | 'go on' = 'none';
  #isDefinition = false;

  constructor(sql: string, dialect: SqlDialect, isCertain: boolean) {
    this.#sql = sql;
    this.#isPostgres = dialect === 'postgres';
    this.#isCertain = isCertain;
  }

  read(): string {
    try {
      while (this.#at < this.#sql.length) this.#readToken();
    } catch (error) {
      if (!(error instanceof InDoubt)) throw error;
      return `${this.#out.slice(0, this.#firstQuoted)}…`;
    }
    return this.#out.trimEnd();
  }

  #readToken(): void {
    if (this.#skipSpace()) return;
    const escapes = this.#escapes === 'go on';
    this.#escapes = 'none';
    const char = this.#sql[this.#at] ?? '';
    if (char === "'") this.#readString(escapes);
    else if (char === '"') this.#readName('"', !this.#isCertain || this.#isDefault());
    else if (char === '`' && !this.#isPostgres) this.#readName('`', this.#isDefault());
    else if (char === '[' && !this.#isPostgres) this.#readName(']', this.#isDefault());
    else if (this.#take(NUMBER) !== undefined) this.#put('?');
    else if (!this.#readPlaceholder(char)) this.#readWord(char);
  }

  /** White space and comments. */
  #skipSpace(): boolean {
    const skipped = this.#takeSpace() ?? this.#take(LINE_COMMENT) ?? this.#takeComment();
    if (skipped === undefined) return false;
    if (this.#escapes === 'may go on' && /[\n\r]/.test(skipped)) this.#escapes = 'go on';
    if (this.#out !== '' && !this.#out.endsWith(' ')) this.#out += ' ';
    return true;
  }

  /** Not what a regular expression takes for white space: beyond ASCII everything is part of a name. */
  #takeSpace(): string | undefined {
    const start = this.#at;
    while (this.#at < this.#sql.length && this.#sql.charCodeAt(this.#at) <= SPACE) this.#at += 1;
    return this.#at === start ? undefined : this.#sql.slice(start, this.#at);
  }

  #takeComment(): string | undefined {
    const sql = this.#sql;
    if (!sql.startsWith('/*', this.#at)) return undefined;
    const start = this.#at;
    let depth = 1;
    this.#at += 2;
    while (depth > 0 && this.#at < sql.length) {
      const end = sql.indexOf('*/', this.#at);
      const inner = this.#isPostgres ? sql.indexOf('/*', this.#at) : -1;
      const isNested = inner !== -1 && inner < end;
      depth += isNested ? 1 : -1;
      this.#at = end === -1 ? sql.length : (isNested ? inner : end) + 2;
    }
    return sql.slice(start, this.#at);
  }

  /** @param escapes a backslash takes the meaning from the character after it */
  #readString(escapes: boolean): void {
    this.#quoted();
    const start = this.#at;
    for (let from = start + 1; ; ) {
      const quote = this.#sql.indexOf("'", from);
      if (quote === -1) throw new InDoubt();
      const isEscaped = this.#isPostgres && this.#backslashesBefore(quote, start) % 2 === 1;
      // A setting of the session decides whether a backslash means something in an ordinary string.
      if (isEscaped && !escapes) throw new InDoubt();
      if (!isEscaped && this.#sql[quote + 1] !== "'") {
        this.#endQuoted(quote + 1);
        break;
      }
      from = isEscaped ? quote + 1 : quote + 2;
    }
    this.#put('?');
    if (escapes) this.#escapes = 'may go on';
  }

  #backslashesBefore(end: number, start: number): number {
    let count = 0;
    while (end - count - 1 > start && this.#sql[end - count - 1] === '\\') count += 1;
    return count;
  }

  /** @param hidden it is, or may be, a string */
  #readName(mark: '"' | '`' | ']', hidden: boolean): void {
    this.#quoted();
    const start = this.#at;
    let end = this.#sql.indexOf(mark, start + 1);
    while (mark !== ']' && end !== -1 && this.#sql[end + 1] === mark) end = this.#sql.indexOf(mark, end + 2);
    if (end === -1) throw new InDoubt();
    this.#endQuoted(end + 1);
    this.#put(hidden ? '?' : this.#sql.slice(start, end + 1).replace(/\p{Cc}/gu, ' '));
  }

  #quoted(): void {
    if (this.#firstQuoted === -1) this.#firstQuoted = this.#out.length;
  }

  /** What follows a quotation mark at once was most likely meant to be inside: a value was written without doubling its marks. */
  #endQuoted(at: number): void {
    if (WORD_CHARACTER.test(this.#sql[at] ?? '')) throw new InDoubt();
    this.#at = at;
  }

  #readPlaceholder(char: string): boolean {
    if (char === '$' && this.#isPostgres && this.#readDollarString()) return true;
    // In PostgreSQL `?` is an operator, and what follows it a literal.
    const pattern = char === '?' && !(this.#isPostgres && this.#isCertain) ? NUMBERED_QUESTION : NUMBERED_DOLLAR;
    const placeholder = this.#take(pattern) ?? (this.#isPostgres ? undefined : this.#take(NAMED));
    if (placeholder === undefined) return false;
    if (!this.#isPostgres && !placeholder.startsWith('?') && this.#sql[this.#at] === '(') {
      // To SQLite this is still part of the name, whatever stands in it.
      this.#quoted();
      throw new InDoubt();
    }
    this.#put(placeholder);
    return true;
  }

  #readDollarString(): boolean {
    const tag = this.#take(DOLLAR_TAG);
    if (tag === undefined) return false;
    this.#quoted();
    const end = this.#sql.indexOf(tag, this.#at);
    if (end === -1) throw new InDoubt();
    this.#at = end + tag.length;
    this.#put('?');
    return true;
  }

  #readWord(char: string): void {
    const word = this.#take(WORD);
    if (word === undefined) {
      this.#at += 1;
      this.#put(char);
      return;
    }
    const lower = word.toLowerCase();
    const isPrefix = this.#isPostgres ? /^[ebxn]$/.test(lower) : lower === 'x';
    if (isPrefix && this.#sql[this.#at] === "'") {
      this.#readString(lower === 'e');
      return;
    }
    if (this.#before[0] === '' && /^(create|alter)$/.test(lower)) this.#isDefinition = true;
    const isValue = this.#isLiteralWord(lower) || (this.#isDefault() && !/^(current_\w+|values|as)$/.test(lower));
    this.#put(isValue && this.#sql[this.#at] !== '(' ? '?' : word, lower);
  }

  #isLiteralWord(word: string): boolean {
    const [before, earlier] = this.#before;
    if (word === 'true' || word === 'false') return before !== 'is' && !(before === 'not' && earlier === 'is');
    if (word !== 'null') return false;
    return before !== 'is' && before !== 'not' && !(before === 'set' && /^(delete|update)$/.test(earlier));
  }

  /** In a definition, SQLite takes any name behind DEFAULT for a string. */
  #isDefault(): boolean {
    const [before, earlier] = this.#before;
    return this.#isDefinition && !this.#isPostgres && before === 'default' && earlier !== 'set';
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#sql)?.[0];
    if (text !== undefined) this.#at += text.length;
    return text;
  }

  #put(text: string, token = text): void {
    this.#out += text;
    this.#before = [token, this.#before[0]];
  }
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= SHOWN_BYTES) return text;
  const cut = bytes.subarray(0, SHOWN_BYTES - Buffer.byteLength('…')).toString();
  return `${cut.replace(/\ufffd+$/, '')}…`;
}
