import { AdapterError, type DatabaseAdapter, type Observation } from '@envplane/spec';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow } from '../objects/index.ts';
import { SEALED_FORMAT } from '../secrets/sealing.ts';
import type { Claim } from '../store/work.ts';
import type { Outcome, Step } from './machine.ts';
import {
  callAdapter,
  currentCredential,
  openCredential,
  type PassContext,
  sealCredential,
  targetOf,
} from './pass-context.ts';

/** What a step found out. */
export type Found =
  | {
      kind: 'outcome';
      outcome: Outcome;
      /** What becomes known with it, given the store's clock. */
      facts?: (nowMs: number) => Partial<EnvironmentDatabaseRow>;
      /** Why, when the outcome is a failure. */
      code?: string;
      minted?: Omit<DatabaseCredentialRow, 'created_at' | 'updated_at'>;
    }
  /** Nothing is wrong; look again later. */
  | { kind: 'wait'; waitMs: number }
  /** A confirmed object was not seen. One absence proves nothing. */
  | { kind: 'missing' };

const outcome = (name: Outcome, facts?: (nowMs: number) => Partial<EnvironmentDatabaseRow>): Found => ({
  kind: 'outcome',
  outcome: name,
  ...(facts && { facts }),
});

/**
 * Does one step. The only function that both reads a state and calls an adapter; every call in it can be repeated.
 * @throws AdapterError, StaleClaim
 */
export async function perform(context: PassContext, claim: Claim, step: Exclude<Step, 'rest'>): Promise<Found> {
  const { database, placement } = claim;
  const adapter = context.adapters.get(database.driver);
  const target = targetOf(context, database, placement);
  switch (step) {
    case 'begin':
      return outcome(database.load_source_id && !database.load_done_at ? 'begun_load' : 'begun', () => ({
        create_intent_epoch: database.fence_epoch,
      }));
    case 'create': {
      const location = await callAdapter(context, claim, 'create', (call) =>
        adapter.createDatabase(target, { mustExist: database.confirmed_at !== null }, call),
      );
      return outcome('created', () => located(location));
    }
    case 'load':
      return await load(context, claim, adapter);
    case 'secure':
      return await secure(context, claim, adapter);
    case 'verify':
      await verify(context, claim, adapter);
      return outcome('verified', (nowMs) => verifiedFacts(database, nowMs));
    case 'suspend':
      await callAdapter(context, claim, 'short', async (call) => adapter.suspend?.suspendDatabase(target, call));
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
    const adapter = context.adapters.get(claim.database.driver);
    const target = targetOf(context, claim.database, claim.placement);
    return await callAdapter(context, claim, 'short', (call) => adapter.findDatabase(target, call));
  } catch (error) {
    if (error instanceof AdapterError) return { kind: 'unknown', error };
    throw error;
  }
}

async function load(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database, placement, source } = claim;
  if (!source) return { kind: 'outcome', outcome: 'refused', code: 'source_missing' };
  const { copy } = adapter;
  if (!copy) throw new AdapterError('unsupported', `The driver ${adapter.driver} cannot copy.`);
  const location = await callAdapter(context, claim, 'load', (call) =>
    copy.copyDatabase(
      targetOf(context, source, placement),
      targetOf(context, database, placement),
      { schemaOnly: database.load_schema_only },
      call,
    ),
  );
  return outcome('created', () => located(location));
}

