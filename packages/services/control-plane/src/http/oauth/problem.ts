import { ControlPlaneError, type Logger, type ProblemCode } from '@envplane/spec';
import type { Context } from 'hono';
import type { AppEnv } from '../exchange.ts';
import { problem } from '../problem.ts';

/** Codes that mean in OAuth what they mean here (RFC 6749 §5.2, RFC 8693 §2.2.2). */
const SAME: ReadonlySet<ProblemCode> = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'unsupported_grant_type',
]);

/** A problem of the token endpoint: an OAuth error as well, as JSON for who asks for that. */
export function oauthProblem(c: Context<AppEnv>, error: unknown, logger: Logger): Response {
  const wantsJson = /\bapplication\/json\b/i.test(c.req.raw.headers.get('accept') ?? '');
  return problem(c.get('exchange'), asInvalidRequest(error), logger, {
    mediaType: wantsJson ? 'application/json' : 'application/problem+json',
    write: (document, known) => ({ ...document, error: oauthCode(known), error_description: known.message }),
  });
}

/** OAuth has one status for what is wrong with a form: 400. */
function asInvalidRequest(error: unknown): unknown {
  if (!(error instanceof ControlPlaneError) || error.code !== 'validation_failed') return error;
  return new ControlPlaneError('malformed_request', error.message, error.details);
}

function oauthCode({ code, status }: ControlPlaneError): string {
  if (SAME.has(code)) return code;
  if (code === 'token_too_large') return 'invalid_scope';
  if (code === 'internal_error') return 'server_error';
  return status === 429 || status === 503 ? 'temporarily_unavailable' : 'invalid_request';
}
