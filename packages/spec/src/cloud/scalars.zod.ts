import { z } from 'zod';

/** PostgreSQL stores neither U+0000 nor a lone surrogate, and SQLite alters them silently: no string may hold one. */
export function isSafeText(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

/** A string of `min` to `max` characters (code points) that both stores keep as it is. */
export function safeText(min: number, max: number) {
  return z.string().min(min).max(max).refine(isSafeText, 'must not contain U+0000 or a lone surrogate');
}

export const IdSchema = z.uuid().describe('UUID (RFC 9562); the ones made here are version 7.');

/** Not an `IdSchema`: a host application may bring organizations with ids of its own making. */
export const OrganizationIdSchema = safeText(1, 255).describe('Id of the organization.');

export const UserIdSchema = safeText(1, 255).describe('Id of the user, as the identity provider knows it.');

export const PrincipalIdSchema = safeText(1, 255).describe('Id of a user or service account, or `platform`.');

export const InstantSchema = z.iso.datetime().describe('Point in time: ISO 8601 in UTC, ending in Z.');

export const SlugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .describe('Short name in URLs: 1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen.');

/** Where a path takes an organization it takes the id or the slug; a slug formed as a UUID would make that ambiguous. */
export const OrganizationSlugSchema = SlugSchema.refine(
  (slug) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(slug),
  'must not have the form of a UUID',
).describe('Short name of the organization in URLs, formed as any slug, but never as a UUID.');

export const DisplayNameSchema = safeText(1, 255).describe('Name that people read, 1 to 255 characters.');

export const RegionSchema = safeText(1, 100).describe('Label of the region.');

export const DatabaseDriverSchema = safeText(1, 50).describe(
  'Driver key, such as sqlite, libsql, turso or postgres; adapters may register further ones.',
);
export type DatabaseDriver = z.infer<typeof DatabaseDriverSchema>;

export const PlacementRefSchema = safeText(1, 100).describe(
  'Id or name of the placement that is to hold the database.',
);

/** The bound keeps the limit a safe integer in bytes as well. */
export const StorageLimitMbSchema = z.int().min(1).max(2_147_483_647).describe('Storage limit in MB (2^20 bytes).');

export const CredentialRotationDaysSchema = z
  .int()
  .min(0)
  .max(365)
  .describe('Days after which credentials are replaced by themselves; 0: never.');

export const VersionSchema = z.int().min(1).describe('Rises with every change; `If-Match` compares it.');

export const DurationMsSchema = z.number().min(0).describe('Duration in ms.');

const HOSTNAME_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** A domain that generated DNS names are made below: room is left for one label, and the dot. */
export const RootDomainSchema = z
  .string()
  .overwrite((domain) => domain.toLowerCase().replace(/\.$/, ''))
  .max(189, 'must have at most 189 characters')
  .regex(new RegExp(`^${HOSTNAME_LABEL}(?:\\.${HOSTNAME_LABEL})*$`), 'must be a DNS name, without port')
  .describe('Domain that generated hostnames are made below.');

/** Accepts any case and one trailing dot, and gives the normal form: lower case, no dot at the end. A port is refused. */
export const HostnameSchema = z
  .string()
  .overwrite((host) => host.toLowerCase().replace(/\.$/, ''))
  .max(253)
  .regex(new RegExp(`^${HOSTNAME_LABEL}(?:\\.${HOSTNAME_LABEL})+$`))
  .describe('DNS name of the environment, unique across all organizations; without port.');

export const RequestIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/)
  .describe('Id of a request, from `X-Request-Id` or made on arrival.');

export const IdempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .describe('Key that makes a repetition of the same request safe: 1 to 255 visible ASCII characters.');
