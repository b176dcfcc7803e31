import { AdapterError, CREDENTIAL_STATUS, type DatabaseAdapter, type DatabasePhase } from '@envplane/spec';
import { METRICS } from '../metrics.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow, OperationRow } from '../objects/index.ts';
import { isHeld } from '../store/restores.ts';
import { type Claim, type Commit, commitStep, StaleClaim } from '../store/work.ts';
import { backoffMs } from './backoff.ts';
import { entomb } from './entomb.ts';
import type { StoreFailpoint } from './failpoints.ts';
import { lifecycleAction, lifecycleAudit, lifecycleEvent, operationError } from './lifecycle.ts';
import { NEXT_STEP, type Outcome, type Step, transition } from './machine.ts';
import { StepLog } from './operation-steps.ts';
import { countRejection, keepOpened, type PassContext } from './pass-context.ts';
import { cutOffAgain, type Found, hasDrifted, observe, perform, reapply, wayOut } from './perform.ts';
import { failed, hasTurns, isRotating, isWithdrawn, nextTurn, nextTurnAt, type Turn } from './rotation.ts';
import { abandonment, credentialsAfter, operationsOf, turnCommit } from './turn-commit.ts';
import { doLogIn, performTurn, type Turned } from './turns.ts';

/** A provisioning without a usable answer for this long is given up; the object stays owned and findable. */
const GIVE_UP_MS = 24 * 3_600_000;
/** A confirmed object counts as lost when it was not seen this often, at least this far apart. */
const MISSING_TIMES = 3;
const MISSING_AGAIN_MS = 60_000;
/** While nothing may be deleted, what waits for it is looked at this often. */
const HELD_AGAIN_MS = 60_000;

/** From the point of no return on. */
const DESTRUCTIVE: readonly Step[] = ['begin_purge', 'drop', 'settle'];

const OUT_OF_REACH: readonly DatabasePhase[] = ['suspended', 'archived'];
const STUCK: readonly (DatabasePhase | 'tombstone')[] = ['failed', 'conflict', 'lost'];
const GIVES_UP: readonly DatabasePhase[] = ['creating', 'loading', 'securing', 'verifying'];

interface Pass {
  context: PassContext;
  claim: Claim;
  log: StepLog;
  /** Facts of folded phases, written with the next commit. */
  folded: Partial<EnvironmentDatabaseRow>;
  /** Whether what was committed last is to be tried or looked at again. */
  waits: boolean;
}

/**
 * One pass over one claimed row: step by step towards the wish until it rests, waits, or the claim is lost.
 * A pass has no memory. Whatever it was doing when it died, the next one finds out from the row and the world.
 */
export async function reconcile(context: PassContext, claim: Claim): Promise<void> {
  const pass: Pass = { context, claim, log: new StepLog(), folded: {}, waits: false };
  const { phase, driver } = claim.database;
  const beganMs = performance.now();
  let outcome: 'settled' | 'waiting' | 'stale' | 'failed' = 'failed';
  try {
    while (await takeStep(pass)) {
      // Each step commits for itself; there is nothing to carry over.
    }
    outcome = pass.waits ? 'waiting' : 'settled';
  } catch (error) {
    if (!(error instanceof StaleClaim)) throw error;
    outcome = 'stale';
    countRejection(context.meter, driver);
    context.logger.warn(
      { event: 'reconcile.stale_claim', environmentId: claim.database.bound_environment_id },
      'another worker holds the row',
    );
  } finally {
    const about = { 'envplane.phase': phase, 'envplane.outcome': outcome };
    context.meter.durations(METRICS.passes, about).record(performance.now() - beganMs);
  }
}

/** @returns false when the claim has been released */
async function takeStep(pass: Pass): Promise<boolean> {
  const { context, claim, log } = pass;
  const nowMs = await context.engine.now();
  const step = nextStep(claim.database, nowMs);
  const turn = step === 'rest' ? nextTurn(claim.database.phase, claim.credentials, nowMs) : null;
  if (turn) return takeTurn(pass, turn);
  if (step === 'rest') return rest(pass);
  if (DESTRUCTIVE.includes(step) && (await isHeld(context.engine))) return waitForRelease(pass);
  let found: Found;
  try {
    found = await log.measure(step, () => perform(context, claim, step));
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return handleError(pass, step, error);
  }
  if (found.kind === 'wait')
    return commit(pass, 'cp.backoff', { database: () => ({}), release: { dueInMs: found.waitMs } });
  if (found.kind === 'missing') return countMissing(pass, found.comesTo);
  return advance(pass, found);
}

