import type { DatabaseTarget } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { type NamespaceConfig, writeConfig } from './admin-api.ts';
import { formatKeyRing, isOwner, type KeyRing, type Owner, parseKeyRing } from './key-ring.ts';
import { readTwice } from './observe.ts';
import type { Place } from './place.ts';

/** What a change may touch; what it leaves out stays as it is. */
export interface Change {
  keys?: ReadonlyMap<string, string>;
  blocked?: boolean;
}

/**
 * Changes a namespace of the target: reads, merges, writes the full state (every write replaces `jwt_key`, and leaving it out
 * opens the namespace to the key of the server). One at a time for a namespace in this process; between processes the last
 * write counts, and hardening heals it (F4).
 * @throws AdapterError `conflict` when the namespace is neither the target's nor that of `also`; `unavailable` when it is not there.
 */
export function configure(
  place: Place,
  namespace: string,
  target: DatabaseTarget,
  decide: (ring: KeyRing) => Change,
  options: { signal: AbortSignal; also?: DatabaseTarget },
): Promise<void> {
  return inTurn(`${place.adminUrl} ${namespace}`, async () => {
    const current = await readTwice(place, namespace, true, options.signal);
    if (current === null) throw missing();
    const ring = parseKeyRing(current.jwt_key);
    const { also } = options;
    if (!isOwner(ring.owner, target) && !(also && isOwner(ring.owner, also))) throw foreign();
    const wanted = merge(current, target, { keys: ring.keys, ...decide(ring) });
    await writeConfig(place, namespace, wanted, options.signal);
  });
}

function merge(
  current: NamespaceConfig,
  target: DatabaseTarget,
  { keys = new Map(), blocked }: Change,
): NamespaceConfig {
  return {
    ...current,
    ...(blocked !== undefined && {
      block_reads: blocked,
      block_writes: blocked,
      block_reason: blocked ? 'The environment is suspended.' : null,
    }),
    ...settingsOf(target, keys),
  };
}

/** What every namespace of ours is set to, from its first moment. */
export function settingsOf(target: DatabaseTarget, keys: ReadonlyMap<string, string>) {
  const owner: Owner = target;
  return {
    jwt_key: formatKeyRing(owner, keys),
    allow_attach: false,
    max_db_size: String(target.storageLimitMb * 1024 * 1024),
  } as const;
}

const last = new Map<string, Promise<unknown>>();

/** Runs what has the same key one after the other. */
export function inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
  const result = (last.get(key) ?? Promise.resolve()).then(run);
  const settled = result.catch(() => undefined);
  last.set(key, settled);
  void settled.then(() => last.get(key) === settled && last.delete(key));
  return result;
}
