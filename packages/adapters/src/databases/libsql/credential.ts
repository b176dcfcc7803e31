import type { AdapterContext, AdapterCredential, CallerSetCredentials, DatabaseTarget } from '@envplane/spec';
import { configure } from './configure.ts';
import { effect } from './effects.ts';
import { credentialLabel } from './key-ring.ts';
import { namespaceOf, placeOf } from './place.ts';
import { generateSigningKey, publicKeyOf } from './tokens.ts';

/**
 * A credential is an Ed25519 key pair. The server knows the public half, one for each authorization and slot; whoever connects
 * gets a token signed here, never the key.
 */
export const signingKeys: CallerSetCredentials = {
  kind: 'caller_set',
  credentialKind: 'signing_key',
  authorizations: ['full_access', 'read_only'],
  generateSecret: generateSigningKey,
  applyCredentials,
};

/** The contract's `applyCredentials`. What was in a slot before is refused from now on. */
async function applyCredentials(
  target: DatabaseTarget,
  credentials: readonly AdapterCredential[],
  context: AdapterContext,
): Promise<void> {
  const place = placeOf(target.placement);
  const set = credentials.map(
    ({ authorization, slot, secret }) => [credentialLabel(authorization, slot), publicKeyOf(secret)] as const,
  );
  await effect(context, 'ns.key', () =>
    configure(place, namespaceOf(target), target, ({ keys }) => ({ keys: new Map([...keys, ...set]) }), {
      signal: context.signal,
    }),
  );
}
