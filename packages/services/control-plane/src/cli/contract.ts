import { readFileSync } from 'node:fs';

/** A command as the OpenAPI document describes it. */
export interface ContractCommand {
  noun: string;
  /** Empty for a command of one word. */
  verb: string;
  summary: string;
  method: string;
  path: string;
  /** Path parameters, in order. */
  arguments: { name: string; description: string }[];
  query: Field[];
  /** Null: the request has no body. */
  body: Field[] | null;
  /** Starts an operation. */
  long: boolean;
  /** What it takes away does not come back. */
  destructive: boolean;
  /** Its answer holds a secret. */
  secret: boolean;
  /** Answers a stream of events. */
  streams: boolean;
}

/** One value of a query or body; a nested one has several names in its path. */
export interface Field {
  path: string[];
  description: string;
  required: boolean;
  /** `texts`: several; `secret`: never on a command line, where other users of the host can read it. */
  kind: 'text' | 'texts' | 'number' | 'boolean' | 'json' | 'secret';
  choices: string[] | undefined;
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  items?: Schema;
  writeOnly?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  default?: unknown;
}

interface Operation {
  summary?: string;
  'x-envplane'?: { command: string | string[] | null; long: boolean; destructive: boolean; secret: boolean };
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Whether printing a secret is what a command is for. */
export const isReveal = ({ verb }: Pick<ContractCommand, 'verb'>): boolean => verb === 'reveal';

/** A field as an option: `envType` is `--env-type`. What names an organization or environment takes more than its id. */
export function flagOf(path: readonly string[]): string {
  const name = path.at(-1) ?? '';
  if (name === 'organizationId') return 'org';
  if (name === 'environmentId') return 'env';
  return path.map((part) => part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join('-');
}

/** The name under which the value of that option is kept. */
export const fieldKey = (field: Field): string =>
  flagOf(field.path).replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const documentFile = new URL('../../openapi.json', import.meta.url);

/** Every command of the contract, in the order of the document. */
export function contractCommands(): ContractCommand[] {
  const document: Document = JSON.parse(readFileSync(documentFile, 'utf8'));
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const declaration = operation['x-envplane'];
      if (!declaration?.command) return [];
      const parameters = operation.parameters ?? [];
      const body = operation.requestBody?.content['application/json']?.schema;
      const described = {
        summary: operation.summary ?? '',
        method,
        path,
        arguments: parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name, description = '' }) => ({ name, description })),
        query: parameters
          .filter((parameter) => parameter.in === 'query')
          .flatMap(({ name, description, required, schema }) =>
            fieldsOf(document, [name], { ...schema, ...(description && { description }) }, required === true),
          ),
        body: body ? fieldsOf(document, [], body, true) : null,
        long: declaration.long,
        destructive: declaration.destructive,
        secret: declaration.secret,
        streams: 'text/event-stream' in (operation.responses['200']?.content ?? {}),
      };
      return [declaration.command].flat().map((command) => {
        const [noun = '', verb = ''] = command.split(' ');
        return { noun, verb, ...described };
      });
    }),
  );
}

function fieldsOf(document: Document, path: string[], schema: Schema, required: boolean): Field[] {
  const { $ref, ...own } = schema;
  const named = $ref ? document.components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)] : undefined;
  const resolved: Schema = { ...named, ...own };
  if (resolved.properties) {
    return Object.entries(resolved.properties).flatMap(([name, property]) =>
      fieldsOf(document, [...path, name], property, required && (resolved.required ?? []).includes(name)),
    );
  }
  return [
    {
      path,
      description: resolved.description ?? '',
      required: required && resolved.default === undefined,
      kind: kindOf(resolved),
      choices: resolved.enum,
    },
  ];
}

function kindOf({ type, items, writeOnly }: Schema): Field['kind'] {
  if (writeOnly) return 'secret';
  const [single] = [type].flat().filter((name) => name !== 'null');
  if (single === 'integer' || single === 'number') return 'number';
  if (single === 'boolean') return 'boolean';
  if (single === 'array' && items?.type === 'string') return 'texts';
  return single === 'string' || single === undefined ? 'text' : 'json';
}
