import { type BuiltInPermission, PROBLEMS, type ProblemCode, ProblemSchema } from '@envplane/spec';
import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { z } from 'zod';

/** What a route says about itself beyond its shape; `x-envplane` in the document. */
export interface RouteDeclaration {
  /**
   * `public`; `self`: any caller, who is shown or changes their own only; or what the caller must hold; of a list any one, and
   * the verb checks the one that the body asks for.
   */
  permission: 'public' | 'self' | BuiltInPermission | readonly BuiltInPermission[];
  /** The path parameter that names a user who needs no permission for their own, or null. */
  self: string | null;
  /** The command that calls it, or several, or null. */
  command: string | readonly string[] | null;
  /** Whether it starts an operation and honours `Prefer`. */
  long: boolean;
  /** Whether no other route brings back what it takes away. */
  destructive: boolean;
  /** Whether its answer may hold a secret. */
  secret: boolean;
  /** Whether it shows what was done, and so is itself in no store-call log and no trace. */
  observer: boolean;
}

export type Definition<Path extends string> = Omit<RouteConfig, 'path' | 'tags' | 'operationId' | 'security'> & {
  path: Path;
  permission: RouteDeclaration['permission'];
  /** Problems of the verb; those of the way to it are added here. */
  problems?: readonly ProblemCode[];
  /** How problems are written; as problem documents when absent. */
  wire?: Wire;
} & Partial<Omit<RouteDeclaration, 'permission'>>;

/** How a wire writes a problem down. */
export interface Wire {
  mediaType: string;
  schema: z.ZodType;
  codeOf(code: ProblemCode): string;
}

const PROBLEM_DOCUMENTS: Wire = {
  mediaType: 'application/problem+json',
  schema: ProblemSchema,
  codeOf: (code) => code,
};

/** A route of the contract: its shape for documents, types and validation, and its declaration. */
export interface Route extends RouteConfig {
  'x-envplane': RouteDeclaration;
}

/** Writes down a route. Problems enter the document only: they are thrown, and never an answer that a handler could return. */
export function route<Path extends string, R extends Definition<Path>>(
  definition: R & { path: Path },
): R & Pick<Route, 'x-envplane'> {
  const {
    permission,
    self = null,
    command = null,
    long = false,
    destructive = false,
    secret = false,
    observer = false,
    problems = [],
    wire = PROBLEM_DOCUMENTS,
    ...config
  }: Definition<Path> = definition;
  const declaration: RouteDeclaration = { permission, self, command, long, destructive, secret, observer };
  const codes = [...problems, ...problemsOnTheWay(config.method, declaration)];
  const created = createRoute({
    ...config,
    security: permission === 'public' ? [] : [{ bearer: [] }],
    responses: { ...config.responses, ...problemResponses(codes, wire) },
    'x-envplane': declaration,
  });
  return created as unknown as R & Pick<Route, 'x-envplane'>;
}

/** What can be wrong with whoever calls a closed route. */
const PROBLEMS_OF_A_CALLER: readonly ProblemCode[] = [
  'unauthenticated',
  'invalid_token',
  'permission_denied',
  'act_as_not_allowed',
  'rate_limited',
  'store_unavailable',
  'issuer_unavailable',
];

function problemsOnTheWay(method: string, { permission, long }: RouteDeclaration): ProblemCode[] {
  const codes: ProblemCode[] = ['uri_too_long', 'headers_too_large', 'validation_failed'];
  if (permission !== 'public') codes.push(...PROBLEMS_OF_A_CALLER);
  if (method !== 'get') codes.push('malformed_request', 'body_too_large', 'unsupported_media_type');
  if (long) codes.push('operation_failed');
  return codes;
}

/** One entry a status, which names its codes for people and, in `x-codes`, for programs. */
function problemResponses(codes: readonly ProblemCode[], wire: Wire): RouteConfig['responses'] {
  const unique = [...new Set(codes)].sort();
  return Object.fromEntries(
    unique.map((code) => {
      const [status] = PROBLEMS[code];
      const same = unique.filter((other) => PROBLEMS[other][0] === status);
      return [
        status,
        {
          description: same.map((each) => `\`${wire.codeOf(each)}\`: ${PROBLEMS[each][1]}.`).join(' '),
          content: { [wire.mediaType]: { schema: wire.schema } },
          'x-codes': same.map(wire.codeOf),
        },
      ];
    }),
  );
}

type HeaderDocuments = Record<string, { description: string; schema: { type: 'string' } }>;

/** A JSON answer. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string, headers: HeaderDocuments = {}) {
  return { description, headers, content: { 'application/json': { schema } } };
}

/** What was named is gone, and there is nothing to show. */
export const removed = { description: 'Removed.' };

/** A JSON body. Always required: an absent one is read as `{}`, so that defaults and missing fields are treated as such. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true as const, content: { 'application/json': { schema } } };
}
