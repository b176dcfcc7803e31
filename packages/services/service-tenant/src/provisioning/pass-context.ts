import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type Authorization,
  type CredentialSlot,
  type DatabaseAdapter,
  type DatabaseTarget,
  type Logger,
  type Meter,
  type Placement,
  type Secret,
} from '@envplane/spec';
import { METRICS } from '../metrics.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow } from '../objects/index.ts';
import type { AdapterSet } from '../placements/adapter-set.ts';
import type { DataKeys } from '../secrets/data-keys.ts';
import { seal, unseal } from '../secrets/sealing.ts';
import type { StoreEngine } from '../store/engine.ts';
import { holdIfNewest } from '../store/restores.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import { findRow } from '../store/transaction.ts';
import { type Claim, renewLease, runFenced, StaleClaim } from '../store/work.ts';
import type { Trace } from '../tracing/trace.ts';
import type { EffectHook } from './failpoints.ts';
import { lifecycleAudit } from './lifecycle.ts';

/** How long a claim lasts unless it is renewed. */
export const LEASE_MS = 30_000;
/** What must be left of a lease beyond an effect's own time when it starts (I8). */
const LEASE_MARGIN_MS = 5_000;
const EFFECT_MS = 10_000;
const LOAD_MS = 3_600_000;

/** What a pass works with. */
export interface PassContext {
  engine: StoreEngine<ControlPlaneTables>;
  adapters: Pick<AdapterSet, 'get' | 'serving' | 'placement'>;
  dataKeys: DataKeys;
  installationId: string;
  logger: Logger;
  meter: Meter;
  effect: EffectHook;
  uuid: () => string;
  random: () => number;
  /** How often a settled database is looked at, in ms. */
  resyncMs: number;
  /** Called after every commit of a step. */
  committed(environmentId: string, operationId: string | null): void;
}

export function targetOf(
  context: { installationId: string },
  database: EnvironmentDatabaseRow,
  placement: Placement,
): DatabaseTarget {
  return {
    objectId: database.id,
    environmentId: database.bound_environment_id,
    installationId: context.installationId,
    databaseName: database.database_name,
    organizationScope: database.organization_scope,
    placement,
    storageLimitMb: database.storage_limit_mb,
    externalUid: database.external_uid,
  };
}

export const targetOfClaim = async (context: PassContext, { database, placement }: Claim): Promise<DatabaseTarget> =>
  targetOf(context, database, await context.adapters.placement(placement));

export type EffectKind = 'short' | 'create' | 'load';

/**
 * Runs one adapter call: under a deadline, and only while the lease outlives it (I8). A long load renews the lease as it
 * goes. A call that ignores its abort signal is left behind and counts as unknown (I4).
 */
export async function callAdapter<T>(
  context: PassContext,
  claim: Claim,
  kind: EffectKind,
  call: (adapterContext: AdapterContext) => Promise<T>,
): Promise<T> {
  const createMs = context.adapters.get(claim.database.driver).createTimeoutMs;
  const timeoutMs = { short: EFFECT_MS, create: createMs, load: LOAD_MS }[kind];
  const leaseMs = kind === 'load' ? LEASE_MS : timeoutMs + LEASE_MARGIN_MS;
  const left = (claim.database.due_at ?? 0) - (await context.engine.now());
  if (left < leaseMs)
    await context.effect('cp.renew', () => renewLease(context.engine, claim, Math.max(LEASE_MS, leaseMs)));

  const effect = timedEffects(context, claim.database.driver, () => holdWhenBehind(context, claim));
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const renewal =
    kind === 'load'
      ? setInterval(() => void renewLease(context.engine, claim, LEASE_MS).catch(() => deadline.abort()), LEASE_MS / 3)
      : undefined;
  try {
    return await Promise.race([
      call({
        signal: deadline.signal,
        fenceEpoch: claim.database.fence_epoch,
        effect,
        fenced: (name, run) => effect(name, () => runFenced(context.engine, claim, run)),
      }),
      aborted(deadline.signal),
    ]);
  } catch (error) {
    throw await explained(context, claim, error);
  } finally {
    clearTimeout(timer);
    clearInterval(renewal);
  }
}

/**
 * Logs in with each of these. Logins change nothing, so they need not wait for each other, and none outlives the pass.
 * @throws what the first of them that fails throws
 */
export async function tryEach<T>(
  context: PassContext,
  claim: Claim,
  credentials: readonly T[],
  login: (credential: T, call: AdapterContext) => Promise<void>,
): Promise<void> {
  const verdicts = await Promise.allSettled(
    credentials.map((credential) => callAdapter(context, claim, 'short', (call) => login(credential, call))),
  );
  for (const verdict of verdicts) if (verdict.status === 'rejected') throw verdict.reason;
}

/** An administrator that is refused because it was just replaced is no answer about the database: the row has another one now, or will. */
async function explained({ engine }: PassContext, { placement }: Claim, error: unknown): Promise<unknown> {
  if (!(error instanceof AdapterError) || error.code !== 'unauthorized') return error;
  const now = await findRow(engine, 'sys_placement', { id: placement.id });
  if (!now || (now.version === placement.version && now.rotation_operation_id === null)) return error;
  return new AdapterError('unavailable', 'The administrator of the placement is being replaced.');
}

