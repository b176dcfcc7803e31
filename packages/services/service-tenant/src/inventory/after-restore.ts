import { AdapterError, ControlPlaneError, type RestoreCheck } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import { type Caller, IN_PROCESS } from '../access/caller.ts';
import { rotateCredentials } from '../credentials/rotate-credentials.ts';
import type { Deps } from '../deps.ts';
import { sealingContext } from '../environments/new-environment.ts';
import { reapplyEnvironment } from '../environments/reapply.ts';
import { authorizationsOf, openCredential, targetOf } from '../provisioning/pass-context.ts';
import { audited } from '../request.ts';
import { findConnectable } from '../store/connect.ts';
import { beginRestore } from '../store/restores.ts';
import { servedAt } from '../store/sweeps.ts';
import { checked } from './check.ts';
import { callWithin } from './context.ts';
import type { Swept } from './sweep.ts';

const LOGIN_MS = 10_000;
const PAGE = 200;
/** How many databases are logged in to at the same time. */
const AT_ONCE = 8;

/** Who gives the credentials of a restored store others, in operations and audit. */
const DOCTOR: Caller = { ...IN_PROCESS, principal: { ...IN_PROCESS.principal, id: 'doctor', subject: 'doctor' } };

type Healed = 'reapplied' | 'rotated' | 'waiting';

/**
 * The store was restored from a backup (A0 to A6): nothing is deleted from now on, every claim outranks those that were made after
 * the backup, every placement is compared with the rows, and every database in use is logged in to. What refuses the credentials of
 * the store is given others. Interrupted, it is asked for again: nothing of it harms when it is repeated.
 * @throws ControlPlaneError `permission_denied`
 */
export async function checkAfterRestore(deps: Deps, caller: Caller): Promise<RestoreCheck> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const audit = audited(caller, 'restore.begin', { organizationId: null });
  deps.nameKey.restoreGeneration = await deps.effect('cp.restore-generation', () => beginRestore(deps.engine, audit));
  const swept = await deps.sweeper.sweepAll();
  const healed: Record<Healed, string[]> = { reapplied: [], rotated: [], waiting: [] };
  for (const one of swept.filter(({ code }) => code === null)) {
    for await (const environmentIds of served(deps, one)) {
      const outcomes = await Promise.all(environmentIds.map((environmentId) => heal(deps, environmentId)));
      for (const [index, outcome] of outcomes.entries()) healed[outcome].push(environmentIds[index] as string);
    }
  }
  return {
    ...(await checked(deps, swept)),
    reapplied: healed.reapplied.length,
    rotated: healed.rotated.length,
    waiting: healed.waiting,
  };
}

/** Ids of the environments whose databases are where the rows say, a few at a time. */
async function* served({ engine }: Deps, { placement, missing }: Swept): AsyncGenerator<string[]> {
  const absent = new Set(missing.map(({ id }) => id));
  for (let after = ''; ; ) {
    const page = await servedAt(engine, placement.id, after, PAGE);
    const there = page.filter(({ id }) => !absent.has(id)).flatMap(({ environment_id: id }) => id ?? []);
    for (let at = 0; at < there.length; at += AT_ONCE) yield there.slice(at, at + AT_ONCE);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/** A5 and A6 for one database. Making it so again writes its fence under the new generation, as setting other credentials does. */
async function heal(deps: Deps, environmentId: string): Promise<Healed> {
  const opens = await logsIn(deps, environmentId);
  try {
    if (!opens) await rotateCredentials(deps, DOCTOR, environmentId, { graceSeconds: 0 });
    else await reapplyEnvironment(deps, DOCTOR, environmentId);
    return opens ? 'reapplied' : 'rotated';
  } catch (error) {
    // Something is under way with it, or its credential cannot be replaced; an operator looks.
    if (error instanceof ControlPlaneError) return 'waiting';
    throw error;
  }
}

/** Whether every credential of the rows can be opened and lets its holder in. */
async function logsIn(deps: Deps, environmentId: string): Promise<boolean> {
  const first = await findConnectable(deps.engine, environmentId, 'full_access');
  if (!first) return false;
  try {
    const adapter = deps.adapters.serving(first.database);
    const target = targetOf(deps.nameKey, first.database, await deps.adapters.placement(first.placement, deps.trace));
    for (const authorization of authorizationsOf(adapter)) {
      const found = await findConnectable(deps.engine, environmentId, authorization);
      const credential = await openCredential(sealingContext(deps), environmentId, found?.credentials[0]);
      if (adapter.credentials.kind !== 'none' && !credential) return false;
      await callWithin(deps, LOGIN_MS, (call) => adapter.verifyDatabase(target, credential, call));
    }
    return true;
  } catch (error) {
    if (error instanceof AdapterError || error instanceof ControlPlaneError) return false;
    throw error;
  }
}
