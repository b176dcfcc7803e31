import { type AdapterContext, AdapterError, type DatabaseLocation, type DatabaseTarget } from '@envplane/spec';
import { aborted, missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { mark } from './marker.ts';
import { callOf, inside, look, lookUp, type Sighting } from './observe.ts';
import { configureDatabase, createDatabase as createAtProvider, type DatabaseCall } from './platform-api.ts';

/** The contract's `createDatabase`. */
export async function createDatabase(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  options: { mustExist: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const call = callOf(fetch, target, context);
  // I5: a confirmed database that is gone is an incident, never a reason to create.
  const found = options.mustExist ? await lookUp(call, target, context) : await look(call, target, context);
  const database = found ?? (await make(call, target, null, context));
  await harden(call, target, context);
  if (database.contents.kind !== 'own') {
    await inside(call, database.databaseUrl, 'full_access', 'tu.mark', context, (client) =>
      mark(client, target, database.uid),
    );
  }
  return { databaseUrl: database.databaseUrl, externalUid: database.uid };
}

/**
 * Makes the database at the provider. After any answer but success, and after none, the name tells what happened: a request that
 * was applied, ours or an earlier one, left a database that is adopted.
 */
export async function make(
  call: DatabaseCall,
  target: DatabaseTarget,
  seed: string | null,
  context: AdapterContext,
): Promise<Sighting> {
  const sizeLimitBytes = sizeLimitOf(target);
  const made = await effect(context, 'tu.create', async () => {
    try {
      return await createAtProvider(call, { sizeLimitBytes, seed });
    } catch (error) {
      if (error instanceof AdapterError && !call.signal.aborted) return error;
      throw call.signal.aborted ? aborted() : error;
    }
  });
  if (!(made instanceof AdapterError) && seed === null) return { ...made, contents: { kind: 'empty' } };
  const found = await look(call, target, context);
  if (found !== null) return found;
  throw made instanceof AdapterError ? made : missing();
}

/** Sets all that a database of ours is set to. Whether it is blocked is another verb's. */
export async function harden(call: DatabaseCall, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  const settings = { deleteProtection: true, sizeLimitBytes: sizeLimitOf(target) };
  if (!(await effect(context, 'tu.config', () => configureDatabase(call, settings)))) throw missing();
}

/** Bytes. */
export function sizeLimitOf({ storageLimitMb }: DatabaseTarget): number {
  return storageLimitMb * 1024 * 1024;
}