/** Effects on a provider, timed under what is known of them afterwards: done, refused, or neither (I4). */
function timedEffects({ effect, meter }: PassContext, driver: string, refusedByFence: () => Promise<void>): EffectHook {
  return async (name, run) => {
    const beganMs = performance.now();
    let outcome: 'ok' | 'refused' | 'unknown' = 'unknown';
    try {
      const result = await effect(name, run);
      outcome = 'ok';
      return result;
    } catch (error) {
      if (isRefusal(error)) outcome = 'refused';
      if (error instanceof AdapterError && error.isStale) {
        countRejection(meter, driver);
        await refusedByFence();
      }
      throw error;
    } finally {
      const about = { 'envplane.driver': driver, 'envplane.effect': name, 'envplane.outcome': outcome };
      meter.durations(METRICS.effects, about).record(performance.now() - beganMs);
    }
  };
}

/** A provider that has seen a newer claim than the newest of this store proves that the store was restored: nothing is deleted then. */
async function holdWhenBehind({ engine, logger }: PassContext, claim: Claim): Promise<void> {
  const { bound_environment_id: environmentId, placement_id: placementId } = claim.database;
  if (await holdIfNewest(engine, claim, lifecycleAudit(claim.database, 'restore.hold', claim.database.phase, null))) {
    const fields = { event: 'restore.hold', environmentId, placementId };
    logger.error(fields, 'a server has seen newer claims than the store: nothing is deleted until the doctor ran');
  }
}

/** Something of the call was refused, and nothing of it has happened. */
const isRefusal = (error: unknown): boolean =>
  error instanceof StaleClaim ||
  (error instanceof AdapterError && (error.definitive || error.isStale || error.code === 'conflict'));

/** A newer claim works on the database: the provider's fence says so, or the store. */
export function countRejection(meter: Meter, driver: string): void {
  meter.counter(METRICS.fenceRejections, { 'envplane.driver': driver }).total += 1;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new AdapterError('outcome_unknown', 'The provider did not answer in time.')),
      { once: true },
    );
  });
}

/** The credential to log in with: the active one, or the one that is to be the first. */
export function currentCredential(
  { credentials }: Pick<Claim, 'credentials'>,
  authorization: Authorization,
): DatabaseCredentialRow | undefined {
  const inState = (state: DatabaseCredentialRow['state']) =>
    credentials.find((credential) => credential.state === state && credential.authorization === authorization);
  return inState('active') ?? inState('staged');
}

/** The authorizations a database of this driver has credentials for. */
export const authorizationsOf = ({ credentials }: Pick<DatabaseAdapter, 'credentials'>): readonly Authorization[] =>
  credentials.kind === 'none' ? ['full_access'] : credentials.authorizations;

const sealContext = (
  context: { installationId: string },
  environmentId: string,
  credential: { id: string; version: number },
) => ({
  installationId: context.installationId,
  environmentId,
  credentialId: credential.id,
  version: credential.version,
});

/** What credentials are sealed and opened with; `trace`: the request they are needed for. */
interface SealingContext {
  installationId: string;
  dataKeys: DataKeys;
  trace?: Trace | null;
}

/** A row of a credential as far as it has come. */
type Row = Pick<DatabaseCredentialRow, 'id' | 'version' | 'authorization' | 'slot' | 'secret_ciphertext'>;

/** What is known in this process of what a row seals: setting a credential and proving it are two steps of one pass. Gone with the row. */
const opened = new WeakMap<Row, AdapterCredential>();

/** Keeps the secret of a row, for whoever goes on with that row in this process (ADR 0069). */
export function keepSecret(row: Row, secret: Secret): AdapterCredential {
  const credential: AdapterCredential = Object.freeze({
    credentialId: row.id,
    version: row.version,
    ...slotOf(row),
    secret,
  });
  opened.set(row, credential);
  return credential;
}

/** What a commit leaves sealed as it was is not opened again for the next step of the pass. */
export function keepOpened(before: readonly Row[], after: readonly Row[]): void {
  for (const row of after) {
    const same = before.find(({ id, secret_ciphertext: sealed }) => id === row.id && sealed === row.secret_ciphertext);
    const credential = same && opened.get(same);
    if (credential) opened.set(row, credential);
  }
}

/** Where a credential stands at the provider. */
export const slotOf = ({ authorization, slot }: Pick<Row, 'authorization' | 'slot'>): CredentialSlot => ({
  authorization,
  slot: slot === 0 ? 0 : 1,
});

/** Opens a sealed credential for an adapter; null for kind `none`. */
export async function openCredential(
  context: SealingContext,
  environmentId: string,
  row: DatabaseCredentialRow | undefined,
): Promise<AdapterCredential | null> {
  if (!row || row.kind === 'none') return null;
  const known = opened.get(row);
  if (known) return known;
  const dek = await context.dataKeys.get(row.encryption_key_id, context.trace);
  return keepSecret(row, await unseal(row.secret_ciphertext, dek, sealContext(context, environmentId, row)));
}

/** Opens credentials of a claim that are not of kind `none`. */
export async function openCredentials(
  context: PassContext,
  { database }: Claim,
  rows: readonly DatabaseCredentialRow[],
): Promise<AdapterCredential[]> {
  const credentials = await Promise.all(rows.map((row) => openCredential(context, database.bound_environment_id, row)));
  return credentials.filter((credential) => credential !== null);
}

/**
 * Opens what will be needed next while the provider works: when what is being asked of it has left. What is wrong with one of them,
 * whoever needs it is told.
 */
export function openAhead(context: PassContext, claim: Claim, rows: readonly DatabaseCredentialRow[]): void {
  setImmediate(() => void openCredentials(context, claim, rows).catch(() => undefined));
}

/** Seals a credential for its row. */
export async function sealCredential(
  context: SealingContext,
  environmentId: string,
  row: { id: string; version: number; encryption_key_id: string },
  secret: Parameters<typeof seal>[0],
): Promise<string> {
  return seal(
    secret,
    await context.dataKeys.get(row.encryption_key_id, context.trace),
    sealContext(context, environmentId, row),
  );
}
