import { AdapterError } from '@envplane/spec';

/** What is there under the name was not made for this object. Nothing of it may be touched. */
export function foreign(): AdapterError {
  return new AdapterError('conflict', 'Something that is not ours lies under the name of the database.');
}

/** The database should be there and is not. Only observing decides what that means (I5). */
export function missing(): AdapterError {
  return new AdapterError('unavailable', 'The database is not where it should be.');
}

/** Whatever was under way may still happen. */
export function aborted(): AdapterError {
  return new AdapterError('outcome_unknown', 'The call was aborted.');
}

/**
 * Turns what `fetch` or the client library throws into an `AdapterError`. Text and cause are dropped: they name addresses and
 * tenants (S27). A request that never left may be repeated blindly; of any other the outcome is open.
 */
export function transportError(error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)
    ? new AdapterError('unavailable', 'The server cannot be reached.')
    : new AdapterError('outcome_unknown', 'The server did not answer, or not in full.');
}
