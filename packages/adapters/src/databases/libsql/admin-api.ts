import { AdapterError } from '@envplane/spec';
import { missing, transportError } from '../../lib/adapter-errors.ts';
import { bytesOf, retryAfterOf } from '../../lib/http-answer.ts';
import { invalid } from './errors.ts';
import type { Place } from './place.ts';

/** Longest wait for an answer. A fork copies a whole database and is bounded by its caller alone. */
const ANSWER_TIMEOUT_MS = 15_000;

/** `GET …/config`. Every field comes back in the next `POST …/config`: what is left out there may be cleared. */
export interface NamespaceConfig {
  block_reads: boolean;
  block_writes: boolean;
  block_reason: string | null;
  jwt_key: string | null;
  [field: string]: unknown;
}

type Answer = { status: number; body: string };

/** The configuration of a namespace, or null for a 404. That alone does not mean that it is gone: see `observe.ts`. */
export async function readConfig(
  place: Place,
  namespace: string,
  signal?: AbortSignal,
): Promise<NamespaceConfig | null> {
  const answer = await call(place, 'GET', `${path(namespace)}/config`, undefined, signal);
  if (answer.status === 404) return null;
  expectSuccess(answer);
  const config = parse(answer.body);
  if (!isConfig(config))
    throw new AdapterError('unavailable', 'The admin port does not answer as a libSQL server does.');
  return config;
}

/** Writes the full configuration. The caller merges: a field that is left out may be cleared, `jwt_key` always is. */
export async function writeConfig(
  place: Place,
  namespace: string,
  config: NamespaceConfig,
  signal?: AbortSignal,
): Promise<void> {
  const answer = await call(place, 'POST', `${path(namespace)}/config`, config, signal);
  if (answer.status === 404) throw missing();
  expectSuccess(answer);
}

/** Creates a namespace with its whole configuration in one step. False when it exists, which leaves it as it is. */
export async function createNamespace(
  place: Place,
  namespace: string,
  config: { jwt_key: string; allow_attach: false; max_db_size: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const answer = await call(place, 'POST', `${path(namespace)}/create`, config, signal);
  if (isTaken(answer)) return false;
  expectSuccess(answer);
  return true;
}

/** Copies a namespace as it is at this moment, its configuration and keys included; a destination that exists is left as it is. */
export async function forkNamespace(place: Place, from: string, to: string, signal: AbortSignal): Promise<void> {
  const answer = await call(place, 'POST', `${path(from)}/fork/${segment(to)}`, {}, signal, null);
  if (answer.status === 404) throw missing();
  if (!isTaken(answer)) expectSuccess(answer);
}

/** False for a 404. */
export async function deleteNamespace(place: Place, namespace: string, signal: AbortSignal): Promise<boolean> {
  const answer = await call(place, 'DELETE', path(namespace), { keep_backup: false }, signal);
  if (answer.status === 404) return false;
  expectSuccess(answer);
  return true;
}

/** The status of a call that shows no credential. */
export async function statusWithoutCredential(place: Place, namespace: string): Promise<number> {
  const { status } = await send(`${place.adminUrl}${path(namespace)}/config`, { method: 'GET' }, ANSWER_TIMEOUT_MS);
  return status;
}

function path(namespace: string): string {
  return `/v1/namespaces/${segment(namespace)}`;
}

/** HAZARD: the server does not check names; `..%2F` leads out of its data directory. */
function segment(namespace: string): string {
  if (!/^[a-z0-9-]{1,64}$/.test(namespace)) throw invalid('The name of the database is not a generated one.');
  return encodeURIComponent(namespace);
}

function call(
  { adminUrl, administrator }: Place,
  method: string,
  route: string,
  body: object | undefined,
  signal: AbortSignal | undefined,
  timeoutMs: number | null = ANSWER_TIMEOUT_MS,
): Promise<Answer> {
  const login = Buffer.from(administrator.reveal()).toString('base64');
  const headers: Record<string, string> = { authorization: `basic ${login}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  return send(adminUrl + route, init, timeoutMs, signal);
}

async function send(url: string, init: RequestInit, timeoutMs: number | null, signal?: AbortSignal): Promise<Answer> {
  const signals = [...(signal ? [signal] : []), ...(timeoutMs === null ? [] : [AbortSignal.timeout(timeoutMs)])];
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
    const body = (await bytesOf(response)).toString();
    if (response.status === 429 || response.status === 503) throw paused(response);
    return { status: response.status, body };
  } catch (error) {
    throw transportError(error);
  }
}

/** Status codes of the closed list are definitive; every other one leads to observing (I4). */
function expectSuccess({ status }: Answer): void {
  if (status === 200) return;
  if (status === 401) throw new AdapterError('unauthorized', 'The server refuses the administrator.');
  throw new AdapterError('outcome_unknown', 'The server answered with an error.');
}

function isTaken({ status, body }: Answer): boolean {
  return status === 400 && body.includes('already exists');
}

function paused(response: Response): AdapterError {
  return response.status === 429
    ? new AdapterError('rate_limited', 'The server asks for a pause.', retryAfterOf(response))
    : new AdapterError('unavailable', 'The server is not available.', retryAfterOf(response));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isConfig(value: unknown): value is NamespaceConfig {
  if (typeof value !== 'object' || value === null) return false;
  const { block_reads, block_writes, block_reason, jwt_key } = value as Record<string, unknown>;
  const isText = (field: unknown) => field === null || typeof field === 'string';
  return (
    typeof block_reads === 'boolean' && typeof block_writes === 'boolean' && isText(block_reason) && isText(jwt_key)
  );
}
