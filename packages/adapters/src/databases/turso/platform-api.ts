import type { Authorization } from '@envplane/spec';
import { z } from 'zod';
import { unexpected } from './errors.ts';
import { databaseUrlOf, type Place } from './place.ts';
import { type PlatformRequest, send } from './transport.ts';

const databaseSchema = z.object({
  Name: z.string(),
  DbId: z.string().min(1),
  Hostname: z.string(),
  group: z.string(),
  delete_protection: z.boolean().nullish(),
});
const createdSchema = z.object({ database: databaseSchema.pick({ Name: true, DbId: true, Hostname: true }) });
const listSchema = z.object({
  databases: z.array(databaseSchema.pick({ Name: true, DbId: true, group: true })),
  pagination: z.object({ total_pages: z.int() }).nullish(),
});
const configurationSchema = z.object({
  size_limit: z.string(),
  allow_attach: z.boolean(),
  block_reads: z.boolean(),
  block_writes: z.boolean(),
  delete_protection: z.boolean(),
});
const amountsSchema = z.object({ storage_bytes: z.number() });
const usageSchema = z.object({
  database: z.object({ total: amountsSchema.optional(), usage: amountsSchema.optional() }),
});
const groupSchema = z.object({ group: z.object({ name: z.string(), uuid: z.string().min(1).optional() }) });
const tokenSchema = z.object({ jwt: z.string().min(1) });

export interface PlatformDatabase {
  name: string;
  /** The provider's id, which no other database ever has. */
  uid: string;
  databaseUrl: string;
  group: string;
  deleteProtection: boolean;
}

/** What a call for one database is about: where, which, and until when. */
export interface DatabaseCall {
  fetch: typeof globalThis.fetch;
  place: Place;
  name: string;
  signal: AbortSignal;
}

/** Null when there is no database of that name. */
export async function getDatabase(call: DatabaseCall): Promise<PlatformDatabase | null> {
  const answer = await ask(
    call,
    { method: 'GET', path: ['databases', call.name] },
    z.object({ database: databaseSchema }),
  );
  if (answer === null) return null;
  const { Name, DbId, Hostname, group, delete_protection } = answer.database;
  // A name is matched exactly, and only then does it become part of an address.
  if (Name !== call.name) throw unexpected();
  const databaseUrl = databaseUrlOf(Hostname, call.place, Name);
  return { name: Name, uid: DbId, databaseUrl, group, deleteProtection: delete_protection === true };
}

/** Creates the database, with the contents of `seed` if one is named. Not idempotent: an existing name is refused in some way. */
export async function createDatabase(
  call: DatabaseCall,
  { sizeLimitBytes, seed }: { sizeLimitBytes: number; seed: string | null },
): Promise<{ uid: string; databaseUrl: string }> {
  const body = {
    ...{ name: call.name, group: call.place.group, size_limit: String(sizeLimitBytes) },
    ...(seed === null ? {} : { seed: { type: 'database', name: seed } }),
  };
  const answer = await ask(call, { method: 'POST', path: ['databases'], body }, createdSchema);
  // Not "no such database": the organization, or the database to copy, is not there.
  if (answer === null || answer.database.Name !== call.name) throw unexpected();
  const { DbId, Hostname } = answer.database;
  return { uid: DbId, databaseUrl: databaseUrlOf(Hostname, call.place, call.name) };
}

/** What is left out stays as it is. False when there is no such database. */
export async function configureDatabase(
  call: DatabaseCall,
  settings: { deleteProtection?: boolean; sizeLimitBytes?: number; blocked?: boolean },
): Promise<boolean> {
  const { deleteProtection, sizeLimitBytes, blocked } = settings;
  const body = {
    ...(deleteProtection === undefined ? {} : { delete_protection: deleteProtection }),
    ...(sizeLimitBytes === undefined ? {} : { size_limit: String(sizeLimitBytes) }),
    ...(blocked === undefined ? {} : { block_reads: blocked, block_writes: blocked }),
  };
  const path = ['databases', call.name, 'configuration'];
  return (await ask(call, { method: 'PATCH', path, body }, z.object({}))) !== null;
}

/** How a database is set; null when there is none of that name. */
export async function readConfiguration(
  call: DatabaseCall,
): Promise<{ isProtected: boolean; sizeLimit: string; isBlocked: boolean; isAttachable: boolean } | null> {
  const path = ['databases', call.name, 'configuration'];
  const answer = await ask(call, { method: 'GET', path }, configurationSchema);
  return (
    answer && {
      isProtected: answer.delete_protection,
      sizeLimit: answer.size_limit,
      isBlocked: answer.block_reads || answer.block_writes,
      isAttachable: answer.allow_attach,
    }
  );
}

/** Succeeds when there is no such database. */
export async function deleteDatabase(call: DatabaseCall): Promise<void> {
  await ask(call, { method: 'DELETE', path: ['databases', call.name] }, z.object({}));
}

/** A database token; null when there is no such database. */
export async function mintToken(
  call: DatabaseCall,
  { expiration, authorization }: { expiration: string; authorization: Authorization },
): Promise<string | null> {
  const query = { expiration, authorization: authorization === 'read_only' ? 'read-only' : 'full-access' };
  const path = ['databases', call.name, 'auth', 'tokens'];
  return (await ask(call, { method: 'POST', path, query }, tokenSchema))?.jwt ?? null;
}

/** Rotates the keys that the database's tokens are signed with: all of them end. False when there is no such database. */
export async function rotateKeys(call: DatabaseCall): Promise<boolean> {
  const path = ['databases', call.name, 'auth', 'rotate'];
  return (await ask(call, { method: 'POST', path }, z.unknown())) !== null;
}

/** Bytes stored; null when there is no such database. */
export async function storedBytes(call: DatabaseCall): Promise<number | null> {
  const answer = await ask(call, { method: 'GET', path: ['databases', call.name, 'usage'] }, usageSchema);
  if (answer === null) return null;
  // The documentation says `total`, the vendor's client reads `usage`.
  const amounts = answer.database.total ?? answer.database.usage;
  if (amounts === undefined) throw unexpected();
  return amounts.storage_bytes;
}

type PlaceCall = Omit<DatabaseCall, 'name'>;

/** What the provider calls the placement's group; null when the group or its organization is not there. */
export async function getGroup(call: PlaceCall): Promise<{ uid: string } | null> {
  const answer = await ask(call, { method: 'GET', path: ['groups', call.place.group] }, groupSchema);
  return answer && { uid: answer.group.uuid ?? `${call.place.organization}/${answer.group.name}` };
}

/** One page of the group's databases, pages counted from 1. A list without pages is one page. */
export async function listPage(
  call: PlaceCall,
  page: number,
): Promise<{ databases: { name: string; uid: string }[]; isLast: boolean }> {
  const { group } = call.place;
  const query = { group, ...(page === 1 ? {} : { page: String(page) }) };
  const answer = await ask(call, { method: 'GET', path: ['databases'], query }, listSchema);
  if (answer === null) throw unexpected();
  return {
    databases: answer.databases
      .filter((one) => one.group === group)
      .map(({ Name, DbId }) => ({ name: Name, uid: DbId })),
    isLast: page >= (answer.pagination?.total_pages ?? 1),
  };
}

/** Sends, and checks the answer. Null for 404. */
async function ask<S extends z.ZodType>(
  call: PlaceCall,
  request: PlatformRequest,
  schema: S,
): Promise<z.output<S> | null> {
  const answer = await send(call.fetch, call.place, request, call.signal);
  if (answer === null) return null;
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw unexpected();
  return parsed.data;
}
