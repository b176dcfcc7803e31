import { PROBLEMS, type ProblemCode } from '@envplane/spec';

/** A request that goes no further, and why. */
export interface Refusal {
  allowed: false;
  status: number;
  code: ProblemCode;
  /** One sentence with the next act. */
  detail: string;
  /** Permissions that would have been needed. */
  missing?: string[];
}

export function refusal(code: ProblemCode, detail: string, missing?: string[]): Refusal {
  return { allowed: false, status: PROBLEMS[code][0], code, detail, ...(missing && { missing }) };
}

/** The refusal as a problem document (RFC 9457). */
export function problemResponse({ status, code, detail, missing }: Refusal, requestId: string): Response {
  const title = PROBLEMS[code][1];
  const body = {
    type: `urn:envplane:problem:${code}`,
    title,
    status,
    detail,
    code,
    requestId,
    ...(missing && { missing }),
  };
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  };
  // RFC 6750 §3: without a credential the challenge says nothing but the scheme.
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  if (code === 'invalid_token') headers['www-authenticate'] = 'Bearer error="invalid_token"';
  if (status === 503) headers['retry-after'] = '5';
  return new Response(JSON.stringify(body), { status, headers });
}
