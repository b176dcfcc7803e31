import { z } from 'zod';
import { InstantSchema, safeText } from './scalars.zod.ts';

export const SigningAlgorithmSchema = z.enum(['RS256', 'ES256', 'EdDSA']).meta({
  id: 'SigningAlgorithm',
  description: 'Algorithm of a signing key (RFC 7518, RFC 8037). One key has one, and a token cannot choose it.',
});
export type SigningAlgorithm = z.infer<typeof SigningAlgorithmSchema>;

export const SigningKeyStatusSchema = z.enum(['standby', 'active', 'retiring', 'revoked']).meta({
  id: 'SigningKeyStatus',
  description:
    'standby: published and not yet used; active: signs; retiring: published until the last token it signed has expired; revoked: out of use at once.',
});
export type SigningKeyStatus = z.infer<typeof SigningKeyStatusSchema>;

/** Base64url of a SHA-256 digest. */
export const KeyIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe('Key id: the SHA-256 thumbprint of the public key (RFC 7638).');

/** A public key as verifiers read it. `use` and `alg` say what it is for and nothing else. */
export const PublicJwkSchema = z
  .object({
    kty: z.enum(['RSA', 'EC', 'OKP']).describe('Key type.'),
    kid: KeyIdSchema,
    alg: SigningAlgorithmSchema,
    use: z.literal('sig').describe('It verifies signatures.'),
    n: z.string().optional().describe('RSA: modulus.'),
    e: z.string().optional().describe('RSA: exponent.'),
    crv: z.string().optional().describe('EC, OKP: curve.'),
    x: z.string().optional().describe('EC, OKP: coordinate, or the key itself.'),
    y: z.string().optional().describe('EC: coordinate.'),
  })
  .meta({ id: 'PublicJwk', description: 'A public key (RFC 7517).' });
export type PublicJwk = z.infer<typeof PublicJwkSchema>;

export const JwkSetSchema = z
  .object({
    keys: z.array(PublicJwkSchema).describe('Every key that a token in use may be signed with, and the next.'),
  })
  .meta({ id: 'JwkSet', description: 'The public keys that environment tokens are verified with (RFC 7517 §5).' });
export type JwkSet = z.infer<typeof JwkSetSchema>;

export const SigningKeyViewSchema = z
  .object({
    kid: KeyIdSchema,
    alg: SigningAlgorithmSchema,
    status: SigningKeyStatusSchema,
    createdAt: InstantSchema.describe('When it was made and published.'),
    activatedAt: InstantSchema.nullable().describe('When it began to sign.'),
    retireAfter: InstantSchema.nullable().describe('While retiring: when it leaves the key set.'),
    revokedAt: InstantSchema.nullable().describe('When it was revoked.'),
  })
  .meta({ id: 'SigningKey', description: 'A key that environment tokens are signed with; never its private part.' });
export type SigningKeyView = z.infer<typeof SigningKeyViewSchema>;

export const TokenEpochSchema = z
  .object({
    environmentId: safeText(1, 255).describe('The environment; `*` stands for every one.'),
    subject: z.string().describe('The user or service account; empty: everybody in the environment.'),
    epoch: z.int().min(1).describe('Tokens that carry a lower number for it are no longer valid.'),
  })
  .meta({ id: 'TokenEpoch', description: 'Rights were narrowed: tokens made before are not valid any more.' });

export const RevokedKeySchema = z
  .object({ kid: KeyIdSchema })
  .meta({ id: 'RevokedKey', description: 'A signing key was revoked: tokens signed with it are not valid any more.' });

export const EpochFeedSchema = z
  .object({
    items: z
      .array(z.union([TokenEpochSchema, RevokedKeySchema]))
      .describe('What changed, oldest first. An entry may come again: of two the higher epoch counts.'),
    nextCursor: z.string().describe('What to ask with next time; there is always one.'),
    reset: z
      .boolean()
      .describe('The cursor was too old or none: this begins a full list, which takes the place of what is known.'),
    more: z.boolean().describe('There are more entries now; ask again at once.'),
    serverTime: InstantSchema.describe('The clock of the service.'),
  })
  .meta({ id: 'EpochFeed', description: 'Withdrawn environment tokens.' });
export type EpochFeed = z.infer<typeof EpochFeedSchema>;
