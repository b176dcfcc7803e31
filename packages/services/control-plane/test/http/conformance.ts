import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { buildOpenApiDocument } from '../../src/http/app.ts';
import type { Answer } from './harness.ts';

interface Media {
  schema?: object;
}
interface ResponseDocument {
  content?: Record<string, Media>;
  'x-codes'?: string[];
}
export interface OperationDocument {
  operationId: string;
  responses: Record<string, ResponseDocument>;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  'x-envplane': {
    permission: string | string[];
    command: string | null;
    long: boolean;
    destructive: boolean;
    secret: boolean;
  };
}
export interface OpenApiDocument {
  paths: Record<string, Record<string, OperationDocument>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

export const document = buildOpenApiDocument() as OpenApiDocument;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document');

const routes = Object.entries(document.paths).map(([path, methods]) => ({
  path,
  methods,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

const validators = new Map<string, ValidateFunction>();

/** Throws unless the answer is one that the document promises for the route. */
export function checkAnswer(method: string, path: string, { status, headers, body, text }: Answer<unknown>): void {
  const plainPath = new URL(`http://localhost${path}`).pathname;
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const fitting = routes.filter(({ pattern }) => pattern.test(plainPath));
  // A word of one route is a value of another's parameter: `rotate` beside `{kid}`.
  const route = fitting.find(({ methods }) => verb in methods) ?? fitting[0];
  const operation = route?.methods[verb];
  const about = `${method} ${path} → ${status} ${text.slice(0, 500)}`;
  if (!route || !operation) {
    if (status === 404 && (method === 'HEAD' || problemOf(body).code === 'route_not_found')) return;
    // Nobody looked further than at its length.
    if (status === 414 && problemOf(body).code === 'uri_too_long') return;
    throw new Error(`an undocumented route answered: ${about}`);
  }
  if (status === 304) return;
  const documented = operation.responses[status];
  if (!documented) throw new Error(`undocumented status: ${about}`);
  if (status === 204 && text === '' && !documented.content) return;
  const mediaType = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const media = documented.content?.[mediaType] ?? documented.content?.['*/*'];
  if (!media) throw new Error(`undocumented media type ${mediaType}: ${about}`);
  if (method === 'HEAD' || !media.schema || !/json/.test(mediaType)) return;
  const pointer = ['paths', route.path, verb, 'responses', String(status), 'content', mediaType, 'schema'];
  const reference = `document#/${pointer.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
  const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
  validators.set(reference, validate);
  if (!validate(body)) throw new Error(`not as documented: ${ajv.errorsText(validate.errors)}: ${about}`);
  const codes = documented['x-codes'];
  if (codes && !codes.map((code) => code.toLowerCase()).includes(problemOf(body).code ?? ''))
    throw new Error(`undocumented code: ${about}`);
}

/** A problem, in whichever form the route writes it: a problem document, or the error of the official client. */
export function problemOf(body: unknown): { code?: string; status?: number; missing?: string[]; errors?: object[] } {
  const { error } = body as { error?: { code: string; httpStatus: number; details: object } };
  if (typeof error !== 'object') return body as ReturnType<typeof problemOf>;
  return { ...error.details, code: error.code.toLowerCase(), status: error.httpStatus };
}
