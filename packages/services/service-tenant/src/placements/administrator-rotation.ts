import {
  type AdapterContext,
  AdapterError,
  type AdministratorFacet,
  type Logger,
  type OperationView,
  type Placement,
  type Secret,
} from '@envplane/spec';
import type { PlacementRow } from '../objects/index.ts';
import { backoffMs } from '../provisioning/backoff.ts';
import type { EffectHook, StoreFailpoint } from '../provisioning/failpoints.ts';
import { StepLog } from '../provisioning/operation-steps.ts';
import { LEASE_MS } from '../provisioning/pass-context.ts';
import type { PlacementSecrets } from '../secrets/placement-secrets.ts';
import {
  type AdministratorClaim,
  type AdministratorCommit,
  claimAdministrator,
  commitAdministrator,
} from '../store/administrator-work.ts';
import { type AuditEntry, PLATFORM_CHAIN } from '../store/audit.ts';
import type { StoreEngine } from '../store/engine.ts';
import { statusAfter } from '../store/placements.ts';
import type { Reads } from '../store/reads.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import { createTending, type Tending } from '../tending.ts';
import { type AdapterSet, openPlacement } from './adapter-set.ts';

/** How long one call may take, in ms; a turn makes at most five and so ends before its lease. */
const CALL_MS = 5_000;

export interface AdministratorRotationDeps {
  engine: StoreEngine<ControlPlaneTables>;
  reads: Pick<Reads, 'placementRows'>;
  adapters: Pick<AdapterSet, 'find'>;
  placementSecrets: PlacementSecrets;
  effect: EffectHook;
  logger: Logger;
  /** Gives [0, 1). */
  random: () => number;
  /** Called after every commit. */
  committed(operationId: string): void;
}

