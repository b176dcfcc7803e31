import { seeded } from '@envplane/testkit';
import { document, type OperationDocument } from './conformance.ts';

/** Choices from a seed: the same seed gives the same requests. */
export class Random {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seeded(seed);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** Ids and slugs that exist, or did. */
export interface Known {
  organizations: string[];
  environments: string[];
  operations: string[];
}

export interface RandomRequest {
  operationId: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

type Schema = Record<string, unknown>;

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

const SLUGS = ['dev', 'prod', ...Array.from({ length: 10 }, (_, index) => `slug-${index}`)];
const STRANGE = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  'true',
  '[]',
  '{}',
  '%',
  '%00',
  '%2e%2e%2f',
  '../..',
  '\u0000',
  '\ud800',
  '😀',
  'é',
  "'",
  '"',
  '\\',
  '`',
  ';--',
  '{{7*7}}',
  '$(id)',
  '\r\n',
  '\u202e',
  'x'.repeat(300),
  'a'.repeat(5_000),
  '1e309',
  '9007199254740993',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'http://127.0.0.1:1/',
  '2026-13-45T99:99:99Z',
  'v1',
  '"v1"',
  'W/"v1"',
  '*',
];
const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/json; charset=latin1',
  'multipart/form-data',
  '',
  'application/xml',
  '💥',
];

/** A request for a route of the document: most parts as they should be, some not. */
export function randomRequest(random: Random, known: Known, token: string): RandomRequest {
  const { path, method, operation } = random.pick(operations);
  const headers: Record<string, string> = {};
  if (!random.chance(0.03)) headers['authorization'] = `Bearer ${random.chance(0.03) ? random.pick(STRANGE) : token}`;
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'header' && random.chance(0.3)) headers[parameter.name] = headerValue(random, parameter.name);
  }
  if (operation['x-envplane'].long && !('prefer' in headers) && random.chance(0.9)) headers['prefer'] = 'respond-async';
  if (random.chance(0.05)) headers['x-request-id'] = random.pick(STRANGE);
  const body = method === 'GET' ? undefined : bodyOf(random, operation, headers, known);
  return {
    operationId: operation.operationId,
    method: random.chance(0.02) ? random.pick(['HEAD', 'DELETE', 'OPTIONS', 'PURGE', 'get', method]) : method,
    path: `${pathOf(random, path, known)}${queryOf(random, operation, known)}`,
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => isHeaderValue(value))),
    body,
  };
}

/** What the Fetch standard lets into a header; the rest is the business of raw sockets. */
const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

function pathOf(random: Random, pattern: string, known: Known): string {
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    if (random.chance(0.1)) return encodeLoosely(random, random.pick(STRANGE));
    if (random.chance(0.05)) return crypto.randomUUID();
    if (name === 'org') return random.pick(known.organizations);
    if (name === 'env') return random.pick(known.environments);
    if (name === 'id') return random.pick(known.operations);
    return random.pick(SLUGS);
  });
  return random.chance(0.01) ? path.slice(0, 1 + random.below(path.length)) + random.pick(STRANGE) : path;
}

function queryOf(random: Random, operation: OperationDocument, known: Known): string {
  const pairs: string[] = [];
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== 'query' || random.chance(0.6)) continue;
    const value = random.chance(0.3) ? random.pick(STRANGE) : String(allowedBy(random, parameter.schema, known));
    pairs.push(`${parameter.name}=${encodeLoosely(random, value)}`);
    if (random.chance(0.03)) pairs.push(`${parameter.name}=${encodeLoosely(random, value)}`);
  }
  if (random.chance(0.03)) pairs.push(random.pick(['x=1', '=', '&&', '%', '__proto__=1', '%00', 'limit[]=1']));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

