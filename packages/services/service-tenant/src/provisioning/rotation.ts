import { CREDENTIAL_STATUS, type DatabasePhase } from '@envplane/spec';
import type { DatabaseCredentialRow } from '../objects/index.ts';

/**
 * The life of a database's credentials while the database itself rests: what is to be done with them next follows from their
 * rows and the time alone. Everything here is pure. The wish to replace one is its `urgency` while it is active.
 */

/** What a pass may do next with credentials. */
export type TurnStep =
  /** T1, T2: end every token of the database at once, in an emergency. */
  | 'withdraw'
  /** R1: make the next version and commit it sealed. */
  | 'stage'
  /** R2 to R4: set it, prove it, use it from now on. */
  | 'replace'
  /** R6 to R8: refuse the old one, and prove that. */
  | 'revoke'
  /** R9: end what is left of one that is not accepted any more. */
  | 'drain';

export interface Turn {
  step: TurnStep;
  /** Those it is about: to be ended together, to be replaced, staged, due to be refused, with something left. */
  credentials: DatabaseCredentialRow[];
}

type Credentials = readonly DatabaseCredentialRow[];

/** Phases in which credentials have turns. New ones are let in only where tenants are. */
const TURNS: Partial<Record<DatabasePhase, readonly TurnStep[]>> = {
  ready: ['withdraw', 'revoke', 'drain', 'stage', 'replace'],
  suspended: ['revoke', 'drain'],
  archived: ['revoke', 'drain'],
};

/** Whether credentials have turns while the database rests in this phase. */
export const hasTurns = (phase: DatabasePhase): boolean => TURNS[phase] !== undefined;

/** The next turn; null when nothing is to be done now. What frees a slot comes before what takes it. */
export function nextTurn(phase: DatabasePhase, credentials: Credentials, nowMs: number): Turn | null {
  for (const step of TURNS[phase] ?? []) {
    const concerned = CONCERNED[step](credentials, nowMs);
    if (concerned.length > 0) return { step, credentials: concerned };
  }
  return null;
}

const CONCERNED: Record<TurnStep, (credentials: Credentials, nowMs: number) => DatabaseCredentialRow[]> = {
  withdraw: (credentials) =>
    credentials.some((row) => isDoomed(row) && !isWithdrawn(row))
      ? credentials.filter((row) => ['staged', 'active', 'retiring'].includes(row.state))
      : [],
  revoke: (credentials, nowMs) => credentials.filter((row) => row.state === 'retiring' && isOver(row, nowMs)),
  // A slot that is needed again is emptied first: what is ended in it afterwards would be of its new credential.
  drain: (credentials, nowMs) =>
    credentials.filter((row) => row.drain_at !== null && (row.drain_at <= nowMs || isReplaced(row, credentials))),
  stage: (credentials) => wanted(credentials).filter((row) => !siblings(row, credentials).some(isStaged)),
  replace: (credentials) => credentials.filter((row) => isStaged(row) && siblings(row, credentials).some(isActive)),
};

/** When there is a turn at the latest without anything else happening, epoch ms. */
export function nextTurnAt(credentials: Credentials): number {
  const times = credentials.flatMap((row) =>
    row.state === 'retiring' ? [row.retire_after ?? 0] : (row.drain_at ?? []),
  );
  return Math.min(...times);
}

/** Whether somebody waits for the credentials to be replaced: an emergency is over when the old one is refused. */
export function isRotating(credentials: Credentials): boolean {
  const isEmergency = (row: DatabaseCredentialRow) => row.state === 'retiring' && row.urgency === 'emergency';
  return wanted(credentials).length > 0 || credentials.some(isEmergency);
}

/** A token in use that is to be ended in an emergency, or was: whoever proves a database ready takes another one. */
export const isDoomed = ({ state, kind, urgency }: DatabaseCredentialRow): boolean =>
  state === 'active' && kind === 'token' && urgency === 'emergency';

/** One that is refused already, and in use until there is another: nothing takes the wish to replace it back. */
export const isWithdrawn = (row: DatabaseCredentialRow): boolean => isDoomed(row) && row.retire_after !== null;

/** What the provider is to accept, now: everything else it must refuse. */
export function acceptedCredentials(credentials: Credentials, nowMs: number): DatabaseCredentialRow[] {
  return credentials.filter(
    (row) => isStaged(row) || isActive(row) || (row.state === 'retiring' && !isOver(row, nowMs)),
  );
}

/** What becomes of credentials, given the store's clock. */
export interface CredentialChange {
  id: string;
  change: (nowMs: number) => Partial<DatabaseCredentialRow>;
}

/**
 * What becomes of a rotation that gives way to another operation: nothing is on its way in any more. Whether doomed tokens are refused
 * already nobody knows until the next turn: they are replaced as soon as it has one.
 */
export function superseded(credentials: Credentials): CredentialChange[] {
  const doomed = new Set(credentials.filter(isDoomed).map(({ id }) => id));
  return abandoned(credentials).filter(({ id }) => !doomed.has(id));
}

/** Takes the wish back before the new ones are used: the active ones stay, the staged ones are never to be usable. */
export function abandoned(credentials: Credentials): CredentialChange[] {
  return [
    ...CONCERNED.replace(credentials, 0).map(({ id, kind }) => ({
      id,
      change: (nowMs: number) => failed(kind, nowMs),
    })),
    ...wanted(credentials).map(({ id }) => ({ id, change: () => ({ urgency: null, grace_ms: null }) })),
  ];
}

/** Never usable. It may have been set all the same, so that its slot is to be closed; a token dies by itself. */
export function failed(kind: DatabaseCredentialRow['kind'], nowMs: number): Partial<DatabaseCredentialRow> {
  return {
    state: 'failed',
    status: CREDENTIAL_STATUS.failed,
    secret_ciphertext: '',
    revoked_at: nowMs,
    drain_at: kind === 'token' ? null : nowMs,
  };
}

export const isStaged = (row: DatabaseCredentialRow): boolean => row.state === 'staged';
const isActive = (row: DatabaseCredentialRow): boolean => row.state === 'active';
const isOver = (row: DatabaseCredentialRow, nowMs: number): boolean => (row.retire_after ?? 0) <= nowMs;

/** The active ones that are to be replaced. */
const wanted = (credentials: Credentials): DatabaseCredentialRow[] =>
  credentials.filter((row) => isActive(row) && row.urgency !== null);

const isReplaced = (row: DatabaseCredentialRow, credentials: Credentials): boolean =>
  siblings(row, wanted(credentials)).length > 0;

/** Those that stand in for the same thing, itself included. */
const siblings = (
  { principal, authorization }: DatabaseCredentialRow,
  credentials: Credentials,
): DatabaseCredentialRow[] =>
  credentials.filter((other) => other.principal === principal && other.authorization === authorization);