/** The store may be older than the world: what it wishes gone may be in use by now. */
function waitForRelease(pass: Pass): Promise<boolean> {
  const { context, claim } = pass;
  const { bound_environment_id: environmentId, phase } = claim.database;
  context.logger.warn({ event: 'reconcile.held', environmentId, phase }, 'nothing is deleted while the hold lasts');
  return commit(pass, 'cp.backoff', {
    database: () => ({ last_error_code: 'destructive_hold' }),
    release: { dueInMs: HELD_AGAIN_MS },
  });
}

/** The machine's answer, and the one thing it cannot know: that an archived database's grace is over. */
function nextStep(database: EnvironmentDatabaseRow, nowMs: number): Step {
  const { phase, desired_state: wish, purge_after: purgeAfter } = database;
  const expired = phase === 'archived' && wish === 'archived' && purgeAfter !== null && purgeAfter <= nowMs;
  return expired ? 'begin_purge' : NEXT_STEP[phase][wish];
}

/** Commits what a step found: the next phase and, when that is where the wish ends, everything the end means. */
async function advance(pass: Pass, found: Extract<Found, { kind: 'outcome' }>): Promise<boolean> {
  const { context, claim, log } = pass;
  const { database } = claim;
  const phase = transition(database.phase, found.outcome);
  if (phase === 'tombstone') {
    await entomb(context, pass.claim, pass.log);
    return false;
  }
  const facts = (nowMs: number) => ({ ...pass.folded, ...found.facts?.(nowMs), phase });

  if (isFoldable(context.adapters.serving(database), database.phase, phase)) {
    pass.folded = facts(await context.engine.now());
    Object.assign(database, pass.folded);
    return true;
  }
  const rests = nextStep({ ...database, ...facts(0), purge_after: null }, 0) === 'rest';
  // A rotation that was interrupted by the loss of the database goes on where it was.
  const ends = rests && !(phase === 'ready' && isRotating(claim.credentials));
  const code = found.code ?? null;
  const action = rests ? lifecycleAction(database, phase) : null;
  if (code) log.failLast({ code });
  return commit(pass, found.minted ? 'cp.stage-minted' : failpointOf(found.outcome), {
    database: (nowMs) => ({
      ...facts(nowMs),
      ...(rests && { attempts: 0, observed_generation: database.generation, last_error_code: code }),
      // A failed operation stays with its environment: a retry continues it.
      ...(ends && !STUCK.includes(phase) && { operation_id: null }),
    }),
    credentials: credentialChanges(claim, found),
    ...(found.minted && { newCredentials: found.minted }),
    operation: (operation) => ({
      steps: log.apply(operation.steps, ends),
      attempts: operation.attempts + 1,
      next_attempt_at: null,
      ...(ends && ending(phase, code)),
    }),
    ...(rests && { release: { dueInMs: await restingMs(pass, phase, claim.credentials) } }),
    ...(action && { audit: lifecycleAudit(database, action, phase, code), event: lifecycleEvent(database, action) }),
  });
}

/** One turn of the credentials of a database that rests. */
async function takeTurn(pass: Pass, turn: Turn): Promise<boolean> {
  const { context, claim, log } = pass;
  let turned: Turned;
  try {
    turned = await performTurn(context, claim, turn, log);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return failTurn(pass, turn, error);
  }
  try {
    const nowMs = await context.engine.now();
    const dueInMs = await restingMs(pass, claim.database.phase, credentialsAfter(claim, turned));
    return await commit(pass, turned.failpoint, turnCommit(claim, turn, turned, { log, nowMs, restingMs: dueInMs }));
  } finally {
    turned.onCommit?.();
  }
}

/** The old credentials work until the new ones do, so a rotation may be tried again for long; what it may not be is silent. */
async function failTurn(pass: Pass, turn: Turn, error: AdapterError): Promise<boolean> {
  const { context, claim, log } = pass;
  const observed = await observe(context, claim);
  if (claim.database.phase === 'ready') {
    if (observed.kind === 'absent') return countMissing(pass);
    if (observed.kind === 'foreign') return advance(pass, { kind: 'outcome', outcome: 'foreign', code: 'conflict' });
  }
  const part = log.failAgain({ code: error.code });
  // Without the old ones there is no way back.
  const isNew = ['withdraw', 'stage', 'replace'].includes(turn.step) && !claim.credentials.some(isWithdrawn);
  // A login that is refused says nothing about the administrator, and one that is not, nothing about what was ended.
  const isRefused = isNew && part !== 'test' && part !== 'prove' && error.definitive && observed.kind === 'ours';
  const isGivenUp = isNew && (await context.engine.now()) - claim.database.wished_at > GIVE_UP_MS;
  if (!isRefused && !isGivenUp) return backOff(pass, error, operationsOf(turn));
  // An earlier call may have ended the old ones unseen.
  if (turn.step === 'withdraw' && !(await doLogIn(context, claim))) return backOff(pass, error);
  return commit(pass, 'cp.fail', abandonment(claim, isRefused ? error.code : 'gave_up', log));
}

