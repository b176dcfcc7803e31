import { ControlPlaneError, type Inventory, type ReleaseHoldBody, ReleaseHoldBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, parse } from '../request.ts';
import { endHold } from '../store/restores.ts';
import { checkInventory, readInventory } from './check.ts';

/**
 * Ends the hold on deleting (A7), after a comparison of every placement that leaves nothing open but what is accepted by name.
 * What is accepted stays as it is: what is in quarantine is never deleted by itself.
 * @throws ControlPlaneError `permission_denied`, `validation_failed`, `invalid_state` while something is open or unlisted, or when another restore was declared meanwhile
 */
export async function releaseHold(deps: Deps, caller: Caller, body: ReleaseHoldBody = {}): Promise<Inventory> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const { accept = [] } = parse(ReleaseHoldBodySchema, body);
  const found = await checkInventory(deps, caller);
  // Repeated, it answers the same.
  if (!found.hold) return readInventory(deps, caller);
  if (!found.complete) {
    const left = found.placements.filter(({ code }) => code !== null).map(({ name }) => name);
    throw new ControlPlaneError('invalid_state', `Not every placement could be listed: ${left.join(', ')}.`, {
      state: found.hold,
    });
  }
  const open = [
    ...found.quarantined.map(({ databaseName }) => databaseName),
    ...found.missing.map(({ environmentId }) => environmentId),
  ].filter((name) => !accept.includes(name));
  if (open.length > 0) {
    throw new ControlPlaneError(
      'invalid_state',
      `${open.length} databases are open; adopt or purge them, or accept each by name: ${open.slice(0, 20).join(', ')}.`,
      { state: found.hold },
    );
  }
  const seen = { restore_generation: found.restoreGeneration };
  const audit = audited(caller, 'restore.release', { organizationId: null }, { accepted: accept });
  if (!(await deps.effect('cp.change', () => endHold(deps.engine, seen, audit)))) {
    throw new ControlPlaneError('invalid_state', 'The hold is another one by now; look again.');
  }
  deps.worker.wake();
  return readInventory(deps, caller);
}