async function secure(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database, placement } = claim;
  const { credentials } = adapter;
  const target = targetOf(context, database, placement);
  if (credentials.kind === 'none') return outcome('secured');
  if (credentials.kind === 'caller_set') {
    const credential = await openCredential(context, database.bound_environment_id, currentCredential(claim));
    if (!credential) throw new AdapterError('invalid_request', 'The database has no credential to set.');
    await callAdapter(context, claim, 'short', (call) => credentials.applyCredential(target, credential, call));
    return outcome('secured');
  }
  // The login that follows proves the token in use; another one would live on unused.
  if (currentCredential(claim)?.state === 'active') return outcome('secured');
  // A token that is lost before it is committed dies by its own expiry (I2).
  const minted = await callAdapter(context, claim, 'short', (call) =>
    credentials.mintCredential(target, { authorization: 'full_access' }, call),
  );
  const row = {
    id: context.uuid(),
    version: Math.max(0, ...claim.credentials.map((credential) => credential.version)) + 1,
    encryption_key_id: claim.database.encryption_key_id,
  };
  return {
    kind: 'outcome',
    outcome: 'secured',
    minted: {
      ...row,
      environment_database_id: database.id,
      authorization: 'full_access',
      kind: 'token',
      slot: 0,
      state: 'staged',
      status: 'rotating',
      secret_ciphertext: await sealCredential(context, database.bound_environment_id, row, minted.secret),
      enc_format: SEALED_FORMAT,
      activated_at: null,
      retire_after: null,
      expires_at: minted.expiresAtMs,
      revoked_at: null,
    },
  };
}

async function verify(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<void> {
  const { database, placement } = claim;
  const credential = await openCredential(context, database.bound_environment_id, currentCredential(claim));
  const target = targetOf(context, database, placement);
  await callAdapter(context, claim, 'short', (call) => adapter.verifyDatabase(target, credential, call));
}

/** Resume and restore: back in reach, hardened, the same secret set again, proved by a login. Never creates (I5). */
async function reopen(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database, placement } = claim;
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  if (observed.kind === 'absent') return { kind: 'missing' };
  if (observed.kind === 'foreign') return { kind: 'outcome', outcome: 'foreign', code: 'conflict' };
  const target = targetOf(context, database, placement);
  await callAdapter(context, claim, 'short', async (call) => {
    if (database.phase === 'restoring' && adapter.archive) await adapter.archive.restoreDatabase(target, call);
    else await adapter.suspend?.resumeDatabase(target, call);
  });
  const location = await callAdapter(context, claim, 'create', (call) =>
    adapter.createDatabase(target, { mustExist: true }, call),
  );
  await secure(context, claim, adapter);
  await verify(context, claim, adapter);
  return outcome('verified', (nowMs) => ({ ...located(location), ...verifiedFacts(database, nowMs) }));
}

/** Only what is observed ours is touched; where nothing of ours stands there is nobody to cut off. */
async function archive(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  if (observed.kind === 'ours') {
    const target = targetOf(context, claim.database, claim.placement);
    await callAdapter(context, claim, 'short', async (call) => {
      if (adapter.archive) await adapter.archive.archiveDatabase(target, call);
      else await adapter.suspend?.suspendDatabase(target, call);
    });
  }
  return outcome('archived');
}

async function drop(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const absent = outcome('absent', (nowMs) => ({ absent_seen_at: nowMs }));
  if (claim.database.deletion_policy === 'retain') return absent;
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  if (observed.kind === 'ours') {
    const target = targetOf(context, claim.database, claim.placement);
    await callAdapter(context, claim, 'create', (call) => adapter.deleteDatabase(target, call));
    const after = await observe(context, claim);
    if (after.kind === 'unknown' || after.kind === 'ours') throw unknown();
  }
  return absent;
}

async function settle(context: PassContext, claim: Claim, adapter: DatabaseAdapter): Promise<Found> {
  const { database } = claim;
  const left = (database.absent_seen_at ?? 0) + adapter.settleMs - (await context.engine.now());
  if (left > 0) return { kind: 'wait', waitMs: left };
  if (database.deletion_policy === 'retain') return outcome('gone');
  const observed = await observe(context, claim);
  if (observed.kind === 'unknown') throw unknown();
  return outcome(observed.kind === 'ours' ? 'reappeared' : 'gone');
}

const unknown = () => new AdapterError('outcome_unknown', 'It cannot be told whether the database is there.');
