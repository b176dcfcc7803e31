import type { DatabasePhase, DesiredState } from '@envplane/spec';
import { describe, expect, it } from 'vitest';
import { NEXT_STEP, type Outcome, type Step, TRANSITIONS, transition } from '../src/provisioning/machine.ts';
import { projectStatus } from '../src/provisioning/status.ts';

const PHASES = Object.keys(TRANSITIONS) as DatabasePhase[];
const OUTCOMES = Object.keys(TRANSITIONS.pending) as Outcome[];
const WISHES: DesiredState[] = ['active', 'suspended', 'archived', 'absent'];

/** Every outcome that can happen in a phase, and where it leads. What is not here is impossible. */
const EXPECTED_TRANSITIONS: Record<DatabasePhase, string> = {
  pending: 'begun→creating begun_load→loading purge_begun→purging',
  creating: 'created→securing purge_begun→purging refused→failed foreign→conflict',
  loading: 'created→securing purge_begun→purging refused→failed foreign→conflict',
  adopting: 'verified→ready suspended→suspended archived→archived purge_begun→purging',
  securing: 'secured→verifying purge_begun→purging refused→failed foreign→conflict lost→lost',
  verifying: 'verified→ready purge_begun→purging refused→failed foreign→conflict lost→lost',
  ready: 'suspended→suspended archive_begun→archiving foreign→conflict lost→lost',
  suspended: 'resume_begun→resuming archive_begun→archiving',
  resuming: 'verified→ready suspended→suspended archive_begun→archiving refused→failed foreign→conflict lost→lost',
  archiving: 'archived→archived restore_begun→restoring',
  archived: 'restore_begun→restoring purge_begun→purging',
  restoring: 'minted→restoring verified→ready archive_begun→archiving refused→failed foreign→conflict lost→lost',
  purging: 'absent→settling',
  settling: 'reappeared→purging gone→tombstone',
  failed: 'archive_begun→archiving restore_begun→restoring purge_begun→purging retried→pending',
  conflict: 'archive_begun→archiving purge_begun→purging',
  lost: 'archive_begun→archiving purge_begun→purging retried→restoring',
};

/** The next step for each wish, in the order active, suspended, archived, absent. */
const EXPECTED_STEPS: Record<DatabasePhase, [Step, Step, Step, Step]> = {
  pending: ['begin', 'begin', 'begin', 'begin_purge'],
  creating: ['create', 'create', 'create', 'begin_purge'],
  loading: ['load', 'load', 'load', 'begin_purge'],
  adopting: ['rest', 'rest', 'rest', 'begin_purge'],
  securing: ['secure', 'secure', 'secure', 'begin_purge'],
  verifying: ['verify', 'verify', 'verify', 'begin_purge'],
  ready: ['rest', 'suspend', 'begin_archive', 'begin_archive'],
  suspended: ['begin_resume', 'rest', 'begin_archive', 'begin_archive'],
  resuming: ['reopen', 'suspend', 'begin_archive', 'begin_archive'],
  archiving: ['begin_restore', 'begin_restore', 'archive', 'archive'],
  archived: ['begin_restore', 'begin_restore', 'rest', 'begin_purge'],
  restoring: ['reopen', 'reopen', 'begin_archive', 'begin_archive'],
  purging: ['drop', 'drop', 'drop', 'drop'],
  settling: ['settle', 'settle', 'settle', 'settle'],
  failed: ['rest', 'rest', 'begin_archive', 'begin_purge'],
  conflict: ['rest', 'rest', 'begin_archive', 'begin_purge'],
  lost: ['rest', 'rest', 'begin_archive', 'begin_purge'],
};

/** What a step that works leads to. */
const SUCCESS: Record<Exclude<Step, 'rest'>, Outcome> = {
  begin: 'begun',
  create: 'created',
  load: 'created',
  secure: 'secured',
  verify: 'verified',
  suspend: 'suspended',
  begin_resume: 'resume_begun',
  reopen: 'verified',
  begin_archive: 'archive_begun',
  archive: 'archived',
  begin_restore: 'restore_begun',
  begin_purge: 'purge_begun',
  drop: 'absent',
  settle: 'gone',
};

