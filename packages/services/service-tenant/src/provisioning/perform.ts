import {
  type AcceptedCredential,
  type AdapterContext,
  AdapterError,
  type Authorization,
  type DatabaseAdapter,
  type DatabaseLocation,
  type DatabaseTarget,
  type Observation,
} from '@envplane/spec';
import { METRICS } from '../metrics.ts';
import type { EnvironmentDatabaseRow } from '../objects/index.ts';
import { isHeld } from '../store/restores.ts';
import type { Claim, NewCredential } from '../store/work.ts';
import type { Outcome, Step } from './machine.ts';
import { mintCredential, onlyCredential } from './new-credential.ts';
import {
  authorizationsOf,
  callAdapter,
  currentCredential,
  openCredential,
  openCredentials,
  type PassContext,
  slotOf,
  targetOf,
  targetOfClaim,
  tryEach,
} from './pass-context.ts';
import { acceptedCredentials, isDoomed } from './rotation.ts';

/** What a step found out. */
export type Found =
  | {
      kind: 'outcome';
      outcome: Outcome;
      /** What becomes known with it, given the store's clock. */
      facts?: (nowMs: number) => Partial<EnvironmentDatabaseRow>;
      /** Why, when the outcome is a failure. */
      code?: string;
      minted?: NewCredential[];
    }
  /** Nothing is wrong; look again later. */
  | { kind: 'wait'; waitMs: number }
  /** A confirmed object was not seen. One absence proves nothing; `comesTo`: what it is when it stays so, `lost` when absent. */
  | { kind: 'missing'; comesTo?: Outcome };

const outcome = (
  name: Outcome,
  facts?: (nowMs: number) => Partial<EnvironmentDatabaseRow>,
  minted: NewCredential[] = [],
): Found => ({
  kind: 'outcome',
  outcome: name,
  ...(facts && { facts }),
  ...(minted.length > 0 && { minted }),
});

/**
 * Does one step. The only function that both reads a state and calls an adapter; every call in it can be repeated.
 * @throws AdapterError, StaleClaim
 */
export async function perform(context: PassContext, claim: Claim, step: Exclude<Step, 'rest'>): Promise<Found> {
  const { database } = claim;
  const adapter = context.adapters.serving(database);
  const target = await targetOfClaim(context, claim);
  switch (step) {
    case 'begin':
      return outcome(database.load_source_id && !database.load_done_at ? 'begun_load' : 'begun', () => ({
        create_intent_epoch: database.fence_epoch,
      }));
    case 'create': {
      const { blind } = adapter;
      if (blind && database.database_url !== null) return outcome('created');
      // Nobody knows what became of the first attempt.
      if (blind?.createsOnce && database.create_intent_epoch !== database.fence_epoch) {
        return { kind: 'outcome', outcome: 'refused', code: 'outcome_unknown' };
      }
      // While the server works; what is wrong with one of them, the step that needs it says.
      const staged = claim.credentials.filter(({ state }) => state === 'staged');
      void openCredentials(context, claim, staged).catch(() => undefined);
      const { secret, ...location } = await callAdapter(context, claim, 'create', (call) =>
        adapter.createDatabase(target, { mustExist: database.confirmed_at !== null }, call),
      );
      const minted = secret ? [await onlyCredential(context, claim, secret)] : [];
      return outcome('created', () => located(location), minted);
    }
    case 'load':
      return await load(context, claim, adapter);
    case 'secure':
      return await secure(context, claim, adapter);
    case 'verify':
      await verify(context, claim, adapter);
      return outcome('verified', (nowMs) => verifiedFacts(database, nowMs));
    case 'suspend':
      await cutOff(context, claim, adapter);
      return outcome('suspended');
    case 'begin_resume':
      return outcome('resume_begun');
    case 'begin_restore':
      return outcome('restore_begun', () => ({ purge_after: null }));
    case 'reopen':
      return await reopen(context, claim, adapter);
    case 'begin_archive':
      return outcome('archive_begun');
    case 'archive':
      return await archive(context, claim, adapter);
    case 'begin_purge':
      return outcome('purge_begun', () => ({ desired_state: 'absent', delete_intent_epoch: database.fence_epoch }));
    case 'drop':
      return await drop(context, claim, adapter);
    case 'settle':
      return await settle(context, claim, adapter);
  }
}

const located = (location: { databaseUrl: string; externalUid: string }): Partial<EnvironmentDatabaseRow> => ({
  database_url: location.databaseUrl,
  external_uid: location.externalUid,
});

const verifiedFacts = (database: EnvironmentDatabaseRow, nowMs: number): Partial<EnvironmentDatabaseRow> => ({
  confirmed_at: database.confirmed_at ?? nowMs,
  provisioned_at: database.provisioned_at ?? nowMs,
  ...(database.load_source_id && { load_done_at: database.load_done_at ?? nowMs }),
  absent_count: 0,
  absent_seen_at: null,
});

