/** What an adapter may say went wrong. The code alone tells the caller what it may do next; a provider's text is never forwarded. */
export const ADAPTER_ERROR_CODES = {
  /** The provider cannot be reached or answers 5xx. Observe, then repeat. */
  unavailable: 'not definitive',
  /** The provider asks for a pause (`retryAfterMs`). Repeat after it. */
  rate_limited: 'not definitive',
  /** The request may have been applied. Safe to repeat: observe by name first. */
  outcome_unknown: 'not definitive',
  /** An object with this name exists and is not ours. Never written to, never deleted. */
  conflict: 'not definitive',
  /** The provider refuses more objects or space. */
  quota_exceeded: 'definitive',
  /** The provider refuses our administrator credential or lacks a grant. */
  unauthorized: 'definitive',
  /** The request can never succeed as it is. */
  invalid_request: 'definitive',
  /** The driver cannot do this at all. */
  unsupported: 'definitive',
} as const;

export type AdapterErrorCode = keyof typeof ADAPTER_ERROR_CODES;

/** The only error an adapter throws. `message` is ours: one sentence without addresses, names of tenants or provider text. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly code: AdapterErrorCode;
  /** Milliseconds the provider asked us to wait, with `rate_limited` and `unavailable`. */
  readonly retryAfterMs: number | undefined;
  /** Whether the provider's fence refused the call, because a newer claim works on the object (F3). */
  readonly isStale: boolean;

  constructor(code: AdapterErrorCode, message: string, options: { retryAfterMs?: number; isStale?: boolean } = {}) {
    super(message);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.isStale = options.isStale ?? false;
  }

  /** True when the provider said that nothing happened and nothing will: the operation fails instead of being repeated. */
  get definitive(): boolean {
    return ADAPTER_ERROR_CODES[this.code] === 'definitive';
  }
}

/** Every code a caller of the control plane can meet: HTTP status and the fixed title of its problem document (RFC 9457). */
export const PROBLEMS = {
  malformed_request: [400, 'The request is malformed'],
  cursor_invalid: [400, 'The cursor is not valid'],
  cursor_mismatch: [400, 'The cursor belongs to another list'],
  invalid_grant: [400, 'The grant is not valid'],
  invalid_scope: [400, 'The scope is more than is held'],
  invalid_target: [400, 'No token for this audience'],
  unsupported_grant_type: [400, 'The grant type is not supported'],
  invalid_client: [401, 'The client is not valid'],
  unauthenticated: [401, 'A credential is required'],
  invalid_token: [401, 'The credential is not valid'],
  permission_denied: [403, 'The permission is missing'],
  access_denied: [403, 'Access is denied'],
  environment_mismatch: [403, 'Another environment is meant'],
  escalation: [403, 'More than the caller holds'],
  act_as_not_allowed: [403, 'Acting as a user is not allowed'],
  environment_not_active: [403, 'The environment is not active'],
  read_only: [403, 'Only reading is allowed'],
  service_not_enabled: [403, 'The service is not enabled'],
  not_found: [404, 'Not found'],
  route_not_found: [404, 'No such route'],
  branch_not_found: [404, 'No such branch'],
  slug_taken: [409, 'The slug is taken'],
  name_taken: [409, 'The name is taken'],
  hostname_taken: [409, 'The hostname is taken'],
  default_taken: [409, 'The organization has a default environment'],
  is_default: [409, 'The environment is the default'],
  already_member: [409, 'Already a member'],
  last_owner: [409, 'The last owner stays'],
  invalid_state: [409, 'Not possible in this state'],
  deletion_protected: [409, 'Protected from deletion'],
  quota_exceeded: [409, 'A quota is reached'],
  version_mismatch: [412, 'The resource has changed'],
  body_too_large: [413, 'The body is too large'],
  uri_too_long: [414, 'The URL is too long'],
  unsupported_media_type: [415, 'The media type is not supported'],
  validation_failed: [422, 'The request is not valid'],
  confirmation_mismatch: [422, 'The confirmation does not match'],
  idempotency_key_reused: [422, 'The idempotency key was used for another request'],
  driver_not_configured: [422, 'The driver is not configured'],
  unsupported: [422, 'The driver cannot do this'],
  packages_not_supported: [422, 'Packages are not installed here'],
  token_too_large: [422, 'The token would be too large'],
  operation_in_progress: [423, 'An operation is in progress'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'A defect in the service'],
  /** Of the gateway: the service behind it gave no answer, and may have done what was asked. */
  upstream_unavailable: [502, 'The upstream gave no answer'],
  store_unavailable: [503, 'The store cannot be reached'],
  encryptor_unavailable: [503, 'The key encryptor cannot be reached'],
  encryptor_not_configured: [503, 'No key encryptor is configured'],
  issuer_unavailable: [503, 'The identity issuer cannot be reached'],
  tokens_not_configured: [503, 'No tokens are issued here'],
  provider_unavailable: [503, 'The database provider cannot be reached'],
  connections_exhausted: [503, 'No connection is free'],
  gateway_not_ready: [503, 'The gateway is not ready'],
  /** Thrown by a library call that waited; over HTTP the answer is 202 with the operation. */
  operation_pending: [503, 'The operation is still running'],
  /** Thrown by a library call that waited; over HTTP the failed operation is the answer. */
  operation_failed: [409, 'The operation failed'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is said beside the code, all of it safe to show to the caller. */
export interface ProblemDetails {
  /** Where and why the input is wrong: a JSON Pointer (RFC 6901) into the named part of the request. */
  errors?: { in: 'body' | 'query' | 'path' | 'header'; pointer: string; detail: string }[];
  /** Permissions that would have been needed. */
  missing?: string[];
  /** The state the resource is in, and those in which the verb is allowed. */
  state?: string;
  allowed?: string[];
  /** The operation to look at or to wait for. */
  operationId?: string;
  /** Milliseconds after which a repetition makes sense. */
  retryAfterMs?: number;
}

/** The error of every verb. `message` is one sentence: what could not be done, to what, and the next act. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  get title(): string {
    return PROBLEMS[this.code][1];
  }
}

/** The refusal of an input, with everything that is wrong with it. */
export const invalidRequest = (errors: NonNullable<ProblemDetails['errors']>): ControlPlaneError =>
  new ControlPlaneError('validation_failed', 'The request is not valid; see errors.', { errors });

/** The JSON Pointer of a path (RFC 6901). */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
