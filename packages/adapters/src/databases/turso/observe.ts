import {
  type AdapterContext,
  AdapterError,
  type Authorization,
  type DatabaseTarget,
  type Observation,
} from '@envplane/spec';
import type { Client } from '@libsql/client/http';
import { foreign, missing, transportError } from '../../lib/adapter-errors.ts';
import { effect, type TursoEffect } from './effects.ts';
import { unexpected } from './errors.ts';
import { type Contents, readContents } from './marker.ts';
import { checkNames, placeOf } from './place.ts';
import { type DatabaseCall, getDatabase, getGroup, mintToken } from './platform-api.ts';
import { whenReachable, withClient } from './session.ts';
import { pause } from './transport.ts';

/** For a database that was confirmed a single 404 proves nothing; a second one counts after this pause, in ms. */
const SECOND_LOOK_AFTER_MS = 1_000;

/** How long a token for the adapter's own work is good. It is never stored. */
const OWN_TOKEN_EXPIRATION = '10m';

/** A database of ours. */
export interface Sighting {
  uid: string;
  databaseUrl: string;
  contents: Exclude<Contents, { kind: 'foreign' }>;
}

/** @throws AdapterError `invalid_request` for names that are not generated ones, and for an unfit placement. */
export function callOf(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  { signal }: AdapterContext,
): DatabaseCall {
  checkNames(target);
  return { fetch, place: placeOf(target.placement), name: target.databaseName, signal };
}

/**
 * Looks for the target's database; null when there is none. "Ours" is the exact name in the placement's group, and the
 * provider's id once that was recorded. Before, its contents must be empty or carry our marker. Afterwards they are not asked
 * again: the tenant can write the marker, nobody can write the id, and a blocked database cannot be read.
 * @throws AdapterError `conflict` for anything else of that name.
 */
export async function look(
  call: DatabaseCall,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<Sighting | null> {
  const found = await effect(context, 'tu.observe', () => getDatabase(call));
  if (found === null) return null;
  const { uid, databaseUrl } = found;
  if (found.group !== call.place.group) throw foreign();
  if (target.externalUid !== null) {
    if (uid !== target.externalUid) throw foreign();
    return { uid, databaseUrl, contents: { kind: 'own' } };
  }
  const contents = await contentsOf(call, target, { uid, databaseUrl }, context);
  if (contents.kind === 'foreign') throw foreign();
  return { uid, databaseUrl, contents };
}

/** Like `look`, for callers that need the database to be there. @throws AdapterError `unavailable` when it is not. */
export async function lookUp(call: DatabaseCall, target: DatabaseTarget, context: AdapterContext): Promise<Sighting> {
  const sighting = await look(call, target, context);
  if (sighting === null) throw missing();
  return sighting;
}

/** What the database holds, whoever's it is. */
export function contentsOf(
  call: DatabaseCall,
  target: DatabaseTarget,
  { uid, databaseUrl }: { uid: string; databaseUrl: string },
  context: AdapterContext,
): Promise<Contents> {
  return inside(call, databaseUrl, 'read_only', 'tu.read', context, (client) => readContents(client, target, uid));
}

/** Does the adapter's own work inside a database, with a token that is minted for it and expires soon. */
export async function inside<T>(
  call: DatabaseCall,
  databaseUrl: string,
  authorization: Authorization,
  name: TursoEffect,
  context: AdapterContext,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const token = await effect(context, 'tu.mint', () =>
    mintToken(call, { expiration: OWN_TOKEN_EXPIRATION, authorization }),
  );
  if (token === null) throw missing();
  return effect(context, name, () => whenReachable(call, () => withClient(call, databaseUrl, token, body)));
}

/** The contract's `findDatabase`: tells what is there and never throws. */
export async function findDatabase(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<Observation> {
  try {
    const call = callOf(fetch, target, context);
    const sighting = await lookTwice(call, target, context);
    if (sighting === null) return { kind: 'absent' };
    return { kind: 'ours', databaseUrl: sighting.databaseUrl, externalUid: sighting.uid };
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
    return { kind: 'unknown', error: transportError(error) };
  }
}

/**
 * Like `look`, and for a database that was confirmed takes two 404 for absent: one can come from a lagging reader, or from an
 * organization that is gone with everything in it.
 */
export async function lookTwice(
  call: DatabaseCall,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<Sighting | null> {
  const first = await look(call, target, context);
  if (first !== null || target.externalUid === null) return first;
  await pause(SECOND_LOOK_AFTER_MS, call.signal);
  if ((await effect(context, 'tu.observe', () => getGroup(call))) === null) throw unexpected();
  return look(call, target, context);
}
