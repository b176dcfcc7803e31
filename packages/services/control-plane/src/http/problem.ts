import {
  AdapterError,
  ControlPlaneError,
  type Logger,
  PROBLEMS,
  type ProblemCode,
  type ProblemDetails,
} from '@envplane/spec';
import { HTTPException } from 'hono/http-exception';
import { answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** How a problem is written where it is not, or not only, a problem document. */
export interface ProblemForm {
  mediaType: string;
  write(document: ReturnType<typeof problemDocument>, error: ControlPlaneError): object;
}

const PLAIN: ProblemForm = { mediaType: 'application/problem+json', write: (document) => document };

/** Answers a thrown error as a problem document (RFC 9457). What is not ours to show is answered by its request id alone. */
export function problem(exchange: Exchange, error: unknown, logger: Logger, form = PLAIN): Response {
  const known = asControlPlaneError(error);
  if (known.code === 'internal_error') {
    logger.error({ event: 'http.defect', requestId: exchange.requestId, err: error }, 'a request met a defect');
  }
  exchange.code = known.code;
  const body = JSON.stringify(form.write(problemDocument(known, exchange.requestId), known));
  return answer(exchange, known.status, form.mediaType, body, problemHeaders(known));
}

function problemDocument({ code, status, title, message, details }: ControlPlaneError, requestId: string) {
  const { retryAfterMs: _header, ...shown } = details;
  return { type: `urn:envplane:problem:${code}`, title, status, detail: message, code, requestId, ...shown };
}

function problemHeaders({ code, status, details }: ControlPlaneError): Record<string, string> {
  const headers: Record<string, string> = {};
  // RFC 6750: without a credential the challenge says nothing but the scheme.
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  if (code === 'invalid_client') headers['www-authenticate'] = 'Basic realm="envplane"';
  if (code === 'invalid_token') headers['www-authenticate'] = 'Bearer error="invalid_token"';
  if (code === 'operation_in_progress' && details.operationId)
    headers['location'] = `/v1/operations/${details.operationId}`;
  if (details.retryAfterMs !== undefined || status === 503) {
    headers['retry-after'] = String(Math.max(1, Math.ceil((details.retryAfterMs ?? 1_000) / 1_000)));
  }
  return headers;
}

function asControlPlaneError(error: unknown): ControlPlaneError {
  if (error instanceof ControlPlaneError && error.code !== 'internal_error') return error;
  if (error instanceof AdapterError) return fromAdapter(error);
  if (error instanceof HTTPException) return fromFramework(error);
  return new ControlPlaneError('internal_error', 'This is a defect of the service; its log has this request id.');
}

/** An adapter that was asked for an answer and could not give one; its own sentence stays inside. */
function fromAdapter({ code, retryAfterMs }: AdapterError): ControlPlaneError {
  if (code === 'unsupported')
    return new ControlPlaneError('unsupported', 'The driver of this environment cannot do this.');
  const details: ProblemDetails = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new ControlPlaneError(
    'provider_unavailable',
    `The database provider gave no answer (${code}); try again.`,
    details,
  );
}

function fromFramework({ status }: HTTPException): ControlPlaneError {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  const code = status < 500 ? codes.find((each) => PROBLEMS[each][0] === status) : 'internal_error';
  return new ControlPlaneError(
    code ?? 'malformed_request',
    'The request cannot be read; check it against /openapi.json.',
  );
}
