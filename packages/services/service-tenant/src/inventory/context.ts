import { type AdapterContext, AdapterError, type Logger, type Meter } from '@envplane/spec';
import type { AdapterSet } from '../placements/adapter-set.ts';
import type { EffectHook } from '../provisioning/failpoints.ts';
import type { NameKey } from '../provisioning/names.ts';
import type { AuditEntry } from '../store/audit.ts';
import type { StoreEngine } from '../store/engine.ts';
import type { Reads } from '../store/reads.ts';
import type { ControlPlaneTables } from '../store/tables.ts';

/** What comparing placements with the rows works with. */
export interface InventoryContext {
  engine: StoreEngine<ControlPlaneTables>;
  reads: Pick<Reads, 'placementRows'>;
  adapters: AdapterSet;
  nameKey: NameKey;
  logger: Logger;
  meter: Meter;
  effect: EffectHook;
  /** From 0 to 1. */
  random: () => number;
}

/** Runs one adapter call that belongs to no claim of a row, under a deadline. What ignores its abort signal is left behind. */
export async function callWithin<T>(
  { effect }: Pick<InventoryContext, 'effect'>,
  timeoutMs: number,
  call: (context: AdapterContext) => Promise<T>,
  claim: { fenceEpoch: number; fenced: <R>(run: () => R) => Promise<R> } = { fenceEpoch: 0, fenced: refuseChange },
): Promise<T> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      deadline.abort();
      reject(new AdapterError('outcome_unknown', 'The provider did not answer in time.'));
    }, timeoutMs);
  });
  const context: AdapterContext = {
    signal: deadline.signal,
    fenceEpoch: claim.fenceEpoch,
    effect,
    fenced: (name, run) => effect(name, () => claim.fenced(run)),
  };
  try {
    return await Promise.race([call(context), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looking changes nothing. */
function refuseChange(): never {
  throw new TypeError('a call without a claim changes nothing');
}

/** Who the sweeper is in the audit trail. */
const SWEEPER = { actor_kind: 'platform', actor_id: 'sweeper' } as const;

/** What the sweeper, or the reconciler for it, says of a placement or of an organization's environment. */
export const sweeperAudit = (
  action: string,
  target: { kind: 'placement' | 'environment'; id: string; organizationId: string | null },
  detail: Record<string, unknown>,
): AuditEntry => ({
  ...SWEEPER,
  organization_id: target.organizationId,
  environment_id: target.kind === 'environment' ? target.id : null,
  acting_for: null,
  action,
  target_kind: target.kind,
  target_id: target.id,
  outcome: 'allow',
  reason: null,
  request_id: null,
  client_address: null,
  detail,
});
