import {
  type AdapterCredential,
  AdapterError,
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
  /** To be called when the commit is over, whatever came of it. */
  onCommit?: () => void;
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
  const begun = settings.get(claim);
  settings.delete(claim);
  // Two calls of one pass would not know of each other.
  if (turn.step !== 'replace') await begun?.setting.catch(() => undefined);
  switch (turn.step) {
    case 'withdraw':
      return withdraw(work, turn.credentials);
    case 'stage':
      return stage(work, turn.credentials);
    case 'replace':
      return replace(work, turn.credentials, begun);
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
  const { context, claim, facet, target, log } = work;
  if (facet.kind === 'provider_minted') {
    const mint = ({ authorization }: DatabaseCredentialRow) =>
      mintCredential(context, claim, target, facet, authorization);
    const minted = await log.measure('stage', () => Promise.all(replaced.map(mint)));
    return { failpoint: 'cp.stage-minted', changes: new Map(), added: minted };
  }
  const made = replaced.map(({ authorization, slot }) => ({
    ...{ credentialId: context.uuid(), version: nextVersion(claim, authorization), authorization },
    ...{ slot: slot === 0 ? (1 as const) : (0 as const), secret: facet.generateSecret() },
  }));
  const { asked, onCommit } = beginToSet(work, made, await context.engine.now());
  try {
    await asked;
    const sealed = ({ secret, ...credential }: AdapterCredential) => {
      const content = { kind: facet.credentialKind, value: secret, expiresAtMs: null };
      return newCredential(context, ownerOf(claim), { ...credential, secret: content });
    };
    const added = await log.measure('stage', () => Promise.all(made.map(sealed)));
    return { failpoint: 'cp.stage', changes: new Map(), added, onCommit };
  } catch (error) {
    onCommit();
    throw error;
  }
}

/** Credentials that are being set while the pass that made them commits them. */
interface Begun {
  made: readonly AdapterCredential[];
  setting: Promise<void>;
}

const settings = new WeakMap<Claim, Begun>();

/**
 * R2 begins before R1: the driver connects, passes its fence and sends its statements, and what cannot be taken back it does when the new
 * ones are sealed and committed (I2). Other drivers ask at once and do everything then.
 */
function beginToSet(
  work: Work,
  made: readonly AdapterCredential[],
  nowMs: number,
): {
  /** The driver waits for them, and what it had to send has left, which sealing would have kept it from; or it waits for nothing any more. */
  asked: Promise<void>;
  /** To be called when it is known whether they are committed. */
  onCommit: () => void;
} {
  const { claim } = work;
  let decide: (isStored: boolean) => void = () => undefined;
  const decision = new Promise<boolean>((resolve) => {
    decide = resolve;
  });
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = () => setImmediate(resolve);
  });
  const staged = made.map((credential) => ({
    ...{ authorization: credential.authorization, slot: credential.slot, isProved: false },
    prepare: async () => credential,
    open: async () => {
      ask();
      if (await decision) return credential;
      throw new AdapterError('unavailable', 'The store does not have this credential.');
    },
  }));
  const setting = applyAll(work, [...known(work, nowMs), ...staged]);
  // Whoever goes on with it is told what is wrong.
  setting.then(ask, ask);
  settings.set(claim, { made, setting });
  return {
    asked,
    onCommit: () => decide(made.every(({ credentialId }) => claim.credentials.some(({ id }) => id === credentialId))),
  };
}

/** R2 to R4. Until the commit the old ones are those to use, and afterwards both are accepted. `begun`: R2, by this pass. */
async function replace(
  work: Work,
  staged: readonly DatabaseCredentialRow[],
  begun: Begun | undefined,
): Promise<Turned> {
  const { context, claim, facet, log } = work;
  if (facet.kind === 'caller_set') await log.measure('set', () => begun?.setting ?? applyAccepted(work));
  await log.measure('test', () => (begun ? testMade(work, staged, begun.made) : testLogins(context, claim, staged)));
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
  const target = await targetOfClaim(context, claim);
  await logIn(context, claim, target, await openCredentials(context, claim, rows));
}

/** What was set logs in, and is what the store opens to: the latter is found out while the server is busy with the former. */
async function testMade(
  { context, claim, target }: Work,
  rows: readonly DatabaseCredentialRow[],
  made: readonly AdapterCredential[],
): Promise<void> {
  const logins = logIn(context, claim, target, made);
  const opening = openCredentials(context, claim, rows);
  // Whoever waits for it is told, which is after the logins: none of them outlives the pass.
  opening.catch(() => undefined);
  await logins;
  const secrets = new Map(made.map(({ credentialId, secret }) => [credentialId, secret]));
  for (const { credentialId, secret } of await opening) {
    if (!secrets.get(credentialId)?.equals(secret)) throw new Error('the store has another secret than was set');
  }
}

function logIn(
  context: PassContext,
  claim: Claim,
  target: DatabaseTarget,
  credentials: readonly AdapterCredential[],
): Promise<void> {
  const adapter = context.adapters.serving(claim.database);
  return tryEach(context, claim, credentials, (credential, call) => adapter.verifyDatabase(target, credential, call));
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

async function applyAccepted(work: Work): Promise<void> {
  await applyAll(work, known(work, await work.context.engine.now()));
}

async function applyAll(
  { context, claim, facet, target }: Work,
  credentials: readonly SealedCredential[],
): Promise<void> {
  if (facet.kind !== 'caller_set') return;
  await callAdapter(context, claim, 'short', (call) => facet.applyCredentials(target, credentials, call));
}

const known = ({ context, claim }: Work, nowMs: number): SealedCredential[] =>
  acceptedCredentials(claim.credentials, nowMs).map((row) => sealedCredential(context, claim, row));

const sealedCredential = (context: PassContext, claim: Claim, row: DatabaseCredentialRow): SealedCredential => ({
  ...slotOf(row),
  isProved: !isStaged(row),
  open: async () => {
    const [opened] = await openCredentials(context, claim, [row]);
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
