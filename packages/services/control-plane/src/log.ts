import { type Logger, PROBLEMS } from '@envplane/spec';
import { DeepRedact } from '@hackylabs/deep-redact';
import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';

const REDACTED = '[redacted]';
const ERROR_DEPTH = 5;
const STRING_MAX = 8_192;

/** What a log line may say beside level, time and text. Ids, codes and figures: never names, addresses or contents (S28). */
const FIELDS: ReadonlySet<string> = new Set([
  'event',
  'requestId',
  'trace_id',
  'span_id',
  'organizationId',
  'environmentId',
  'operationId',
  'principalId',
  'driver',
  'placementId',
  'kid',
  'count',
  'method',
  'route',
  'status',
  'code',
  'durationMs',
  'instance',
  'attempt',
  'err',
]);

/** A logger and the way to get its last lines out before the process ends. */
export interface Log {
  logger: Logger;
  flush(): void;
}

/**
 * Logs to stderr, one JSON object a line or, for a person, pretty. A secret is kept out three times: `Secret` prints
 * nothing, errors are reduced to an allow-list, and every finished line is searched by key and by pattern.
 */
export async function createLog(options: {
  level: string;
  format: 'json' | 'pretty';
  /** Where lines go instead of stderr; for tests. */
  stream?: DestinationStream;
}): Promise<Log> {
  const lines =
    options.stream ?? (options.format === 'pretty' ? await prettyStderr() : destination({ dest: 2, sync: false }));
  const writer = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: onlyListed },
      serializers: { err: (error: unknown) => describeError(error, 1) },
      hooks: { streamWrite: redactLine },
    },
    lines,
  );
  return {
    // Not the library's own object: its child loggers would carry fields past the list.
    logger: {
      debug: (fields, message) => writer.debug(fields, message),
      info: (fields, message) => writer.info(fields, message),
      warn: (fields, message) => writer.warn(fields, message),
      error: (fields, message) => writer.error(fields, message),
      isLevelEnabled: (level) => writer.isLevelEnabled(level),
    },
    flush: () => (lines as { flushSync?(): void }).flushSync?.(),
  };
}

/** Imported only for a person at a terminal: it takes longer to load than everything else in this file. */
async function prettyStderr(): Promise<DestinationStream> {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ destination: 2, sync: true, singleLine: true, translateTime: 'HH:MM:ss.l', ignore: 'event' });
}

/** A field that is not listed, or holds more than one value, shows only that it was there, so that whoever added it notices. */
function onlyListed(fields: Record<string, unknown>): Record<string, unknown> {
  const isPlain = ([name, value]: [string, unknown]) =>
    name === 'err' || (FIELDS.has(name) && (typeof value !== 'object' || value === null));
  const entries = Object.entries(fields);
  if (entries.every(isPlain)) return fields;
  return Object.fromEntries(entries.map((entry) => (isPlain(entry) ? entry : [entry[0], '[not listed]'])));
}

/** Type, message, code, stack and causes. A driver's error carries statements, parameters and clients beside them. */
function describeError(error: unknown, depth: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const deeper = depth < ERROR_DEPTH;
  return {
    type: error.name,
    message: error.message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(deeper && error.cause !== undefined && { cause: describeError(error.cause, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map((part) => describeError(part, depth + 1)) }),
  };
}

const SECRET_KEYS = [
  /pass(word|wd|phrase|code)/i,
  /^(pass|pwd)/i,
  /secret/i,
  /token$/i,
  /(^|[a-z_-])key$/i,
  /^(proxy-)?authorization$/i,
  /cookie/i,
  /^(dek|kek)$/i,
  /plaintext/i,
];

/** Secrets inside text. Replaced in this order, each wherever it occurs. */
const SECRET_TEXT: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // User info of a URL, up to the last @: a password may itself hold one. Stack traces hold file URLs, which have none.
  [/\b(?!file:)([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s"'<>]*@/gi, `$1${REDACTED}@`],
  [/([?&;][\w.-]*(?:token|secret|pass|pwd|key|sig|auth|credential)[\w.-]*=)[^&\s"'#;]*/gi, `$1${REDACTED}`],
  [/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  [/envp_[\w-]+/g, REDACTED],
  [/(pass(?:word|wd|phrase|code)[\\"']*\s*[:=]?\s*)(?:\\?"[^"]*"?|\\?'[^']*'?|[^\s"',;}]+)/gi, `$1${REDACTED}`],
  [
    /((?:\bpass|pwd|secret|token|api_?key|private_?key|authorization|cookie)[\\"']*\s*[:=]\s*)(?:\\?"[^"]*"?|\\?'[^']*'?|[^\s"',;}]+)/gi,
    `$1${REDACTED}`,
  ],
];

/** Something that every pattern above needs: most strings have none of it, and are passed on after one look. */
const SUSPICIOUS = /@|=|-----BEGIN|bearer|basic|eyJ|envp_|pass|secret|token|key|authorization|cookie/i;

function redactText(text: string): string {
  if (text.length <= STRING_MAX && !SUSPICIOUS.test(text)) return text;
  const bounded = text.length > STRING_MAX ? `${text.slice(0, STRING_MAX)}…` : text;
  return SECRET_TEXT.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), bounded);
}

/** Why something failed, in one line for the person who started it. */
export function failureText(error: unknown): string {
  return redactText(error instanceof Error ? error.message : 'an unknown failure');
}

/**
 * HAZARD: the library applies only the first of its string tests that matches, and a global pattern keeps its position
 * from one test to the next. So there is one test, which every string meets, and its replacer applies all patterns.
 */
const redactor = new DeepRedact({
  replacement: REDACTED,
  types: ['string', 'number', 'bigint', 'boolean', 'object'],
  blacklistedKeys: SECRET_KEYS,
  stringTests: [{ pattern: /^/, replacer: redactText }],
  serialise: true,
});

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const SEGMENT = String.raw`(?:[a-z-]{1,24}(?:\.json)?|v1|\{[a-zA-Z]{1,24}\}|:[a-zA-Z]{1,24}|\*)`;
const SAFE_MEMBERS = [
  '"level":"(?:debug|info|warn|error)"',
  String.raw`"time":"[\dT:.-]{23}Z"`,
  '"event":"http\\.request"',
  `"(?:request|organization|environment|operation)Id":"${UUID}"`,
  '"principalId":"platform"',
  '"method":"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"',
  `"route":"(?:unmatched|/(?:${SEGMENT}(?:/${SEGMENT}){0,7}/?)?)"`,
  String.raw`"(?:status|durationMs)":[\d.]{1,24}`,
  `"code":"(?:${Object.keys(PROBLEMS).join('|')})"`,
  '"msg":"request"',
].join('|');

/**
 * The line of an ordinary request. Every member is a figure, a UUID or a word of a closed set, and the route is the pattern
 * that matched, not the path: there is no place a secret could stand in, so the search, which costs as much as the request
 * itself, can be left out. Anything else in the line, such as a request id of the client's choice, and it is searched.
 */
const SAFE_LINE = new RegExp(`^\\{(?:${SAFE_MEMBERS})(?:,(?:${SAFE_MEMBERS})){0,15}\\}\\n$`);

function redactLine(line: string): string {
  if (SAFE_LINE.test(line)) return line;
  try {
    return `${redactor.redact(JSON.parse(line))}\n`;
  } catch {
    return `${JSON.stringify({ level: 'error', time: new Date().toISOString(), msg: 'a log line could not be read and is withheld' })}\n`;
  }
}
