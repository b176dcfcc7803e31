import { ControlPlaneError, covers, type Pattern } from '@envplane/spec';
import { authorize, denied } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { refused } from '../access/denials.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';

/** What a caller holds in an environment now. */
export interface Holding {
  organizationId: string;
  environmentId: string;
  /** Status of the environment. */
  status: string;
  /** For display. */
  role: string | null;
  /** Of the grants, for the scope of environments. */
  patterns: readonly Pattern[];
  /** Services of the application that are enabled there. */
  services: readonly string[];
  readOnly: boolean;
  epochs: { environment: number; subject: number; everywhere: number };
}

/**
 * What the token of a caller is made of.
 * @throws ControlPlaneError `not_found` outside of the organization, `permission_denied` without `env:tokens.issue`
 */
export async function holdingOf(deps: Deps, caller: Caller, environmentId: string): Promise<Holding> {
  await authorize(deps, caller, 'env:tokens.issue', { environmentId });
  // HAZARD: rights, state and epochs come from one statement. Rights read before they are narrowed, and epochs read after,
  // would make a token that carries the old rights and survives the change.
  const row = await deps.access.rolesAt(caller.principal, { environmentId });
  if (!row || row.organization_id === null) throw environmentNotFound();
  const place = { organizationId: row.organization_id, environmentId };
  if (caller.principal.kind === 'platform') throw refused(deps, caller, place, notExchangeable());
  const patterns = deps.expand(row, caller.principal).env;
  if (!covers(patterns, 'env:tokens.issue')) throw refused(deps, caller, place, denied('env:tokens.issue'));
  return {
    ...place,
    status: row.environment_status ?? '',
    role: row.environment_role,
    patterns,
    services: deps.catalogue.services,
    readOnly: false,
    epochs: {
      environment: row.environment_epoch ?? 0,
      subject: row.subject_epoch ?? 0,
      everywhere: row.everywhere_epoch ?? 0,
    },
  };
}

/** The platform's token names nobody who could hold something in an environment. */
const notExchangeable = () =>
  new ControlPlaneError(
    'permission_denied',
    'The token of the platform is not exchangeable; act as a user or use a service account.',
    { missing: ['env:tokens.issue'] },
  );
