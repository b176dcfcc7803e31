import type { OperationRow } from '../objects/index.ts';
import type { Step } from './machine.ts';

type StepRow = OperationRow['steps'][number];

/** What the parts of a turn of credentials are called. */
type TurnPart = 'withdraw' | 'stage' | 'set' | 'test' | 'flip' | 'revoke' | 'prove' | 'drain';

/** What a step of the reconciler is called in an operation; steps without an effect have no name there. */
const STEP_NAMES: Partial<Record<Step, string>> & Record<TurnPart, string> = {
  create: 'create',
  load: 'copy',
  secure: 'secure',
  verify: 'verify',
  suspend: 'suspend',
  reopen: 'reopen',
  archive: 'archive',
  drop: 'drop',
  settle: 'settle',
  withdraw: 'withdraw',
  stage: 'stage',
  set: 'set',
  test: 'test',
  flip: 'flip',
  revoke: 'revoke',
  prove: 'prove',
  drain: 'drain',
};

/** The steps an operation of each kind shows, in order. */
export const OPERATION_STEPS = {
  'organization.provision': ['create', 'secure', 'verify'],
  'environment.provision': ['create', 'secure', 'verify'],
  'environment.copy': ['copy', 'secure', 'verify'],
  'environment.suspend': ['suspend'],
  'environment.resume': ['reopen'],
  'environment.archive': ['archive'],
  'environment.restore': ['reopen'],
  'environment.purge': ['archive', 'drop', 'settle'],
  'credential.rotate': ['stage', 'set', 'test', 'flip'],
  'credential.revoke': ['revoke', 'prove', 'drain'],
} as const satisfies Partial<Record<OperationRow['kind'], readonly string[]>>;

/** An emergency is over when the old credential is refused. */
export const EMERGENCY_STEPS = [...OPERATION_STEPS['credential.rotate'], 'revoke', 'prove'] as const;

/** Where all have to be ended at once, that comes first. */
export const WITHDRAWAL_STEPS = ['withdraw', 'prove', 'stage', 'test', 'flip'] as const;

/** How long each step of a pass took, kept until the next commit writes it into the operation. */
export class StepLog {
  readonly #entries = new Map<
    string,
    { startedAtMs: number; finishedAtMs: number; status: StepRow['status']; error: StepRow['error'] }
  >();

  async measure<T>(step: Step | TurnPart, run: () => Promise<T>): Promise<T> {
    const name = STEP_NAMES[step];
    if (name) this.#entries.delete(name);
    const startedAtMs = Date.now();
    const beganMs = performance.now();
    const note = (status: 'succeeded' | 'running') => {
      // The system's clock may be set back meanwhile.
      const finishedAtMs = startedAtMs + Math.round(performance.now() - beganMs);
      if (name) this.#entries.set(name, { startedAtMs, finishedAtMs, status, error: null });
    };
    try {
      const result = await run();
      note('succeeded');
      return result;
    } catch (error) {
      note('running');
      throw error;
    }
  }

  /** Names the error of a step that will be tried again. */
  fail(step: Step, error: NonNullable<StepRow['error']>): void {
    const entry = this.#entries.get(STEP_NAMES[step] ?? '');
    if (entry) entry.error = error;
  }

  /** Names the error of the last step, which will be tried again. Returns the name of the step. */
  failAgain(error: NonNullable<StepRow['error']>): string | undefined {
    const [name, entry] = [...this.#entries].at(-1) ?? [];
    if (entry) entry.error = error;
    return name;
  }

  /** Names the error of the last step, which ended it. */
  failLast(error: NonNullable<StepRow['error']>): void {
    const entry = [...this.#entries.values()].at(-1);
    if (entry) Object.assign(entry, { status: 'failed', error });
  }

  /** The steps of an operation with what this pass did. `finished`: what was not needed is skipped. */
  apply(steps: readonly StepRow[], finished: boolean): StepRow[] {
    return steps.map((step) => {
      const entry = this.#entries.get(step.name);
      if (!entry) return finished && step.status === 'pending' ? { ...step, status: 'skipped' } : step;
      return {
        ...step,
        status: entry.status,
        attempt: step.attempt + 1,
        startedAt: step.startedAt ?? new Date(entry.startedAtMs).toISOString(),
        finishedAt: entry.status === 'running' ? null : new Date(entry.finishedAtMs).toISOString(),
        durationMs: entry.finishedAtMs - entry.startedAtMs,
        error: entry.error,
      };
    });
  }

  clear(): void {
    this.#entries.clear();
  }
}
