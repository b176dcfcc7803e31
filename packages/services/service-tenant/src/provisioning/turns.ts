import {
  type AdapterCredential,
  AdapterError,
  type Authorization,
  CREDENTIAL_STATUS,
  type CredentialsFacet,
  type DatabaseTarget,
  type SealedCredential,
} from '@envplane/spec';
import type { DatabaseCredentialRow } from '../objects/index.ts';
import type { Claim, NewCredential } from '../store/work.ts';
import type { StoreFailpoint } from './failpoints.ts';
import { mintCredential, newCredential, nextVersion, ownerOf } from './new-credential.ts';
import type { StepLog } from './operation-steps.ts';
import {
  callAdapter,
  openAhead,
  openCredentials,
  type PassContext,
  slotOf,
  targetOfClaim,
  tryEach,
} from './pass-context.ts';
import { acceptedCredentials, failed, isDoomed, isStaged, isWithdrawn, type Turn } from './rotation.ts';

/** How long sessions of a refused credential may end what they are doing, in ms. */
export const DRAIN_MS = 15 * 60_000;

/** What a turn came to, to be committed. */
export interface Turned {
  failpoint: StoreFailpoint;
  /** What becomes of credentials, by id, in this order. */
  changes: ReadonlyMap<string, Partial<DatabaseCredentialRow>>;
  added: readonly NewCredential[];
}

type Facet = Exclude<CredentialsFacet, { kind: 'none' }>;

/** What a turn works with. */
interface Work {
  context: PassContext;
  claim: Claim;
  facet: Facet;
  target: DatabaseTarget;
  log: StepLog;
}

/**
 * Does what a turn asks for. Like `perform` it may be repeated at any point: what is set, proved or ended is named by the
 * rows.
 * @throws AdapterError, StaleClaim
 */
export async function performTurn(context: PassContext, claim: Claim, turn: Turn, log: StepLog): Promise<Turned> {
  const facet = context.adapters.serving(claim.database).credentials;
  if (facet.kind === 'none') throw new RangeError('a driver without credentials has no turns');
  const work = { context, claim, facet, log, target: await targetOfClaim(context, claim) };
  switch (turn.step) {
    case 'withdraw':
      return withdraw(work, turn.credentials);
    case 'stage':
      return stage(work, turn.credentials);
    case 'replace':
      return replace(work, turn.credentials);
    case 'revoke':
      return revoke(work, turn.credentials);
    case 'drain':
      return drain(work, turn.credentials);
  }
}

/**
 * T1 and T2. Until the commit nothing is minted, so that ending everything once more ends nothing new; afterwards it is not asked
 * for again. In between the database has no credential that works.
 */
async function withdraw(work: Work, ended: readonly DatabaseCredentialRow[]): Promise<Turned> {
  const { context, claim, facet, target, log } = work;
  const withdrawal = facet.kind === 'provider_minted' ? facet.withdrawal : undefined;
  if (!withdrawal) throw new AdapterError('unsupported', 'The driver cannot end the tokens of a database.');
  const staged = ended.filter(({ state }) => state === 'staged');
  const known = ended.filter((row) => !staged.includes(row));
  const opened = await openCredentials(context, claim, known);
  await log.measure('withdraw', async () => {
    if (await areRefused(work, opened)) return;
    await callAdapter(context, claim, 'short', (call) => withdrawal.withdrawCredentials(target, call));
  });
  await log.measure('prove', () => proveRefused(work, opened));
  const nowMs = await context.engine.now();
  return {
    failpoint: 'cp.withdrawn',
    changes: new Map<string, Partial<DatabaseCredentialRow>>([
      ...staged.map(({ id, kind }) => [id, failed(kind, nowMs)] as const),
      ...known.map((row) => [row.id, { ...(!isDoomed(row) && revokedAt(nowMs)), retire_after: nowMs }] as const),
    ]),
    added: [],
  };
}

function proveRefused(
  { context, claim, facet, target }: Work,
  credentials: readonly AdapterCredential[],
): Promise<void> {
  return tryEach(context, claim, credentials, (credential, call) => facet.verifyRefused(target, credential, call));
}

/** An earlier call may have ended them, and its answer been lost. In doubt they are not. */
const areRefused = (work: Work, credentials: readonly AdapterCredential[]): Promise<boolean> =>
  isTold(proveRefused(work, credentials));

async function isTold(proof: Promise<void>): Promise<boolean> {
  try {
    await proof;
    return true;
  } catch (error) {
    if (error instanceof AdapterError) return false;
    throw error;
  }
}

const revokedAt = (nowMs: number) =>
  ({
    state: 'revoked',
    status: CREDENTIAL_STATUS.revoked,
    secret_ciphertext: '',
    revoked_at: nowMs,
  }) as const;

async function stage(work: Work, replaced: readonly DatabaseCredentialRow[]): Promise<Turned> {
  const { facet, log } = work;
  const added = await log.measure('stage', () => Promise.all(replaced.map((row) => nextCredential(work, row))));
  return { failpoint: facet.kind === 'caller_set' ? 'cp.stage' : 'cp.stage-minted', changes: new Map(), added };
}

async function nextCredential({ context, claim, facet, target }: Work, replaced: DatabaseCredentialRow) {
  const authorization: Authorization = replaced.authorization;
  if (facet.kind === 'provider_minted') return mintCredential(context, claim, target, facet, authorization);
  const version = nextVersion(claim, authorization);
  const slot = replaced.slot === 0 ? 1 : 0;
  const secret = facet.generateSecret();
  const content = { kind: facet.credentialKind, value: secret, expiresAtMs: null };
  const made = await newCredential(context, ownerOf(claim), { authorization, version, slot, secret: content });
  justMade.set(claim, [
    ...(justMade.get(claim) ?? []),
    { credentialId: made.id, version, authorization, slot, secret },
  ]);
  return made;
}

