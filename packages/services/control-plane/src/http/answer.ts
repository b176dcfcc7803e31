import { createHash } from 'node:crypto';
import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JSONParsed } from 'hono/utils/types';
import type { AppEnv, Exchange } from './exchange.ts';

const CONTENT_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Headers = Readonly<Record<string, string>>;

/**
 * Every answer is made here. It is written in one piece with plain headers, because the Node.js listener sends such an answer
 * without building the objects of the Fetch standard; a header that is added later costs more than the whole request.
 */
export function answer(
  exchange: Exchange,
  status: number,
  mediaType: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Headers = {},
): Response {
  // One literal and a loop: spreading objects is most of what this function would cost.
  const all: Record<string, string> = {
    'content-type': mediaType,
    'cache-control': 'no-store',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-request-id': exchange.requestId,
    'server-timing': exchange.trace.head(),
  };
  for (const [name, value] of Object.entries(headers)) all[name] = value;
  return new Response(body, { status, headers: all });
}

/** A JSON answer whose type the contract checks. */
export function json<Body, Status extends ContentfulStatusCode>(
  c: Context<AppEnv>,
  body: Body,
  status: Status,
  headers: Headers = {},
): Response & TypedResponse<JSONParsed<Body>, Status, 'json'> {
  return answer(c.get('exchange'), status, 'application/json', textOf(body), headers) as Response &
    TypedResponse<JSONParsed<Body>, Status, 'json'>;
}

/** The answer to a removal, which leaves nothing to show. */
export function nothing(c: Context<AppEnv>): Response & TypedResponse<undefined, 204, 'body'> {
  return answer(c.get('exchange'), 204, 'application/json', null) as Response & TypedResponse<undefined, 204, 'body'>;
}

/** Texts of frozen bodies: they cannot have changed since. */
const texts = new WeakMap<object, string>();

function textOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !Object.isFrozen(body)) return JSON.stringify(body);
  let text = texts.get(body);
  if (text === undefined) {
    text = JSON.stringify(body);
    texts.set(body, text);
  }
  return text;
}

/** A resource that a mutation leaves behind, with its version as `ETag`. */
export function changed<Body extends { version: number }, Status extends 200 | 201>(
  c: Context<AppEnv>,
  body: Body,
  status: Status,
  headers: Headers = {},
): Response & TypedResponse<JSONParsed<Body>, Status, 'json'> {
  return json(c, body, status, { ...headers, etag: etagOf(body) });
}

/** A resource that is read, with its version as `ETag`; 304 without a body when the caller has that version. */
export function resource<Body extends { version: number }>(
  c: Context<AppEnv>,
  body: Body,
): Response & TypedResponse<JSONParsed<Body>, 200, 'json'> {
  const headers = { etag: etagOf(body), 'cache-control': 'private, no-cache' };
  if (!isKnown(c, headers.etag)) return json(c, body, 200, headers);
  return answer(c.get('exchange'), 304, 'application/json', null, headers) as ReturnType<typeof resource<Body>>;
}

/** A file that is the same for everybody while the process runs; 304 when the caller has it. */
export function unchanging(
  c: Context<AppEnv>,
  mediaType: string,
  content: string | Uint8Array<ArrayBuffer>,
  etag: string,
  headers: Headers = {},
): Response {
  const known = isKnown(c, etag);
  const cacheable = { ...headers, etag, 'cache-control': 'no-cache' };
  return answer(c.get('exchange'), known ? 304 : 200, mediaType, known ? null : content, cacheable);
}

export const contentTag = (content: string | Uint8Array): string =>
  `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;

const etagOf = ({ version }: { version: number }): string => `"v${version}"`;

/** Whether the caller has this version: `If-None-Match` with the weak comparison of RFC 9110 §13.1.2. */
function isKnown(c: Context<AppEnv>, etag: string): boolean {
  const list = c.req.header('if-none-match');
  return list?.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === etag) ?? false;
}
