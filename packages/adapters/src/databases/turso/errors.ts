import { AdapterError } from '@envplane/spec';

/**
 * What an answer of the Platform API other than success means. Only what is listed here settles something; whatever else the
 * provider says may have happened and leads to observing by name (I4). Its text is never forwarded (S27).
 */
export function refusal(status: number, pause: { retryAfterMs?: number }): AdapterError {
  if (status === 401) return new AdapterError('unauthorized', 'Turso refuses the platform token.');
  if (status === 403) return new AdapterError('unauthorized', 'The platform token lacks a scope for this.');
  if (status === 402) return new AdapterError('quota_exceeded', 'The Turso plan does not allow this.');
  if (status === 429) return new AdapterError('rate_limited', 'Turso asks for a pause.', pause);
  if (status >= 500) return new AdapterError('unavailable', 'Turso reports an error of its own.', pause);
  return new AdapterError('outcome_unknown', 'Turso gave an answer that settles nothing.');
}

/** An answer that cannot be understood, and so tells nothing about what happened. */
export function unexpected(): AdapterError {
  return new AdapterError('outcome_unknown', 'Turso gave an answer that cannot be understood.');
}

/** The database exists, and its own host does not serve it: it is new, blocked, or in trouble. */
export function unreachable(): AdapterError {
  return new AdapterError('unavailable', 'The database does not answer under its own host.');
}
