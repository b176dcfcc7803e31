import type { Access } from './claims.ts';

/** What only the gateway may say. `_` counts as `-`, since CGI and its successors turn both into the same variable. */
const TRUSTED_PREFIXES = ['x-user-', 'x-organization-', 'x-environment-', 'x-envplane-'];

const DROPPED = new Set([
  'x-request-id',
  // With these an upstream sees another method or path than the one that was checked.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
  // Of one connection, and not of the next (RFC 9110 §7.6.1).
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The id of the request: the caller's, if it has the form of one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id');
  return given !== null && REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

/** The request as the upstream may see it: without what a caller cannot be trusted to say, with what the token says. */
export function trustedRequest(request: Request, access: Access, requestId: string): Request {
  const headers = new Headers();
  const named = (request.headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const [name, value] of request.headers) {
    if (!isUntrusted(name) && !named.includes(name)) headers.append(name, value);
  }
  headers.set('x-user-id', access.subject.id);
  headers.set('x-organization-id', access.organizationId);
  headers.set('x-environment-id', access.environmentId);
  headers.set('x-user-permissions', asciiJson(access.permissions));
  headers.set('x-user-services', asciiJson(access.services));
  headers.set('x-request-id', requestId);
  return new Request(request, { headers });
}

function isUntrusted(name: string): boolean {
  const canonical = name.toLowerCase().replaceAll('_', '-');
  return DROPPED.has(canonical) || TRUSTED_PREFIXES.some((prefix) => canonical.startsWith(prefix));
}

/** JSON whose characters a header can carry. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
