import type { AdoptDatabaseBody, PurgeDatabaseBody, ReleaseHoldBody } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { MutationOptions } from '../request.ts';
import { adoptDatabase } from './adopt-database.ts';
import { checkAfterRestore } from './after-restore.ts';
import { checkInventory, readInventory } from './check.ts';
import { purgeDatabase } from './purge-database.ts';
import type { UnknownName } from './quarantined.ts';
import { releaseHold } from './release-hold.ts';

/** The databases that exist, compared with the rows. */
export function bindInventory(deps: Deps, caller: Caller) {
  return {
    read: () => readInventory(deps, caller),
    check: () => checkInventory(deps, caller),
    checkAfterRestore: () => checkAfterRestore(deps, caller),
    release: (body?: ReleaseHoldBody) => releaseHold(deps, caller, body),
    adopt: (name: UnknownName, body: AdoptDatabaseBody, options?: MutationOptions) =>
      adoptDatabase(deps, caller, name, body, options),
    purge: (name: UnknownName, body: PurgeDatabaseBody) => purgeDatabase(deps, caller, name, body),
  };
}