/** What a step means for staged credentials: proved by a login they are the ones to use, refused they give way to new tokens. */
function credentialChanges(
  claim: Claim,
  found: Extract<Found, { kind: 'outcome' }>,
): NonNullable<Commit['credentials']> {
  const staged = claim.credentials.filter(({ state }) => state === 'staged');
  if (found.minted) {
    const renewed = found.minted.map(({ authorization }) => authorization);
    return staged
      .filter(({ authorization }) => renewed.includes(authorization))
      .map(({ id, kind }) => ({ id, change: (nowMs) => failed(kind, nowMs) }));
  }
  if (found.outcome !== 'verified') return [];
  // One that is to replace another is proved in its own turn.
  const inUse = claim.credentials.filter(({ state }) => state === 'active').map(({ authorization }) => authorization);
  const first = staged.filter(({ authorization }) => !inUse.includes(authorization));
  return first.map(({ id }) => ({
    id,
    change: (nowMs) => ({ state: 'active', status: CREDENTIAL_STATUS.active, activated_at: nowMs }),
  }));
}

/**
 * Between creating and verifying there is nothing durable to record where everything can be found out by looking and done again:
 * a pass that dies there creates again, which adopts, sets the same secret again, which was committed with the wish (I2), and logs
 * in again, which leaves no trace. A token that was minted is not had again, and what was loaded is not to be loaded again.
 */
function isFoldable({ credentials }: DatabaseAdapter, from: DatabasePhase, to: DatabasePhase): boolean {
  if (to !== 'securing' && to !== 'verifying') return false;
  return credentials.kind === 'none' || (credentials.kind === 'caller_set' && from !== 'loading');
}

const ending = (phase: DatabasePhase, code: string | null): Partial<OperationRow> =>
  STUCK.includes(phase)
    ? { status: 'failed', error: operationError(code ?? phase) }
    : { status: 'succeeded', error: null };

function failpointOf(outcome: Outcome): StoreFailpoint {
  if (outcome === 'verified') return 'cp.commit';
  if (outcome === 'purge_begun') return 'cp.delete-intent';
  if (outcome === 'absent' || outcome === 'reappeared') return 'cp.absent';
  return outcome === 'refused' || outcome === 'foreign' || outcome === 'lost' ? 'cp.fail' : 'cp.phase';
}

/**
 * Writes a step. A wish that changed meanwhile discards it: every effect can be repeated, and the new wish decides. A pass that was to
 * end ends all the same: what it called and was not answered may still arrive, and then must meet a newer epoch than its own (F3).
 */
async function commit(pass: Pass, failpoint: StoreFailpoint, change: Commit): Promise<boolean> {
  const { context, claim } = pass;
  const operationId = claim.database.operation_id;
  const before = claim.credentials;
  const committed = await context.effect(failpoint, () => commitStep(context.engine, claim, change));
  keepOpened(before, claim.credentials);
  pass.folded = {};
  pass.waits = failpoint === 'cp.backoff';
  pass.log.clear();
  if (!committed) {
    return change.release ? commit(pass, 'cp.backoff', { database: () => ({}), release: { dueInMs: 0 } }) : true;
  }
  context.committed(claim.database.bound_environment_id, operationId);
  return change.release === undefined;
}

/** When a row that rests must be looked at again, in ms from now. */
async function restingMs(
  { context, claim }: Pass,
  phase: DatabasePhase,
  credentials: readonly DatabaseCredentialRow[],
): Promise<number | null> {
  const nowMs = await context.engine.now();
  if (nextTurn(phase, credentials, nowMs)) return 0;
  const dueInMs = [Number.POSITIVE_INFINITY];
  const adapter = context.adapters.serving(claim.database);
  const isLookedAt = phase === 'ready' || (OUT_OF_REACH.includes(phase) && wayOut(adapter, claim.database));
  // Half a period of jitter, so that databases made together are not all looked at together.
  if (isLookedAt) dueInMs.push(Math.round(context.resyncMs * (0.75 + context.random() / 2)));
  if (hasTurns(phase)) dueInMs.push(nextTurnAt(credentials) - nowMs);
  if (phase === 'archived' && claim.database.purge_after !== null) dueInMs.push(claim.database.purge_after - nowMs);
  const soonestMs = Math.max(0, Math.min(...dueInMs));
  return Number.isFinite(soonestMs) ? soonestMs : null;
}