describe('the table of transitions', () => {
  it.each(PHASES)('%s: every outcome', (phase) => {
    const possible = new Map(
      EXPECTED_TRANSITIONS[phase].split(' ').map((cell) => cell.split('→') as [Outcome, string]),
    );
    for (const outcome of OUTCOMES) {
      expect(TRANSITIONS[phase][outcome], `${phase} ${outcome}`).toBe(possible.get(outcome) ?? null);
    }
    expect([...possible.keys()].every((outcome) => OUTCOMES.includes(outcome))).toBe(true);
  });

  it('an outcome that is impossible in a phase is a defect, never a state', () => {
    for (const phase of PHASES) {
      for (const outcome of OUTCOMES.filter((name) => TRANSITIONS[phase][name] === null)) {
        expect(() => transition(phase, outcome)).toThrow(RangeError);
      }
    }
  });

  it('I9 every phase can be reached from the first', () => {
    const reached = new Set<string>(['pending', 'adopting']);
    for (const phase of reached) {
      for (const next of Object.values(TRANSITIONS[phase as DatabasePhase] ?? {})) if (next) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...PHASES, 'tombstone'].sort());
  });

  it('I5 no way leads from a phase after confirmation to one that creates', () => {
    const after: DatabasePhase[] = ['ready', 'suspended', 'resuming', 'archiving', 'archived', 'restoring', 'lost'];
    for (const phase of after) {
      const next = Object.values(TRANSITIONS[phase]);
      expect(next).not.toContain('pending');
      expect(next).not.toContain('creating');
      expect(next).not.toContain('loading');
    }
  });

  it('past the point of no return nothing but the end can be reached', () => {
    const reached = new Set<string>(['purging']);
    for (const phase of reached) {
      for (const next of Object.values(TRANSITIONS[phase as DatabasePhase] ?? {})) if (next) reached.add(next);
    }
    expect([...reached].sort()).toEqual(['purging', 'settling', 'tombstone']);
  });
});

describe('the table of steps', () => {
  it.each(PHASES)('%s: every wish', (phase) => {
    expect(WISHES.map((wish) => NEXT_STEP[phase][wish])).toEqual(EXPECTED_STEPS[phase]);
  });

  it('every step that can come next has a cell for its outcome', () => {
    for (const phase of PHASES) {
      for (const wish of WISHES) {
        const step = NEXT_STEP[phase][wish];
        if (step !== 'rest') expect(TRANSITIONS[phase][SUCCESS[step]], `${phase} ${wish} ${step}`).not.toBeNull();
      }
    }
  });

  it('I9 from every phase, under every wish, steps that work come to rest or to the end', () => {
    for (const start of PHASES) {
      for (const wish of WISHES) {
        let phase: DatabasePhase | 'tombstone' = start;
        const visited: string[] = [];
        while (phase !== 'tombstone' && NEXT_STEP[phase][wish] !== 'rest') {
          expect(visited, `${start} under ${wish} goes round`).not.toContain(phase);
          visited.push(phase);
          const step: Step = NEXT_STEP[phase][wish];
          phase = step === 'rest' ? phase : transition(phase, SUCCESS[step]);
        }
        if (wish === 'absent') expect(phase).toBe('tombstone');
      }
    }
  });

  it('where a wish comes to rest is what was wished, unless a person must act', () => {
    // The migration ends `adopting`, and the reconciler leaves it alone.
    for (const phase of PHASES.filter((each) => each !== 'adopting')) {
      for (const wish of WISHES.filter((candidate) => NEXT_STEP[phase][candidate] === 'rest')) {
        const wished = { active: 'ready', suspended: 'suspended', archived: 'archived', absent: 'tombstone' }[wish];
        expect([wished, 'failed', 'conflict', 'lost']).toContain(phase);
      }
    }
  });
});

describe('the status that users see', () => {
  /** By wish, in the order active, suspended, archived, absent. */
  const EXPECTED_STATUS: Record<DatabasePhase, string> = {
    pending: 'provisioning suspended archived archived',
    creating: 'provisioning suspended archived archived',
    loading: 'provisioning suspended archived archived',
    adopting: 'migrating suspended archived archived',
    securing: 'provisioning suspended archived archived',
    verifying: 'provisioning suspended archived archived',
    ready: 'active suspended archived archived',
    suspended: 'suspended suspended archived archived',
    resuming: 'suspended suspended archived archived',
    archiving: 'archived archived archived archived',
    archived: 'archived archived archived archived',
    restoring: 'archived archived archived archived',
    purging: 'archived archived archived archived',
    settling: 'archived archived archived archived',
    failed: 'failed failed failed failed',
    conflict: 'failed failed failed failed',
    lost: 'failed failed failed failed',
  };

  it.each(PHASES)('%s: every wish', (phase) => {
    const statuses = WISHES.map((desired_state) => projectStatus({ phase, desired_state, frozen_at: null }));
    expect(statuses.join(' ')).toBe(EXPECTED_STATUS[phase]);
  });

  it('active is said of nothing but a ready database that is wished active and not frozen', () => {
    for (const phase of PHASES) {
      for (const desired_state of WISHES) {
        for (const frozen_at of [null, 1]) {
          const status = projectStatus({ phase, desired_state, frozen_at });
          const serves = phase === 'ready' && desired_state === 'active' && frozen_at === null;
          expect(status === 'active', `${phase} ${desired_state} ${frozen_at}`).toBe(serves);
        }
      }
    }
  });

  it('a frozen database is migrating', () => {
    expect(projectStatus({ phase: 'ready', desired_state: 'active', frozen_at: 1 })).toBe('migrating');
  });
});