/** What nobody can put right by trying again. Nothing was changed. */
class Hopeless extends Error {
  override readonly name = 'Hopeless';
  readonly code: 'unsupported' | 'unauthorized';
  constructor(code: Hopeless['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Replaces administrator secrets of placements, where that was asked for: the steps of a rotation (R1 to R7), for a secret of which there is one at a time: the server forgets the old one as it takes the
 * new one. Both are sealed in the row from before the new one is set until the old one was refused, and which of them works is found
 * by logging in, so that whoever goes on after a crash gets in with one of them.
 */
export function createAdministratorRotation(deps: AdministratorRotationDeps): Tending {
  const { engine, effect, logger, placementSecrets: secrets } = deps;

  /** Those that this process can work on. */
  const wanted = async (): Promise<PlacementRow[]> =>
    (await deps.reads.placementRows()).filter(
      (row) => row.rotation_operation_id !== null && deps.adapters.find(row.driver)?.administrator,
    );

  const tending: Tending = createTending(
    async () => {
      const placements = await wanted();
      if (placements.length === 0) return null;
      for (const { id, rotation_due_at: dueAt } of placements) {
        if (tending.isStopped) return null;
        if ((dueAt ?? 0) > (await engine.now())) continue;
        const claim = await effect('cp.administrator-claim', () => claimAdministrator(engine, id, LEASE_MS));
        if (claim) await turn(claim);
      }
      const due = (await wanted()).map(({ rotation_due_at: dueAt }) => dueAt ?? 0);
      return due.length === 0 ? null : Math.min(...due) - (await engine.now());
    },
    (error) => logger.error({ event: 'administrator.failed', err: error }, 'an administrator could not be replaced'),
  );

  async function commit(name: StoreFailpoint, claim: AdministratorClaim, change: AdministratorCommit) {
    const row = await effect(name, () => commitAdministrator(engine, claim, change));
    deps.committed(claim.operation.id);
    return row;
  }

  async function turn(claim: AdministratorClaim): Promise<void> {
    const log = new StepLog();
    try {
      await rotate(claim, log);
    } catch (error) {
      if (error instanceof Hopeless) await giveUp(claim, log, error);
      else if (error instanceof AdapterError) await pause(claim, log, error);
      else throw error;
    }
  }

  async function rotate(claim: AdministratorClaim, log: StepLog): Promise<void> {
    const facet = deps.adapters.find(claim.placement.driver)?.administrator;
    if (!facet || claim.placement.administrator_ciphertext === null) {
      throw new Hopeless('unsupported', 'The placement was given another administrator meanwhile.');
    }
    const opened = await openPlacement(claim.placement, secrets);
    const work: Work = { facet, opened, context: contextOf(claim), log };
    const staged = claim.placement.next_administrator_ciphertext !== null ? claim.placement : await stage(claim, work);
    // Another process has the work.
    if (!staged) return;
    const next = await secrets.openNext(staged);
    if (!next) throw new RangeError('a staged secret is not there');
    await replace(work, next.secret);
    if (claim.operation.steps.some(({ name }) => name === 'drain')) {
      await log.measure('drain', () => facet.endAdministratorSessions(showing(opened, next.secret), work.context()));
    }
    await log.measure('flip', async () => undefined);
    await commit('cp.administrator-flip', claim, {
      next: 'done',
      placement: {
        administrator_ciphertext: staged.next_administrator_ciphertext,
        administrator_version: next.version,
        next_administrator_ciphertext: null,
        last_error_code: null,
        ...(staged.status === 'unreachable' && { status: statusAfter(null) }),
      },
      operation: (operation) => ({
        status: 'succeeded',
        attempts: operation.attempts + 1,
        steps: log.apply(operation.steps, true),
        result: { placementId: staged.id },
      }),
      audit: rotated(claim),
    });
  }

  /** R1. What is sealed and committed here is what is set, however often that takes. */
  async function stage(claim: AdministratorClaim, { facet, opened, context, log }: Work): Promise<PlacementRow | null> {
    const sealed = await log.measure('stage', async () => {
      if (!(await facet.isAdministratorAccepted(opened, context()))) {
        throw new Hopeless(
          'unauthorized',
          'The place refuses the administrator secret that is sealed here. Hand in the one that works (PATCH with "administrator").',
        );
      }
      const next = facet.generateSecret();
      if (await facet.isAdministratorAccepted(showing(opened, next), context())) {
        throw new Hopeless('unsupported', 'The place lets the administrator in without asking for the secret.');
      }
      return secrets.sealNext(claim.placement, next);
    });
    const row = await commit('cp.administrator-stage', claim, {
      next: { inMs: LEASE_MS },
      placement: { next_administrator_ciphertext: sealed },
      operation: ({ steps }) => ({ steps: log.apply(steps, false) }),
    });
    log.clear();
    return row;
  }

  async function pause(claim: AdministratorClaim, log: StepLog, { code, retryAfterMs }: AdapterError): Promise<void> {
    log.failAgain({ code });
    const waitMs = backoffMs(claim.operation.attempts + 1, retryAfterMs, deps.random);
    const fields = { event: 'administrator.paused', placementId: claim.placement.id, code, durationMs: waitMs };
    logger.warn(fields, 'replacing an administrator waits');
    await commit('cp.backoff', claim, {
      next: { inMs: waitMs },
      operation: (operation, nowMs) => ({
        attempts: operation.attempts + 1,
        next_attempt_at: nowMs + waitMs,
        steps: log.apply(operation.steps, false),
      }),
    });
  }

  async function giveUp(claim: AdministratorClaim, log: StepLog, { code, message }: Hopeless): Promise<void> {
    log.failLast({ code });
    await commit('cp.fail', claim, {
      next: 'done',
      operation: (operation) => ({
        status: 'failed',
        attempts: operation.attempts + 1,
        error: problem(code, message),
        steps: log.apply(operation.steps, true),
      }),
    });
  }

  function contextOf({ operation }: AdministratorClaim): () => AdapterContext {
    return () => ({
      signal: AbortSignal.timeout(CALL_MS),
      // Rises with every rotation, whatever backup the store was restored from.
      fenceEpoch: operation.created_at,
      effect,
      fenced: () => Promise.reject(new TypeError('the fence of an administrator is at the provider')),
    });
  }

  return tending;
}

interface Work {
  facet: AdministratorFacet;
  /** With the secret that is being replaced. */
  opened: Placement;
  context: () => AdapterContext;
  log: StepLog;
}

const showing = (placement: Placement, administrator: Secret): Placement => ({ ...placement, administrator });

/** R2, R3 and R7. Set already is what an earlier turn did, or one whose answer was lost. */
async function replace({ facet, opened, context, log }: Work, next: Secret): Promise<void> {
  const isAccepted = (placement: Placement) => facet.isAdministratorAccepted(placement, context());
  await log.measure('set', async () => {
    if (!(await isAccepted(showing(opened, next)))) await facet.setAdministrator(opened, next, context());
  });
  await log.measure('test', async () => {
    if (!(await isAccepted(showing(opened, next)))) {
      throw new AdapterError('unavailable', 'The new administrator secret is not accepted yet.');
    }
  });
  await log.measure('prove', async () => {
    if (await isAccepted(opened)) {
      throw new AdapterError('unavailable', 'The old administrator secret is still accepted.');
    }
  });
}

const problem = (code: string, detail: string): NonNullable<OperationView['error']> => ({
  type: `urn:envplane:problem:${code}`,
  title: 'The administrator cannot be replaced',
  detail,
  code,
});

const rotated = ({ placement, operation }: AdministratorClaim): AuditEntry => ({
  organization_id: null,
  environment_id: null,
  actor_kind: PLATFORM_CHAIN,
  actor_id: 'reconciler',
  acting_for: null,
  action: 'placement.administrator_rotated',
  target_kind: 'placement',
  target_id: placement.id,
  outcome: 'allow',
  reason: null,
  request_id: null,
  client_address: null,
  detail: { operationId: operation.id },
});