/** Looks by name. What cannot be told, for whatever reason, is `unknown` (I4). @throws StaleClaim */
export async function observe(context: PassContext, claim: Claim): Promise<Observation> {
  try {
    const adapter = context.adapters.serving(claim.database);
    if (adapter.blind) return asRecorded(claim.database);
    const target = await targetOfClaim(context, claim);
    return await callAdapter(context, claim, 'short', (call) => adapter.findDatabase(target, call));
  } catch (error) {
    if (error instanceof AdapterError) return { kind: 'unknown', error };
    throw error;
  }
}

/** What the row says of an object that nobody can look at. */
function asRecorded({ database_url: databaseUrl, external_uid: externalUid }: EnvironmentDatabaseRow): Observation {
  if (databaseUrl === null) return { kind: 'unknown', error: unknown() };
  return { kind: 'ours', databaseUrl, externalUid: externalUid ?? '' };
}

async function load(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database, source } = claim;
  if (!source) return { kind: 'outcome', outcome: 'refused', code: 'source_missing' };
  const { copy } = adapter;
  if (!copy) throw new AdapterError('unsupported', `The driver ${adapter.driver} cannot copy.`);
  const target = await targetOfClaim(context, claim);
  const from = targetOf(context, source, target.placement);
  const location = await callAdapter(context, claim, 'load', (call) =>
    copy.copyDatabase(from, target, { schemaOnly: database.load_schema_only }, call),
  );
  return outcome('created', () => located(location));
}

async function secure(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { credentials } = adapter;
  const target = await targetOfClaim(context, claim);
  if (credentials.kind === 'none') return outcome('secured');
  if (credentials.kind === 'caller_set') {
    const accepted = acceptedCredentials(claim.credentials, await context.engine.now());
    const isMissing = (authorization: Authorization) => accepted.every((row) => row.authorization !== authorization);
    if (credentials.authorizations.some(isMissing)) {
      throw new AdapterError('invalid_request', 'The database has no credential to set.');
    }
    const opened = await openCredentials(context, claim, accepted);
    await callAdapter(context, claim, 'short', (call) => credentials.applyCredentials(target, opened, call));
    return outcome('secured');
  }
  if (credentials.comesWithDatabase) {
    if (currentCredential(claim, 'full_access')) return outcome('secured');
    return { kind: 'outcome', outcome: 'refused', code: 'outcome_unknown' };
  }
  const minted: NewCredential[] = [];
  for (const authorization of credentials.authorizations) {
    // The login that follows proves a token in use; another one would live on unused.
    if (provingCredential(claim, authorization)?.state === 'active') continue;
    minted.push(await mintCredential(context, claim, target, credentials, authorization));
  }
  return outcome('secured', undefined, minted);
}

async function verify(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<void> {
  const target = await targetOfClaim(context, claim);
  const { bound_environment_id: environmentId } = claim.database;
  const opened = authorizationsOf(adapter).map((each) =>
    openCredential(context, environmentId, provingCredential(claim, each)),
  );
  await tryEach(context, claim, await Promise.all(opened), (credential, call) =>
    adapter.verifyDatabase(target, credential, call),
  );
}

/** Resume and restore: back in reach, hardened, the same secret set again, proved by a login. Never creates (I5). */
async function reopen(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database } = claim;
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  if (observed.kind === 'absent') return { kind: 'missing' };
  if (observed.kind === 'foreign') return { kind: 'outcome', outcome: 'foreign', code: 'conflict' };
  const minted = await firstTokens(context, claim, adapter);
  if (minted.length > 0) return outcome('minted', undefined, minted);
  const location = (await makeSo(context, claim, adapter)) ?? observed;
  return outcome('verified', (nowMs) => ({ ...located(location), ...verifiedFacts(database, nowMs) }));
}

/** What a login is to prove the database with: not with what an emergency has ended, or is about to. */
const provingCredential = ({ credentials }: Claim, authorization: Authorization) =>
  currentCredential({ credentials: credentials.filter((row) => !isDoomed(row)) }, authorization);

/** Tokens for a database that is brought back without any: they are committed before they are used (I2). */
async function firstTokens(
  context: PassContext,
  claim: Claim,
  { credentials }: DatabaseAdapter,
): Promise<NewCredential[]> {
  if (credentials.kind !== 'provider_minted' || credentials.comesWithDatabase) return [];
  const target = await targetOfClaim(context, claim);
  const missing = credentials.authorizations.filter((authorization) => !provingCredential(claim, authorization));
  return Promise.all(missing.map((each) => mintCredential(context, claim, target, credentials, each)));
}

/**
 * A database that is there made as it should be: open to its credentials and to nobody else, hardened, proved by logins. Never
 * creates (I5). Null: the adapter cannot say where it is.
 */
