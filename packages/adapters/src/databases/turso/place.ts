import { AdapterError, type DatabaseTarget, type Placement, type Secret } from '@envplane/spec';
import { z } from 'zod';

/** Longest name this driver takes; with the organization it is one label of a host name. */
export const MAX_NAME_LENGTH = 26;

/** What our generator makes, and nothing else becomes part of a URL (S9). */
const GENERATED_NAME = /^[a-z0-9]{20,40}$/;

/** Turso's alphabet for the slug of an organization and the name of a group. */
const slug = z.string().regex(/^[a-z0-9-]+$/);

const settingsSchema = z.object({
  // `<name>-<organization>` is one DNS label of at most 63 characters.
  organization: slug.max(63 - 1 - MAX_NAME_LENGTH),
  group: slug.max(64),
  apiUrl: z
    .url({ protocol: /^https$/ })
    .refine((url) => new URL(url).href === `${new URL(url).origin}/`)
    .default('https://api.turso.tech'),
});

/** A group of an organization, and the platform token that manages it. */
export interface Place {
  apiUrl: string;
  organization: string;
  group: string;
  token: Secret;
}

/** @throws AdapterError `invalid_request` for settings with which no call can be made. */
export function placeOf(placement: Placement): Place {
  const settings = settingsSchema.safeParse(placement.settings);
  if (!settings.success) {
    throw new AdapterError(
      'invalid_request',
      'A Turso placement needs organization, group and, if given, the https origin of the API as apiUrl.',
    );
  }
  if (placement.administrator === null) {
    throw new AdapterError('invalid_request', 'A Turso placement needs a platform token.');
  }
  return { ...settings.data, token: placement.administrator };
}

export function isGenerated(databaseName: string): boolean {
  return GENERATED_NAME.test(databaseName) && databaseName.length <= MAX_NAME_LENGTH;
}

/** @throws AdapterError `invalid_request` for a name that our generator cannot have made for this driver. */
export function checkNames({ databaseName, organizationScope }: DatabaseTarget): void {
  if (
    !GENERATED_NAME.test(databaseName) ||
    databaseName.length > MAX_NAME_LENGTH ||
    !GENERATED_NAME.test(organizationScope)
  ) {
    throw new AdapterError('invalid_request', 'The name of the database or of its scope is not a generated one.');
  }
}

/**
 * The address of a database, from the host name that the provider told. Any other host than the database's own, with or without
 * a region in it, is refused: what is sent there carries a token (S7).
 * @throws AdapterError `outcome_unknown`
 */
export function databaseUrlOf(hostname: string, place: Place, databaseName: string): string {
  const databaseUrl = `libsql://${hostname}`;
  if (!isUrlOf(databaseUrl, place, databaseName)) {
    throw new AdapterError('outcome_unknown', 'Turso named a host that does not belong to the database.');
  }
  return databaseUrl;
}

/** Whether an address is one that `databaseUrlOf` gives for this database. */
export function isUrlOf(databaseUrl: string, { organization }: Place, databaseName: string): boolean {
  return new RegExp(`^libsql://${databaseName}-${organization}(\\.[a-z0-9-]+)?\\.turso\\.io$`).test(databaseUrl);
}
