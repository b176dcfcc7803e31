import { ControlPlaneError, IdSchema, type Permission, type Principal, type TraceView } from '@envplane/spec';
import { authorize, type Scope } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { traceNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { instantOf, micros } from './read-store-calls.ts';
import type { Served, Trace } from './trace.ts';
import type { Tracing } from './tracing.ts';

/** Clients choose ids: of so many requests of one id, those of others are decided one by one. */
const DECIDED = 10;
/** The id of no environment. */
const NOWHERE = '00000000-0000-0000-0000-000000000000';

/**
 * Where the time of a request went: for who made it, for who may read the traces of every environment it was about, and for who
 * may read all of them. Of several requests of one id it is the newest that the caller may read.
 * @throws ControlPlaneError `not_found`, the same for what there is not and for what is somebody else's; `store_unavailable`
 */
export async function getTrace(deps: Deps, caller: Caller, requestId: string): Promise<TraceView> {
  const found = deps.tracing.traces.newestFirst().filter((trace) => trace.requestId === requestId);
  const trace =
    found.find(({ served }) => isOf(served?.principal ?? null, caller.principal)) ??
    (await firstReadable(deps, caller, found.slice(0, DECIDED)));
  if (!trace?.served) throw traceNotFound();
  return traceView(trace, trace.served, deps.tracing);
}

async function firstReadable(deps: Deps, caller: Caller, found: readonly Trace[]): Promise<Trace | undefined> {
  if (await may(deps, caller, 'platform:traces.read', { platform: true })) return found[0];
  // What there is not is decided by the same statements.
  if (found.length === 0) await mayInAll(deps, caller, []);
  for (const trace of found) if (await mayInAll(deps, caller, environmentsOf(trace))) return trace;
  return undefined;
}

async function mayInAll(deps: Deps, caller: Caller, environmentIds: readonly string[]): Promise<boolean> {
  const asked = environmentIds.length > 0 ? environmentIds : [NOWHERE];
  const answers = asked.map((environmentId) => may(deps, caller, 'env:traces.read', { environmentId }));
  return (await Promise.all(answers)).every(Boolean);
}

async function may(deps: Deps, caller: Caller, permission: Permission, scope: Scope): Promise<boolean> {
  try {
    await authorize(deps, caller, permission, scope);
    return true;
  } catch (error) {
    const isRefusal =
      error instanceof ControlPlaneError && (error.code === 'not_found' || error.code === 'permission_denied');
    if (isRefusal) return false;
    throw error;
  }
}

/** Whoever acts as a user is somebody else than the user. */
function isOf(made: Principal | null, by: Principal): boolean {
  return (
    made?.kind === by.kind &&
    made.id === by.id &&
    made.actor?.kind === by.actor?.kind &&
    made.actor?.id === by.actor?.id
  );
}

/** A request may name what cannot be an environment. */
const environmentsOf = ({ environmentIds }: Trace): string[] =>
  environmentIds.filter((id) => IdSchema.safeParse(id).success);

function traceView(trace: Trace, { principal, ...served }: Served, { instance, region }: Tracing): TraceView {
  return {
    requestId: trace.requestId,
    ...served,
    caller: principal && {
      kind: principal.kind,
      id: principal.id,
      actor: principal.actor ? { kind: principal.actor.kind, id: principal.actor.id } : null,
    },
    environmentIds: environmentsOf(trace),
    startedAt: instantOf(trace.beganMs),
    durationMs: micros(trace.durationMs),
    instance,
    region,
    hops: trace.hops.map((hop) => ({
      name: hop.name,
      plane: hop.plane,
      environmentId: hop.environmentId,
      startMs: micros(hop.beganMs - trace.beganMs),
      durationMs: micros(hop.durationMs),
    })),
    droppedHops: trace.droppedHops,
  };
}
