import type { MutationOptions } from '@envplane/service-tenant';
import { ControlPlaneError } from '@envplane/spec';

const DEFAULT_WAIT_S = 10;
const MAX_WAIT_S = 60;

/**
 * The version that `If-Match` asks for; undefined when it is absent or `*`.
 * @throws ControlPlaneError `version_mismatch` for a tag that can never match, `malformed_request` for what is no tag
 */
function ifVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*"v([1-9]\d{0,15})"\s*$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  // RFC 9110 §13.1.1: the comparison is strong, so that a weak tag matches nothing.
  if (/^\s*(W\/)?"[\x21\x23-\x7e]*"\s*$/.test(header)) {
    throw new ControlPlaneError('version_mismatch', 'If-Match names no version of this resource; read it again.');
  }
  throw new ControlPlaneError('malformed_request', 'If-Match takes one entity tag of the form "v<version>".');
}

/** How long a caller wants to wait for an operation. */
export interface Preference {
  waitMs: number;
  /** The operation itself is wanted, even when it is done in no time. */
  async: boolean;
}

/** Reads `Prefer` (RFC 7240). What is unknown or malformed is ignored, as the standard asks. */
export function preference(header: string | undefined): Preference {
  const tokens = (header ?? '').split(',').map((token) => token.trim().toLowerCase());
  const wait = tokens
    .map((token) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(token)?.[1])
    .find((value) => value !== undefined);
  const async = wait === undefined && tokens.includes('respond-async');
  const seconds = async ? 0 : Math.min(Number(wait ?? DEFAULT_WAIT_S), MAX_WAIT_S);
  return { waitMs: seconds * 1_000, async };
}

/** What the headers of a change tell the verb. @throws ControlPlaneError as `ifVersion` */
export function mutationOptions(headers: {
  'idempotency-key'?: string | undefined;
  'if-match'?: string | undefined;
}): MutationOptions {
  return { idempotencyKey: headers['idempotency-key'], ifVersion: ifVersion(headers['if-match']) };
}
