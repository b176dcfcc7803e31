import type { DatabasePhase, DesiredState } from '@envplane/spec';

/**
 * The life of one physical database as a closed table: what the next step is, and what an outcome leads to.
 * Everything here is pure and total. A new phase does not compile until every cell is answered.
 */

/** What a pass may do next. `rest` means that the world matches the wish. */
export type Step =
  | 'begin'
  | 'create'
  | 'load'
  | 'secure'
  | 'verify'
  | 'suspend'
  | 'begin_resume'
  | 'reopen'
  | 'begin_archive'
  | 'archive'
  | 'begin_restore'
  | 'begin_purge'
  | 'drop'
  | 'settle'
  | 'rest';

/** What a pass found out or did. */
export type Outcome =
  /** The intent to create is committed. */
  | 'begun'
  /** The intent to create from a source is committed. */
  | 'begun_load'
  /** The database exists, is ours and is hardened. */
  | 'created'
  /** The credential is known to the provider. */
  | 'secured'
  /** What is brought back had no credential, and has one now that nobody has used yet. */
  | 'minted'
  /** A tenant login wrote, read and was refused where it must be. */
  | 'verified'
  /** The tenant is cut off. */
  | 'suspended'
  | 'archived'
  | 'resume_begun'
  | 'archive_begun'
  | 'restore_begun'
  /** The point of no return is committed. */
  | 'purge_begun'
  /** The object was observed absent. */
  | 'absent'
  /** It came back during the settle window. */
  | 'reappeared'
  /** The settle window passed and it stayed absent. */
  | 'gone'
  /** The provider refused definitively, confirmed by an observation. */
  | 'refused'
  /** Something that is not ours stands under the name. */
  | 'foreign'
  /** A confirmed object is missing (I5). */
  | 'lost'
  /** A person asked to try again after a failure. */
  | 'retried';

type Cell = DatabasePhase | 'tombstone' | null;
type Row = Record<Outcome, Cell>;

const NOTHING: Row = {
  begun: null,
  begun_load: null,
  created: null,
  secured: null,
  minted: null,
  verified: null,
  suspended: null,
  archived: null,
  resume_begun: null,
  archive_begun: null,
  restore_begun: null,
  purge_begun: null,
  absent: null,
  reappeared: null,
  gone: null,
  refused: null,
  foreign: null,
  lost: null,
  retried: null,
};

/** From phase, by outcome, to phase. `null`: this outcome cannot happen in this phase, and committing it is a defect. */
export const TRANSITIONS: Record<DatabasePhase, Row> = {
  pending: { ...NOTHING, begun: 'creating', begun_load: 'loading', purge_begun: 'purging' },
  creating: { ...NOTHING, created: 'securing', refused: 'failed', foreign: 'conflict', purge_begun: 'purging' },
  loading: { ...NOTHING, created: 'securing', refused: 'failed', foreign: 'conflict', purge_begun: 'purging' },
  // Somebody else's database that is taken over; the migration looks and lets it in.
  adopting: {
    ...NOTHING,
    verified: 'ready',
    suspended: 'suspended',
    archived: 'archived',
    purge_begun: 'purging',
  },
  securing: {
    ...NOTHING,
    secured: 'verifying',
    refused: 'failed',
    foreign: 'conflict',
    lost: 'lost',
    purge_begun: 'purging',
  },
  verifying: {
    ...NOTHING,
    verified: 'ready',
    refused: 'failed',
    foreign: 'conflict',
    lost: 'lost',
    purge_begun: 'purging',
  },
  ready: { ...NOTHING, suspended: 'suspended', archive_begun: 'archiving', foreign: 'conflict', lost: 'lost' },
  suspended: { ...NOTHING, resume_begun: 'resuming', archive_begun: 'archiving' },
  resuming: {
    ...NOTHING,
    verified: 'ready',
    suspended: 'suspended',
    archive_begun: 'archiving',
    refused: 'failed',
    foreign: 'conflict',
    lost: 'lost',
  },
  archiving: { ...NOTHING, archived: 'archived', restore_begun: 'restoring' },
  archived: { ...NOTHING, restore_begun: 'restoring', purge_begun: 'purging' },
  restoring: {
    ...NOTHING,
    // An adopted database, whose tokens nobody here knows.
    minted: 'restoring',
    verified: 'ready',
    archive_begun: 'archiving',
    refused: 'failed',
    foreign: 'conflict',
    lost: 'lost',
  },
  purging: { ...NOTHING, absent: 'settling' },
  settling: { ...NOTHING, reappeared: 'purging', gone: 'tombstone' },
  failed: {
    ...NOTHING,
    restore_begun: 'restoring',
    archive_begun: 'archiving',
    purge_begun: 'purging',
    retried: 'pending',
  },
  conflict: { ...NOTHING, archive_begun: 'archiving', purge_begun: 'purging' },
  lost: { ...NOTHING, archive_begun: 'archiving', purge_begun: 'purging', retried: 'restoring' },
};

/** @throws RangeError for an outcome that cannot happen in this phase: a defect, never a state of the world. */
export function transition(phase: DatabasePhase, outcome: Outcome): DatabasePhase | 'tombstone' {
  const next = TRANSITIONS[phase][outcome];
  if (next === null) throw new RangeError(`outcome ${outcome} is impossible in phase ${phase}`);
  return next;
}

/**
 * From phase, by wish, to the next step.
 *
 * Archive and purge are accepted at any time: what is being created is finished or dropped, never left half. A wish that
 * cannot be met from where the object is (`active` for one past the point of no return) is answered by finishing that path.
 */
export const NEXT_STEP: Record<DatabasePhase, Record<DesiredState, Step>> = {
  pending: { active: 'begin', suspended: 'begin', archived: 'begin', absent: 'begin_purge' },
  creating: { active: 'create', suspended: 'create', archived: 'create', absent: 'begin_purge' },
  loading: { active: 'load', suspended: 'load', archived: 'load', absent: 'begin_purge' },
  adopting: { active: 'rest', suspended: 'rest', archived: 'rest', absent: 'begin_purge' },
  securing: { active: 'secure', suspended: 'secure', archived: 'secure', absent: 'begin_purge' },
  verifying: { active: 'verify', suspended: 'verify', archived: 'verify', absent: 'begin_purge' },
  ready: { active: 'rest', suspended: 'suspend', archived: 'begin_archive', absent: 'begin_archive' },
  suspended: { active: 'begin_resume', suspended: 'rest', archived: 'begin_archive', absent: 'begin_archive' },
  resuming: { active: 'reopen', suspended: 'suspend', archived: 'begin_archive', absent: 'begin_archive' },
  archiving: { active: 'begin_restore', suspended: 'begin_restore', archived: 'archive', absent: 'archive' },
  archived: { active: 'begin_restore', suspended: 'begin_restore', archived: 'rest', absent: 'begin_purge' },
  restoring: { active: 'reopen', suspended: 'reopen', archived: 'begin_archive', absent: 'begin_archive' },
  purging: { active: 'drop', suspended: 'drop', archived: 'drop', absent: 'drop' },
  settling: { active: 'settle', suspended: 'settle', archived: 'settle', absent: 'settle' },
  failed: { active: 'rest', suspended: 'rest', archived: 'begin_archive', absent: 'begin_purge' },
  conflict: { active: 'rest', suspended: 'rest', archived: 'begin_archive', absent: 'begin_purge' },
  lost: { active: 'rest', suspended: 'rest', archived: 'begin_archive', absent: 'begin_purge' },
};
