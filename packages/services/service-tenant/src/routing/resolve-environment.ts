import { ControlPlaneError, IdSchema } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { ENTRY } from '../sessions/active-environment.ts';
import { sessionEnvironment } from '../store/session-environments.ts';
import { checkGate } from './check-gate.ts';
import { refuse } from './gate.ts';

/** What a request says of the environment it is for; each may be left out. */
export interface AskedEnvironment {
  /** Of the path. */
  url?: string | undefined;
  /** The host it was sent to. Most hosts are no environment's. */
  hostname?: string | undefined;
  /** Of `X-Environment-Id`. */
  header?: string | undefined;
}

/** The environment that a request is for, and who said so. Its caller may read data in it. */
export interface ResolvedEnvironment {
  environmentId: string;
  organizationId: string;
  source: 'url' | 'hostname' | 'header' | 'session' | 'default';
}

/**
 * Finds the environment of a request: what it names by path, hostname or header; else the active one of its session; else the
 * default one of the organization that its session is in, or of the only one that the caller belongs to. Two names that differ are refused, and whatever is found passes the
 * gate: a request is never sent to another environment because it may not enter the one it is for.
 *
 * @param caller null for nobody, who may not name one
 * @returns null when the request is for none
 * @throws ControlPlaneError `environment_mismatch`, `unauthenticated`; as the gate refuses
 */
export async function resolveEnvironment(
  deps: Deps,
  caller: Caller | null,
  asked: AskedEnvironment,
): Promise<ResolvedEnvironment | null> {
  const found = (await named(deps, asked)) ?? (caller && (await implied(deps, caller)));
  if (!found) return null;
  if (!caller)
    throw new ControlPlaneError('unauthenticated', 'Sign in; an environment serves nobody who is not known.');
  const verdict = await checkGate(deps, caller, found.id, ENTRY);
  if (!verdict.allowed) throw refuse(verdict);
  return { environmentId: verdict.environmentId, organizationId: verdict.organizationId, source: found.source };
}

interface Found {
  id: string;
  source: ResolvedEnvironment['source'];
}

async function named(deps: Deps, { url, hostname, header }: AskedEnvironment): Promise<Found | null> {
  const ofHost = hostname === undefined ? null : await deps.hostnames.find(hostname);
  const names: Found[] = [
    ...(url === undefined ? [] : [{ id: url, source: 'url' as const }]),
    ...(ofHost === null ? [] : [{ id: ofHost, source: 'hostname' as const }]),
    ...(header === undefined ? [] : [{ id: header, source: 'header' as const }]),
  ];
  // What can be no id is nobody's environment, and is not asked for.
  if (names.some(({ id }) => !IdSchema.safeParse(id).success))
    throw refuse({ allowed: false, status: 403, code: 'access_denied' });
  if (new Set(names.map(({ id }) => id.toLowerCase())).size > 1) {
    throw new ControlPlaneError('environment_mismatch', 'The request names two environments; name one.');
  }
  const [first] = names;
  return first ? { ...first, id: first.id.toLowerCase() } : null;
}

async function implied(deps: Deps, { principal }: Caller): Promise<Found | null> {
  const { kind, id, session } = principal;
  if (kind !== 'user') return null;
  const active = session === undefined ? null : await sessionEnvironment(deps.engine, { session, userId: id });
  if (active !== null) return { id: active, source: 'session' };
  const organizationId = await impliedOrganization(deps, principal);
  if (organizationId === null) return null;
  const defaultId = (await deps.reads.organization(organizationId))?.default_environment_id;
  return defaultId ? { id: defaultId, source: 'default' } : null;
}

/** Somebody who works in an organization that is not theirs here is not sent to another one. */
async function impliedOrganization(deps: Deps, principal: Caller['principal']): Promise<string | null> {
  const { activeOrganizationId } = principal;
  const theirs = (await deps.access.organizationsOf(principal)).map(({ organizationId }) => organizationId);
  if (activeOrganizationId !== undefined) return theirs.includes(activeOrganizationId) ? activeOrganizationId : null;
  const [only, ...others] = theirs;
  return only !== undefined && others.length === 0 ? only : null;
}
