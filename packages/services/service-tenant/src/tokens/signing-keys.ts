import { type JwkSet, PublicJwkSchema, type SigningKeyView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { signingKeyNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { SigningKeyRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions } from '../request.ts';
import { type KeyChange, publishedKeys, revokeKey, rotateKeys, signingKeys } from '../store/signing-keys.ts';
import { requireTokens } from './issuing.ts';

/** The public keys that tokens are verified with: every one that a token in use may be signed with, and the next. For everybody. */
export async function readKeySet(deps: Deps): Promise<JwkSet> {
  const keys = await publishedKeys(deps.engine);
  // What the schema does not name stays in the store.
  return { keys: keys.map((key) => PublicJwkSchema.parse(key.public_jwk)) };
}

/** Every signing key, the newest first, revoked ones included. @throws ControlPlaneError `permission_denied` */
export async function listSigningKeys(deps: Deps, caller: Caller): Promise<SigningKeyView[]> {
  await authorize(deps, caller, 'platform:signing_keys.read', { platform: true });
  return (await signingKeys(deps.engine)).map(signingKeyView);
}

/**
 * Lets the key that stands by sign from now on. Tokens of the one before stay good until they expire.
 * @returns the key that signs now
 * @throws ControlPlaneError `invalid_state` until the standby has been published for 360 s, `encryptor_unavailable`,
 *   `tokens_not_configured`, `idempotency_key_reused`
 */
export async function rotateSigningKey(
  deps: Deps,
  caller: Caller,
  options: MutationOptions = {},
): Promise<SigningKeyView> {
  await authorize(deps, caller, 'platform:signing_keys.rotate', { platform: true });
  const { signer, algorithm } = requireTokens(deps);
  const change = keyChange(caller, 'signing_key.rotate', null, options);
  const next = await signer.create(algorithm, deps.trace);
  const { targetId } = await deps.effect('cp.change', () => rotateKeys(deps.engine, next, change));
  return viewOf(deps, targetId);
}

/**
 * Takes a key out of use at once: it leaves the key set, the feed tells every verifier, and tokens signed with it are refused.
 * The standby takes its place. Works while the key encryptor is down; idempotent.
 * @throws ControlPlaneError `not_found`, `idempotency_key_reused`
 */
export async function revokeSigningKey(
  deps: Deps,
  caller: Caller,
  kid: string,
  options: MutationOptions = {},
): Promise<SigningKeyView> {
  await authorize(deps, caller, 'platform:signing_keys.revoke', { platform: true });
  // Revoking cannot wait for a new key: the rotation makes it once the encryptor is back.
  const next = deps.tokens && (await deps.tokens.signer.create(deps.tokens.algorithm, deps.trace).catch(() => null));
  const change = keyChange(caller, 'signing_key.revoke', kid, options);
  const revoked = await deps.effect('cp.change', () => revokeKey(deps.engine, kid, next, change));
  if (!revoked) throw signingKeyNotFound();
  return viewOf(deps, kid);
}

async function viewOf(deps: Deps, kid: string): Promise<SigningKeyView> {
  const row = (await signingKeys(deps.engine)).find((key) => key.kid === kid);
  if (!row) throw signingKeyNotFound();
  return signingKeyView(row);
}

function keyChange(caller: Caller, action: string, input: string | null, options: MutationOptions): KeyChange {
  return {
    request: idempotent(caller, action, [input], options.idempotencyKey),
    audit: (kid, detail) => ({
      ...audited(caller, action, { organizationId: null }, detail),
      target_kind: 'signing_key',
      target_id: kid,
    }),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

function signingKeyView(row: SigningKeyRow): SigningKeyView {
  return {
    kid: row.kid,
    alg: row.alg,
    status: row.status,
    createdAt: iso(row.created_at),
    activatedAt: row.activated_at === null ? null : iso(row.activated_at),
    retireAfter: row.retire_after === null ? null : iso(row.retire_after),
    revokedAt: row.revoked_at === null ? null : iso(row.revoked_at),
  };
}
