import { randomBytes } from 'node:crypto';
import type { AdapterContext, Authorization, DatabaseTarget } from '@envplane/spec';
import { type Client, openClient } from './client.ts';
import { configure } from './configure.ts';
import { effect } from './effects.ts';
import { temporaryLabel } from './key-ring.ts';
import type { Place } from './place.ts';
import { generateSigningKey, mintToken, publicKeyOf } from './tokens.ts';

/** Until `exp`; the server adds its leeway. */
const LIFETIME_SECONDS = 60;

/**
 * The adapter's own work inside a namespace of the target, where no tenant's key is at hand: a key that exists only here is let
 * in, and removed when the work is done. What a crash leaves is a key whose private half is gone; hardening removes it.
 */
export async function withOwnAccess<T>(
  place: Place,
  namespace: string,
  target: DatabaseTarget,
  context: AdapterContext,
  authorization: Authorization,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const signingKey = generateSigningKey();
  const label = temporaryLabel(randomBytes(8).toString('hex'), Date.now());
  const { signal } = context;
  const setKey = (publicKey: string | null) =>
    effect(context, 'ns.config', () => {
      const change = (keys: ReadonlyMap<string, string>) => {
        const others = [...keys].filter(([other]) => other !== label);
        return { keys: new Map(publicKey === null ? others : [...others, [label, publicKey]]) };
      };
      return configure(place, namespace, target, ({ keys }) => change(keys), { signal });
    });

  await setKey(publicKeyOf(signingKey));
  const { token } = mintToken(signingKey, { namespace, authorization, lifetimeSeconds: LIFETIME_SECONDS });
  const client = openClient({ databaseUrl: place.url, namespace, token: () => token, signal });
  try {
    return await work(client);
  } finally {
    client.close();
    await setKey(null);
  }
}
