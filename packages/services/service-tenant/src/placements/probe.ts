import { AdapterError, ControlPlaneError, Secret } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { type AdministratorColumns, NO_ADMINISTRATOR } from '../secrets/placement-secrets.ts';
import { timed } from '../tracing/tracing.ts';
import { openPlacement } from './adapter-set.ts';
import { lookAtPlacement } from './look.ts';

/** Where the administrator of a request is kept from now on; null when the request names none. */
export async function administratorOf(
  deps: Deps,
  placement: Pick<PlacementRow, 'id' | 'administrator_version'>,
  request: { administrator?: string | undefined; administratorVariable?: string | undefined },
): Promise<Partial<AdministratorColumns> | null> {
  const { administrator, administratorVariable: variable } = request;
  if (administrator !== undefined) return deps.placementSecrets.seal(placement, new Secret(administrator), deps.trace);
  return variable === undefined ? null : { ...NO_ADMINISTRATOR, administrator_variable: variable };
}

/** What is compared of a repeated request: everything, the secret only as a keyed fingerprint. */
export function comparable<Body extends { administrator?: string | undefined }>(deps: Deps, body: Body): object {
  const { administrator, ...rest } = body;
  return administrator === undefined
    ? rest
    : { ...rest, administrator: deps.placementSecrets.fingerprint(new Secret(administrator)) };
}

/**
 * Proves that a placement can be used as it is asked for, before anything of it is committed.
 * @returns its identity
 * @throws ControlPlaneError `validation_failed`, `invalid_state` (another place), `provider_unavailable`
 */
export async function probe(deps: Deps, row: PlacementRow): Promise<string> {
  try {
    const placement = await openPlacement(row, deps.placementSecrets, deps.trace);
    const adapter = deps.adapters.get(row.driver);
    const { identity } = await timed(deps.trace, 'provider', () => lookAtPlacement(adapter, placement, row.identity));
    return identity;
  } catch (error) {
    throw error instanceof AdapterError ? refusalOf(error) : error;
  }
}

function refusalOf(error: AdapterError): ControlPlaneError {
  switch (error.code) {
    case 'unauthorized':
      return wrong('/administrator', error.message);
    case 'invalid_request':
    case 'unsupported':
    case 'quota_exceeded':
      return wrong('/settings', error.message);
    case 'conflict':
      return new ControlPlaneError('invalid_state', error.message, { state: 'conflict' });
    default:
      return new ControlPlaneError('provider_unavailable', error.message, {
        retryAfterMs: error.retryAfterMs ?? 1_000,
      });
  }
}

const wrong = (pointer: string, detail: string) =>
  new ControlPlaneError('validation_failed', detail, { errors: [{ in: 'body', pointer, detail }] });