async function makeSo(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<DatabaseLocation | null> {
  const target = await targetOfClaim(context, claim);
  // First: a credential whose time ended meanwhile is not to open the database again. Tokens cannot be set; the login proves them.
  if (adapter.credentials.kind === 'caller_set') await secure(context, claim, adapter);
  await callAdapter(context, claim, 'short', async (call) => {
    if (claim.database.phase === 'restoring' && adapter.archive) await adapter.archive.restoreDatabase(target, call);
    else await adapter.suspend?.resumeDatabase(target, call);
  });
  const location = adapter.blind
    ? null
    : await callAdapter(context, claim, 'create', (call) => adapter.createDatabase(target, { mustExist: true }, call));
  await verify(context, claim, adapter);
  return location;
}

/** The same for one that is in use. @throws AdapterError, StaleClaim */
export async function reapply(context: PassContext, claim: Claim): Promise<void> {
  const { database } = claim;
  // What somebody else made is left as it is.
  if (!database.adopted) await makeSo(context, claim, context.adapters.serving(database));
}

/** Whether somebody changed, at the provider, who may do what or how it is set; not where that cannot be told now. @throws StaleClaim */
export async function hasDrifted(context: PassContext, claim: Claim): Promise<boolean> {
  const { database } = claim;
  const { drift } = context.adapters.serving(database);
  if (!drift || database.adopted) return false;
  const target = await targetOfClaim(context, claim);
  const known = acceptedCredentials(claim.credentials, await context.engine.now()).map(
    (row): AcceptedCredential => ({ ...slotOf(row), credentialId: row.id, isActive: row.state === 'active' }),
  );
  // A store that was restored knows older credentials than those in use; what becomes of them is decided with all of it (A6).
  const accepted = (await isHeld(context.engine)) ? null : known;
  const found = await callAdapter(context, claim, 'short', (call) => drift.findDrift(target, accepted, call)).catch(
    nothingTold,
  );
  for (const { kind, detail } of found) {
    context.meter.counter(METRICS.drift, { 'envplane.driver': database.driver, 'envplane.drift': kind }).total += 1;
    const fields = { event: 'reconcile.drift', environmentId: database.bound_environment_id, kind, detail };
    context.logger.warn(fields, 'a database was changed at its provider; it is made as it should be');
  }
  return found.length > 0;
}

/** That a look failed is no reason to try again sooner: the database was seen a moment ago. */
function nothingTold(error: unknown): [] {
  if (error instanceof AdapterError) return [];
  throw error;
}

/** Only what is observed ours is touched; where nothing of ours stands, and that is certain, there is nobody to cut off. */
async function archive(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  const { confirmed_at: confirmedAt, desired_state: wish } = claim.database;
  // On the way to a purge the settle window tells. What is to be archived is not looked at again, and would stay open.
  if (observed.kind === 'absent' && confirmedAt !== null && wish === 'archived') {
    return { kind: 'missing', comesTo: 'archived' };
  }
  if (observed.kind === 'ours') await cutOff(context, claim, adapter);
  return outcome('archived');
}

/** How a driver puts a database out of reach for what is wished; undefined where all there is to do is to hand out no connection. */
export function wayOut({ archive, suspend }: DatabaseAdapter, { desired_state: wish }: EnvironmentDatabaseRow) {
  if (archive && wish !== 'suspended')
    return (target: DatabaseTarget, call: AdapterContext) => archive.archiveDatabase(target, call);
  return suspend && ((target: DatabaseTarget, call: AdapterContext) => suspend.suspendDatabase(target, call));
}

async function cutOff(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<void> {
  const cut = wayOut(adapter, claim.database);
  if (!cut) return;
  const target = await targetOfClaim(context, claim);
  await callAdapter(context, claim, 'short', (call) => cut(target, call));
}

/**
 * One that is out of reach put there again: somebody may have opened it at the provider, or a request of ours that came late where
 * no fence refuses it (F4). Not where that cannot be done now, nor by a store that was restored (A6). @throws StaleClaim
 */
export async function cutOffAgain(context: PassContext, claim: Claim): Promise<void> {
  const adapter = context.adapters.serving(claim.database);
  if (!wayOut(adapter, claim.database) || (await isHeld(context.engine))) return;
  if ((await observe(context, claim)).kind === 'ours') await cutOff(context, claim, adapter).catch(nothingTold);
}

async function drop(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const absent = outcome('absent', (nowMs) => ({ absent_seen_at: nowMs }));
  if (claim.database.deletion_policy === 'retain') return absent;
  // By its name, whether or not it is there.
  const observed = adapter.blind ? { kind: 'ours' } : await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  if (observed.kind !== 'foreign') {
    const target = await targetOfClaim(context, claim);
    // HAZARD: also what is absent. A creation that is still on its way is stopped by the fence, which this call raises (F3).
    await callAdapter(context, claim, 'create', (call) => adapter.deleteDatabase(target, call));
    if (adapter.blind) return absent;
    const after = await observe(context, claim);
    if (after.kind === 'unknown' || after.kind === 'ours') throw unknown();
  }
  return absent;
}

async function settle(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database } = claim;
  if (database.deletion_policy === 'retain') return outcome('gone');
  const left = (database.absent_seen_at ?? 0) + adapter.settleMs - (await context.engine.now());
  if (left > 0) return { kind: 'wait', waitMs: left };
  if (adapter.blind) return outcome('gone');
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  return outcome(observed.kind === 'ours' ? 'reappeared' : 'gone');
}

const unknown = () => new AdapterError('outcome_unknown', 'It cannot be told whether the database is there.');
