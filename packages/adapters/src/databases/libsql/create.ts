import type { AdapterContext, DatabaseLocation, DatabaseTarget } from '@envplane/spec';
import { createNamespace } from './admin-api.ts';
import { configure, inTurn, settingsOf } from './configure.ts';
import { effect } from './effects.ts';
import { isTemporary } from './key-ring.ts';
import { locationOf } from './observe.ts';
import { namespaceOf, type Place, placeOf } from './place.ts';

/**
 * The contract's `createDatabase`. A new namespace has its marker and limits from its first moment, so it is never open and
 * needs no hardening; the server leaves one that exists as it is.
 */
export async function createDatabase(
  target: DatabaseTarget,
  options: { mustExist: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const place = placeOf(target.placement);
  const namespace = namespaceOf(target);
  // I5: a confirmed database that is gone is an incident, never a reason to create.
  const isNew =
    !options.mustExist && (await effect(context, 'ns.create', () => createOwn(place, namespace, target, context)));
  return isNew ? locationOf(place, target) : harden(place, target, context);
}

/** Creates a namespace that carries the target's marker and that no token opens yet. False when the name is taken. */
export function createOwn(
  place: Place,
  namespace: string,
  target: DatabaseTarget,
  { signal }: AdapterContext,
): Promise<boolean> {
  return inTurn(`${place.adminUrl} ${namespace}`, () =>
    createNamespace(place, namespace, settingsOf(target, new Map()), signal),
  );
}

/** Brings a namespace of ours to where it should be: marker, credentials' keys and no other, limits, no ATTACH. Suspended stays suspended. */
export async function harden(place: Place, target: DatabaseTarget, context: AdapterContext): Promise<DatabaseLocation> {
  const { signal } = context;
  await effect(context, 'ns.config', () =>
    configure(
      place,
      namespaceOf(target),
      target,
      ({ keys }) => ({ keys: new Map([...keys].filter(([label]) => !isTemporary(label))) }),
      { signal },
    ),
  );
  return locationOf(place, target);
}