/** What a pass has made and sealed, to be set; what is proved is opened from the row. */
const justMade = new WeakMap<Claim, readonly AdapterCredential[]>();

/** R2 to R4. Until the commit the old ones are those to use, and afterwards both are accepted. */
async function replace(work: Work, staged: readonly DatabaseCredentialRow[]): Promise<Turned> {
  const { context, claim, facet, log } = work;
  if (facet.kind === 'caller_set') {
    openAhead(context, claim, staged);
    await log.measure('set', () => applyAccepted(work));
  }
  await log.measure('test', () => testLogins(context, claim, staged));
  await log.measure('flip', async () => undefined);
  const nowMs = await context.engine.now();
  const followUp = facet.kind === 'caller_set' ? context.uuid() : null;
  const isPredecessor = (row: DatabaseCredentialRow) =>
    row.state === 'active' &&
    staged.some(({ principal, authorization }) => row.principal === principal && row.authorization === authorization);
  const used = { state: 'active', status: CREDENTIAL_STATUS.active, activated_at: nowMs } as const;
  return {
    failpoint: 'cp.flip',
    changes: new Map<string, Partial<DatabaseCredentialRow>>([
      ...claim.credentials
        .filter(isPredecessor)
        .map(
          (row) =>
            [
              row.id,
              isWithdrawn(row) ? revokedAt(nowMs) : retiring(row, facet.kind === 'caller_set', followUp, nowMs),
            ] as const,
        ),
      ...staged.map(({ id }) => [id, used] as const),
    ]),
    added: [],
  };
}

async function testLogins(context: PassContext, claim: Claim, rows: readonly DatabaseCredentialRow[]): Promise<void> {
  const adapter = context.adapters.serving(claim.database);
  const target = await targetOfClaim(context, claim);
  await tryEach(context, claim, await openCredentials(context, claim, rows), (credential, call) =>
    adapter.verifyDatabase(target, credential, call),
  );
}

/** Whether the credentials in use open the database now. @throws StaleClaim */
export async function doLogIn(context: PassContext, claim: Claim): Promise<boolean> {
  const active = claim.credentials.filter(({ state }) => state === 'active');
  return isTold(testLogins(context, claim, active));
}

/**
 * What a provider cannot refuse one by one is accepted until it dies by itself. What it can has an operation of its own for that,
 * unless the one that replaces it waits for it.
 */
function retiring(
  row: DatabaseCredentialRow,
  isRevocable: boolean,
  followUp: string | null,
  nowMs: number,
): Partial<DatabaseCredentialRow> {
  return {
    state: 'retiring',
    status: CREDENTIAL_STATUS.retiring,
    retire_after: isRevocable ? nowMs + (row.grace_ms ?? 0) : row.expires_at,
    operation_id: row.urgency === 'emergency' ? null : followUp,
  };
}

/** R6 to R8. In an emergency R9 comes at once: whoever is in with the old secret is put out. */
async function revoke(work: Work, due: readonly DatabaseCredentialRow[]): Promise<Turned> {
  const { context, claim, facet, log } = work;
  const urgent = due.filter(({ urgency }) => urgency === 'emergency');
  if (facet.kind === 'caller_set') {
    openAhead(context, claim, due);
    await log.measure('revoke', async () => {
      await applyAccepted(work);
      await endSessions(work, urgent);
    });
  }
  await log.measure('prove', async () => proveRefused(work, await openCredentials(context, claim, due)));
  const hasSessions = facet.kind === 'caller_set' && facet.endSessions !== undefined;
  const nowMs = await context.engine.now();
  return {
    failpoint: 'cp.revoked',
    changes: new Map(
      due.map((row) => [
        row.id,
        { ...revokedAt(nowMs), drain_at: hasSessions && !urgent.includes(row) ? nowMs + DRAIN_MS : null },
      ]),
    ),
    added: [],
  };
}

/** R9, and for one that failed what was set of it. */
async function drain(work: Work, left: readonly DatabaseCredentialRow[]): Promise<Turned> {
  await work.log.measure('drain', async () => {
    await applyAccepted(work);
    await endSessions(work, left);
  });
  return { failpoint: 'cp.drained', changes: new Map(left.map(({ id }) => [id, { drain_at: null }])), added: [] };
}

async function applyAccepted({ context, claim, facet, target }: Work): Promise<void> {
  if (facet.kind !== 'caller_set') return;
  const accepted = acceptedCredentials(claim.credentials, await context.engine.now());
  const sealed = accepted.map((row) => sealedCredential(context, claim, row));
  await callAdapter(context, claim, 'short', (call) => facet.applyCredentials(target, sealed, call));
}

const sealedCredential = (context: PassContext, claim: Claim, row: DatabaseCredentialRow): SealedCredential => ({
  ...slotOf(row),
  isProved: !isStaged(row),
  open: async () => {
    const made = justMade.get(claim)?.find(({ credentialId }) => credentialId === row.id);
    const [opened] = made ? [made] : await openCredentials(context, claim, [row]);
    if (!opened) throw new AdapterError('invalid_request', 'A credential that is to be accepted has no secret.');
    return opened;
  },
});

async function endSessions(
  { context, claim, facet, target }: Work,
  rows: readonly DatabaseCredentialRow[],
): Promise<void> {
  if (facet.kind !== 'caller_set' || !facet.endSessions || rows.length === 0) return;
  const end = facet.endSessions;
  await callAdapter(context, claim, 'short', (call) => end(target, rows.map(slotOf), call));
}
