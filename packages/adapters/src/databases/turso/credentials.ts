import { type AdapterContext, AdapterError, type Authorization, type DatabaseTarget, Secret } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { expiryOf } from '../../lib/token-expiry.ts';
import { effect } from './effects.ts';
import { callOf, lookUp } from './observe.ts';
import { mintToken, rotateKeys } from './platform-api.ts';

/** Tokens are renewed at a third of this, which leaves 60 days for an outage. */
const EXPIRATION = '90d';

/** The contract's `mintCredential`. */
export async function mintCredential(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  { authorization }: { authorization: Authorization },
  context: AdapterContext,
): Promise<{ secret: Secret; expiresAtMs: number }> {
  const call = callOf(fetch, target, context);
  await lookUp(call, target, context);
  const token = await effect(context, 'tu.mint', () => mintToken(call, { expiration: EXPIRATION, authorization }));
  if (token === null) throw missing();
  const expiresAtMs = expiryOf(token);
  // One that is lost between here and the store could then never be ended without ending all others (I2).
  if (expiresAtMs === null) throw new AdapterError('unavailable', 'Turso minted a token that does not expire.');
  return { secret: new Secret(token), expiresAtMs };
}

/** The contract's `withdrawCredentials`. The provider restarts what serves the database, so the old tokens may last a moment more. */
export async function withdrawCredentials(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  const call = callOf(fetch, target, context);
  await lookUp(call, target, context);
  if (!(await effect(context, 'tu.withdraw', () => rotateKeys(call)))) throw missing();
}
