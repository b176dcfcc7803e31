import { setTimeout as delay } from 'node:timers/promises';
import type { AdapterContext, DatabaseTarget, Observation } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { aborted, foreign, missing, transportError } from '../../lib/adapter-errors.ts';
import { type NamespaceConfig, readConfig } from './admin-api.ts';
import { effect } from './effects.ts';
import { isOwner, parseKeyRing } from './key-ring.ts';
import { databaseUrlOf, namespaceOf, type Place, placeOf } from './place.ts';

/** Between two reads that both have to answer 404. */
const SECOND_LOOK_MS = 1000;

/**
 * Looks for the target's namespace; null when it is absent. "Ours" is a namespace whose keys name the target as the owner.
 * @throws AdapterError `conflict` for a namespace that is anybody else's.
 */
export async function look(place: Place, target: DatabaseTarget, signal: AbortSignal): Promise<NamespaceConfig | null> {
  const config = await readTwice(place, namespaceOf(target), target.externalUid !== null, signal);
  if (config === null) return null;
  if (!isOwner(parseKeyRing(config.jwt_key).owner, target)) throw foreign();
  return config;
}

/**
 * Reads a configuration. HAZARD: while the server closes namespaces to stay below its limit of open ones, it can answer 404 for
 * one that is there. For a namespace that was `confirmed`, absent takes two reads, 1 s apart.
 */
export async function readTwice(
  place: Place,
  namespace: string,
  confirmed: boolean,
  signal: AbortSignal,
): Promise<NamespaceConfig | null> {
  const first = await readConfig(place, namespace, signal);
  if (first !== null || !confirmed) return first;
  await delay(SECOND_LOOK_MS, undefined, { signal }).catch(() => {
    throw aborted();
  });
  return readConfig(place, namespace, signal);
}

/** Like `look` as an effect, for callers that need the database to be there. @throws AdapterError `unavailable` when it is not. */
export async function lookUp(place: Place, target: DatabaseTarget, context: AdapterContext): Promise<NamespaceConfig> {
  const config = await effect(context, 'ns.observe', () => look(place, target, context.signal));
  if (config === null) throw missing();
  return config;
}

/** The contract's `findDatabase`: tells what is there and never throws. */
export async function findDatabase(target: DatabaseTarget, context: AdapterContext): Promise<Observation> {
  try {
    const place = placeOf(target.placement);
    const config = await effect(context, 'ns.observe', () => look(place, target, context.signal));
    return config === null ? { kind: 'absent' } : { kind: 'ours', ...locationOf(place, target) };
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
    return { kind: 'unknown', error: transportError(error) };
  }
}

/** The server knows a namespace by its name alone. */
export function locationOf(place: Place, target: DatabaseTarget) {
  const namespace = namespaceOf(target);
  return { databaseUrl: databaseUrlOf(place, namespace), externalUid: namespace };
}