const encodeLoosely = (random: Random, text: string): string => {
  const whole = text.replaceAll(/\p{Surrogate}/gu, '');
  return random.chance(0.9) ? encodeURIComponent(whole) : whole.replaceAll(/[#?\s\p{Control}]/gu, '');
};

function headerValue(random: Random, name: string): string {
  if (random.chance(0.3)) return random.pick(STRANGE);
  switch (name) {
    case 'if-match':
    case 'if-none-match':
      return `"v${1 + random.below(6)}"`;
    case 'prefer':
      return random.pick(['respond-async', 'wait=0', 'wait=1', 'wait=60, respond-async', 'return=minimal']);
    case 'last-event-id':
      return String(random.below(9));
    default:
      return `key-${random.below(2_000)}`;
  }
}

function bodyOf(
  random: Random,
  operation: OperationDocument,
  headers: Record<string, string>,
  known: Known,
): string | Uint8Array | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema && random.chance(0.8)) return undefined;
  if (random.chance(0.03)) return undefined;
  headers['content-type'] = random.chance(0.02) ? random.pick(CONTENT_TYPES) : 'application/json';
  if (random.chance(0.01)) headers['content-length'] = random.pick(['0', '5', '99999999', '-1', 'x']);
  const value = schema ? mutated(random, allowedBy(random, schema, known)) : random.pick([{}, { x: 1 }, [], null]);
  const text = JSON.stringify(value) ?? '';
  const kind = random.next();
  if (kind < 0.9) return text;
  if (kind < 0.95)
    return text.slice(0, random.below(text.length + 1)) + random.pick(['', '}', ',', '"', '\u0000', text]);
  if (kind < 0.955) return `{"metadata":${'['.repeat(40)}${']'.repeat(40)}}`;
  if (kind < 0.957) return `{"displayName":"${'x'.repeat(70_000)}"}`;
  const bytes = new TextEncoder().encode(text);
  for (let flips = 1 + random.below(3); flips > 0 && bytes.length > 0; flips -= 1)
    bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

/** Leaves most bodies as they are, so that many requests do what they ask for. */
function mutated(random: Random, value: unknown): unknown {
  if (random.chance(0.6) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const changed: Record<string, unknown> = { ...value };
  const name = entries.length === 0 ? 'x' : random.pick(entries)[0];
  switch (random.below(4)) {
    case 0:
      delete changed[name];
      break;
    case 1:
      changed[random.pick([...STRANGE, 'organizationId', 'createdBy', 'databaseUrl'])] = anything(random, 3);
      break;
    default:
      changed[name] = random.chance(0.5) ? random.pick(STRANGE) : anything(random, 3);
  }
  return changed;
}

function anything(random: Random, depth: number): unknown {
  const simple = [null, true, 0, -1, 1.5, 1e308, 2 ** 53, random.pick(STRANGE)];
  if (depth === 0 || random.chance(0.6)) return random.pick(simple);
  const items = Array.from({ length: random.below(4) }, () => anything(random, depth - 1));
  return random.chance(0.5) ? items : Object.fromEntries(items.map((item) => [random.pick(STRANGE), item]));
}

/** A value that the schema allows, as far as a generator this simple can tell. */
function allowedBy(random: Random, schema: Schema, known: Known): unknown {
  if (typeof schema['$ref'] === 'string') {
    return allowedBy(random, document.components.schemas[schema['$ref'].split('/').at(-1) ?? ''] ?? {}, known);
  }
  if (Array.isArray(schema['enum'])) return random.pick(schema['enum']);
  if (schema['type'] === 'object') {
    const required = (schema['required'] ?? []) as string[];
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
    const present = properties.filter(([name]) => required.includes(name) || random.chance(0.25));
    return Object.fromEntries(
      present.map(([name, each]) => [name, named(random, name, known) ?? allowedBy(random, each, known)]),
    );
  }
  if (schema['type'] === 'integer' || schema['type'] === 'number')
    return 1 + random.below(Math.min(Number(schema['maximum'] ?? 300), 300));
  if (schema['type'] === 'boolean') return random.chance(0.5);
  return random.pick(SLUGS);
}

/** What a generator cannot tell from a schema. */
function named(random: Random, name: string, known: Known): unknown {
  if (name === 'driver') return random.pick(['sqlite', 'sqlite', 'guarded', 'turso']);
  if (name === 'placement' || name === 'region') return random.pick(['sqlite', 'guarded', 'local', 'nowhere']);
  if (name === 'organization_id') return random.pick(known.organizations);
  if (name === 'clone_from_environment_id') return random.pick(known.environments);
  if (name === 'hostname') return `${random.pick(SLUGS)}.example.com`;
  if (name === 'metadata') return { a: anything(random, 2) };
  return undefined;
}
