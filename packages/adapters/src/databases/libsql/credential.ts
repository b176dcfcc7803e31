import {
  type AdapterContext,
  type CallerSetCredentials,
  type CredentialToAccept,
  type DatabaseTarget,
  openAll,
} from '@envplane/spec';
import { configure } from './configure.ts';
import { effect } from './effects.ts';
import { credentialLabel, isTemporary } from './key-ring.ts';
import { namespaceOf, placeOf } from './place.ts';
import { generateSigningKey, publicKeyOf } from './tokens.ts';
import { verifyRefused } from './verify.ts';

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
  verifyRefused: (target, credential, context) =>
    effect(context, 'ns.refused', () => verifyRefused(target, credential, context)),
};

/**
 * The contract's `applyCredentials`. The server checks every HTTP request, so what is not named is refused from now on; keys of the
 * adapter's own work stay.
 *
 * LIMIT: a WebSocket is checked when it is opened, and never again. It outlives its token, its key and every emergency.
 */
async function applyCredentials(
  target: DatabaseTarget,
  credentials: readonly CredentialToAccept[],
  context: AdapterContext,
): Promise<void> {
  const place = placeOf(target.placement);
  const set = (await openAll(credentials)).map((each) => [credentialLabel(each), publicKeyOf(each.secret)] as const);
  await effect(context, 'ns.key', () =>
    configure(place, namespaceOf(target), target, ({ keys }) => ({ keys: new Map([...temporaryOf(keys), ...set]) }), {
      signal: context.signal,
    }),
  );
}

const temporaryOf = (keys: ReadonlyMap<string, string>) => [...keys].filter(([label]) => isTemporary(label));
