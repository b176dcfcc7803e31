import {
  environmentNotFound,
  grantNotFound,
  keyNotFound,
  memberNotFound,
  operationNotFound,
  organizationNotFound,
  placementNotFound,
  serviceAccountNotFound,
  signingKeyNotFound,
} from '@envplane/service-tenant';
import { ControlPlaneError, invalidRequest, jsonPointer, type ProblemFieldError } from '@envplane/spec';
import type { Context } from 'hono';
import { z } from 'zod';
import type { Route } from '../contract/route.ts';
import type { AppEnv } from '../exchange.ts';
import { readBody } from './body.ts';
import { parseStrictJson } from './strict-json.ts';

type Part = ProblemFieldError['in'];

const NO_FIELDS = z.strictObject({});

/** A malformed id names nothing, exactly as an unknown one does. */
const NOT_FOUND: Readonly<Record<string, () => ControlPlaneError>> = {
  env: environmentNotFound,
  org: organizationNotFound,
  id: operationNotFound,
  kid: signingKeyNotFound,
  placement: placementNotFound,
  user: memberNotFound,
  account: serviceAccountNotFound,
  grant: grantNotFound,
  key: keyNotFound,
};

/**
 * Makes the check of a route's path, query, headers and body, in place of the framework's one validator for each: those read
 * what the route does not declare, and stop at the first part that is wrong. Every wrong field of a request is named at once.
 *
 * What passed is found with `c.req.valid(…)`.
 */
export function checkInput(route: Route): (c: Context<AppEnv>) => void | Promise<void> {
  const { params, query = NO_FIELDS, headers, body } = route.request ?? {};
  const checkParams = params ? pathCheck(params as z.ZodObject) : undefined;
  const checkQuery = queryCheck(query as z.ZodObject);
  const checkHeaders = headers ? headerCheck(headers as z.ZodObject) : undefined;
  const formSchema = schemaOf(body, FORM);
  const bodySchema = schemaOf(body, JSON_BODY) ?? NO_FIELDS;
  if (route.method !== 'get') return checkWithBody;
  return (c) => {
    const errors: ProblemFieldError[] = [];
    checkParams?.(c, errors);
    checkQuery(c, errors);
    checkHeaders?.(c, errors);
    if (errors.length > 0) throw invalidRequest(errors);
  };

  async function checkWithBody(c: Context<AppEnv>): Promise<void> {
    const text = await readBody(c.req.raw, formSchema ? FORM : JSON_BODY);
    const value = formSchema ? parseForm(text) : text === '' ? {} : parseStrictJson(text);
    const errors: ProblemFieldError[] = [];
    checkParams?.(c, errors);
    checkQuery(c, errors);
    checkHeaders?.(c, errors);
    const result = (formSchema ?? bodySchema).safeParse(value);
    if (result.success) c.req.addValidatedData(formSchema ? 'form' : 'json', result.data as object);
    else errors.push(...fieldErrors('body', result.error));
    if (errors.length > 0) throw invalidRequest(errors);
  }
}

const JSON_BODY = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** @throws ControlPlaneError `malformed_request` for a field that is given twice, which RFC 6749 §3.2 forbids */
function parseForm(text: string): Record<string, string> {
  const fields = new URLSearchParams(text);
  const names = [...fields.keys()];
  if (new Set(names).size < names.length) {
    throw new ControlPlaneError('malformed_request', 'The form has a field more than once.');
  }
  return Object.fromEntries(fields);
}

function schemaOf(body: NonNullable<Route['request']>['body'], mediaType: string): z.ZodType | undefined {
  const media = body?.content[mediaType];
  return media && 'schema' in media ? (media.schema as z.ZodType) : undefined;
}

type Check = (c: Context<AppEnv>, errors: ProblemFieldError[]) => void;

function pathCheck(schema: z.ZodObject): Check {
  return (c, errors) => {
    const result = schema.safeParse(c.req.param());
    if (result.success) {
      c.req.addValidatedData('param', result.data);
      return;
    }
    for (const { path } of result.error.issues) {
      const notFound = NOT_FOUND[String(path[0])];
      if (notFound) throw notFound();
    }
    errors.push(...fieldErrors('path', result.error));
  };
}

function queryCheck(schema: z.ZodObject): Check {
  const whenAbsent = schema.safeParse({});
  return (c, errors) => {
    const start = c.req.url.indexOf('?');
    if (start === -1 && whenAbsent.success) {
      c.req.addValidatedData('query', whenAbsent.data);
      return;
    }
    const given = new URLSearchParams(start === -1 ? '' : c.req.url.slice(start + 1));
    const repeated = new Set([...given.keys()].filter((name) => given.getAll(name).length > 1));
    for (const name of repeated)
      errors.push({ in: 'query', pointer: jsonPointer([name]), detail: 'is given more than once' });
    const result = schema.safeParse(Object.fromEntries(given));
    if (result.success) c.req.addValidatedData('query', result.data);
    else errors.push(...fieldErrors('query', result.error));
  };
}

function headerCheck(schema: z.ZodObject): Check {
  const names = Object.keys(schema.shape);
  return (c, errors) => {
    const { headers } = c.req.raw;
    const given = names.filter((name) => headers.get(name) !== null);
    if (given.length === 0) {
      c.req.addValidatedData('header', {});
      return;
    }
    const result = schema.safeParse(Object.fromEntries(given.map((name) => [name, headers.get(name)])));
    if (result.success) c.req.addValidatedData('header', result.data);
    else errors.push(...fieldErrors('header', result.error));
  };
}

function fieldErrors(part: Part, error: z.ZodError): ProblemFieldError[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          in: part,
          pointer: jsonPointer([...issue.path, key]),
          detail: 'is not a field of this request',
        }))
      : [{ in: part, pointer: jsonPointer(issue.path), detail: issue.message }],
  );
}
