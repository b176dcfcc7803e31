import { z } from 'zod';

const claimsSchema = z.object({ exp: z.number().positive() });

/** When a token expires, in ms since the epoch (RFC 7519, 4.1.4); null when it does not, or is no token. */
export function expiryOf(token: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return claimsSchema.parse(claims).exp * 1000;
  } catch {
    return null;
  }
}
