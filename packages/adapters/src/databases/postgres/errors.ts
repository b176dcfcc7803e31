import { AdapterError, type AdapterErrorCode } from '@envplane/spec';

type Meaning = readonly [AdapterErrorCode, string];

/** The library has hung up before it said who wants in. */
const UNTRUSTED: Meaning = ['unavailable', 'The certificate of the server is not accepted.'];

/**
 * The closed list of answers that settle something, and the few that say "later". Whatever is not on it may have happened and
 * leads to observing by name (I4). Codes: https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const KNOWN: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['28P01', ['unauthorized', 'The server refuses the login.']],
  ['28000', ['unauthorized', 'The server refuses the login.']],
  ['42501', ['unauthorized', 'The administrator lacks a right; check the placement.']],
  ['42602', ['invalid_request', 'The server refuses a name.']],
  ['42939', ['invalid_request', 'The server refuses a name.']],
  ['55P03', ['unavailable', 'Another call works on the database.']],
  ['55006', ['unavailable', 'The database is in use.']],
  ['53300', ['unavailable', 'The server has no connection left.']],
  ['57P01', ['unavailable', 'The server ended the connection.']],
  ['57P03', ['unavailable', 'The server is starting or stopping.']],
  ['3D000', ['unavailable', 'The database is not where it should be.']],
  ['ECONNREFUSED', ['unavailable', 'The server cannot be reached.']],
  ['ENOTFOUND', ['unavailable', 'The server cannot be reached.']],
  ['EAI_AGAIN', ['unavailable', 'The server cannot be reached.']],
  ['EHOSTUNREACH', ['unavailable', 'The server cannot be reached.']],
  ['CONNECT_TIMEOUT', ['unavailable', 'The server cannot be reached.']],
  ['HUNG_UP', ['unavailable', 'The server hangs up before the login.']],
  ['CERT_HAS_EXPIRED', UNTRUSTED],
  ['CERT_NOT_YET_VALID', UNTRUSTED],
  ['CERT_SIGNATURE_FAILURE', UNTRUSTED],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['ERR_TLS_CERT_ALTNAME_INVALID', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
]);

/** What a statement of ours raises when a login would reach more than its own database. */
export const REACHES_MORE = 'EP013';

/** SQLSTATE of the server, or the code of the system or the client library; an empty string when there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The server has let the login in, and found every session of the database taken. It asks in this order. */
export const isFull = (error: unknown): boolean =>
  codeOf(error) === '53300' && error instanceof Error && 'routine' in error && error.routine === 'CheckMyDatabase';

/** Turns any error into an `AdapterError`. Text and cause are dropped: the server's text names databases and roles (S27). */
export function toAdapterError(error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  if (codeOf(error) === REACHES_MORE) return tooMuch();
  const [code, message] = KNOWN.get(codeOf(error)) ?? [
    'outcome_unknown',
    'The connection or the server reported an error.',
  ];
  return new AdapterError(code, message);
}

export function tooMuch(): AdapterError {
  return new AdapterError('unsupported', 'A connection would reach more than its own database.');
}

/** A newer claim has passed the fence. Nothing was done. */
export function stale(): AdapterError {
  return new AdapterError('outcome_unknown', 'A newer claim works on this database.', { isStale: true });
}

/** A copy into the database has begun and is not complete; only copying again completes it. */
export function unfinishedCopy(): AdapterError {
  return new AdapterError('unavailable', 'A copy of the database is not finished.');
}