/** The world matches the wish, or a person must act: look once whether tenants still get in, or still do not, and let go. */
async function rest(pass: Pass): Promise<boolean> {
  const { context, claim } = pass;
  const { database } = claim;
  const stuck = STUCK.includes(database.phase);
  if (database.phase === 'ready') {
    const observed = await observe(context, claim);
    if (observed.kind === 'absent') return countMissing(pass);
    if (observed.kind === 'foreign') return advance(pass, { kind: 'outcome', outcome: 'foreign', code: 'conflict' });
    if (observed.kind === 'ours') {
      try {
        // Wished since it was last made so: other limits, or that it be made so again. Or somebody changed it at the provider.
        const isAsked = database.generation !== database.observed_generation;
        if (isAsked || (await hasDrifted(context, claim))) await reapply(context, claim);
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error;
        return backOff(pass, error);
      }
    }
  }
  if (OUT_OF_REACH.includes(database.phase)) await cutOffAgain(context, claim);
  return commit(pass, 'cp.phase', {
    database: (nowMs) => ({
      observed_generation: database.generation,
      attempts: 0,
      absent_count: 0,
      last_observed_at: nowMs,
      ...(!stuck && { operation_id: null }),
    }),
    ...(!stuck && {
      operation: (operation: OperationRow) => ({
        steps: pass.log.apply(operation.steps, true),
        ...ending(database.phase, null),
      }),
    }),
    release: { dueInMs: await restingMs(pass, database.phase, claim.credentials) },
  });
}

/** I5: a confirmed object that is not there is an incident, unless nobody wants it, and one look proves nothing. */
async function countMissing(pass: Pass, comesTo: Outcome = 'lost'): Promise<boolean> {
  const { database } = pass.claim;
  const count = database.absent_count + 1;
  if (count >= MISSING_TIMES) {
    return advance(pass, { kind: 'outcome', outcome: comesTo, ...(comesTo === 'lost' && { code: 'lost' }) });
  }
  return commit(pass, 'cp.backoff', {
    database: (nowMs) => ({ absent_count: count, absent_seen_at: nowMs }),
    release: { dueInMs: MISSING_AGAIN_MS },
  });
}

/** I4: only a definitive refusal that the next observation does not contradict is a failure; anything else is repeated. */
async function handleError(pass: Pass, step: Step, error: AdapterError): Promise<boolean> {
  const { context, claim, log } = pass;
  const { database } = claim;
  const observed = error.definitive || error.code === 'conflict' ? await observe(context, claim) : null;
  if (error.code === 'conflict' && observed?.kind === 'foreign' && canFail(database.phase)) {
    return advance(pass, { kind: 'outcome', outcome: 'foreign', code: 'conflict' });
  }
  if (error.definitive && observed && observed.kind !== 'unknown' && canFail(database.phase)) {
    return advance(pass, { kind: 'outcome', outcome: 'refused', code: error.code });
  }
  const nowMs = await context.engine.now();
  if (GIVES_UP.includes(database.phase) && nowMs - database.wished_at > GIVE_UP_MS) {
    return advance(pass, { kind: 'outcome', outcome: 'refused', code: 'gave_up' });
  }
  log.fail(step, { code: error.code });
  return backOff(pass, error);
}

/** Tries again later. `besides`: other operations than that of the database which wait for it. */
async function backOff(pass: Pass, error: AdapterError, besides: readonly string[] = []): Promise<boolean> {
  const { context, claim, log } = pass;
  const { database } = claim;
  const nowMs = await context.engine.now();
  const waitMs = backoffMs(database.attempts, error.retryAfterMs, context.random);
  context.logger.warn(
    {
      event: 'reconcile.backoff',
      environmentId: database.bound_environment_id,
      code: error.code,
      attempt: database.attempts,
      durationMs: waitMs,
    },
    'a step is tried again',
  );
  const change = (operation: OperationRow) => ({
    steps: log.apply(operation.steps, false),
    attempts: operation.attempts + 1,
    next_attempt_at: nowMs + waitMs,
  });
  return commit(pass, 'cp.backoff', {
    database: () => ({ last_error_code: error.code }),
    operation: change,
    besides: { ids: besides, change },
    release: { dueInMs: waitMs },
  });
}

/** Archiving and purging never give up: what they promise is that access ends. */
const canFail = (phase: DatabasePhase): boolean =>
  phase === 'resuming' || phase === 'restoring' || GIVES_UP.includes(phase);
