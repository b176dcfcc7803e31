import { EXIT, refusal } from '../exit.ts';

/** What a person at a terminal is asked and shown. Everything goes to stderr: stdout is for data. */

/** Asks for a yes or no; no is the default. @throws refusal when the question is cancelled */
export async function askYesNo(message: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  if (isCancel(answer)) throw refusal(EXIT.interrupted, 'Nothing was changed.');
  return answer;
}

/** Asks for a line of text. @throws refusal when the question is cancelled */
export async function askText(message: string): Promise<string> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({ message, output: process.stderr });
  if (isCancel(answer)) throw refusal(EXIT.interrupted, 'Nothing was changed.');
  return answer;
}

interface Step {
  name: string;
  status: string;
  durationMs: number | null;
  error: { code: string } | null;
}

interface Progressing {
  steps: readonly Step[];
  progress: { done: number; total: number } | null;
}

/** Shows the steps of an operation as they happen, and how many of its parts are done. */
export interface StepDisplay {
  show(operation: Progressing): void;
  end(): void;
}

/**
 * On a terminal one line that is rewritten, elsewhere one plain line for each step that ends.
 * NOTE: the prompt library's own bars take Ctrl-C for themselves and exit with 0, and write cursor codes without a terminal.
 */
export function stepDisplay(where: 'terminal' | 'lines' | 'silent'): StepDisplay {
  if (where === 'silent') return { show: () => undefined, end: () => undefined };
  return where === 'terminal' ? rewrittenLine() : plainLines();
}

function rewrittenLine(): StepDisplay {
  const startedAt = performance.now();
  const counted = counter();
  let state = 'queued';
  const draw = () => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const line = `${state}  ${seconds} s`;
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  };
  const timer = setInterval(draw, 100);
  return {
    show: ({ steps, progress }) => {
      const done = steps.filter(({ status }) => isOver(status)).length;
      const current = steps.find(({ status }) => !isOver(status));
      const parts = progress && progress.done < progress.total ? counted(progress) : '';
      state = `${done}/${steps.length} ${current ? describe(current) : ''}${parts}`.trim();
      draw();
    },
    end: () => {
      clearInterval(timer);
      process.stderr.write('\r\x1b[K');
    },
  };
}

function plainLines(): StepDisplay {
  const shown = new Set<string>();
  let tenths = 0;
  return {
    show: ({ steps, progress }) => {
      for (const step of steps) {
        const line = describe(step);
        if ((isOver(step.status) || step.error) && !shown.has(line)) process.stderr.write(`  ${line}\n`);
        shown.add(line);
      }
      const tenth = progress ? Math.floor((10 * progress.done) / Math.max(1, progress.total)) : 0;
      if (progress && tenth > tenths && progress.done < progress.total) {
        process.stderr.write(`  ${progress.done} of ${progress.total}\n`);
      }
      tenths = Math.max(tenths, tenth);
    },
    end: () => undefined,
  };
}

/** Tells how many are done, at which rate since it was first asked, and how long the rest takes at it. */
function counter(): (progress: { done: number; total: number }) => string {
  let first: { done: number; atMs: number } | undefined;
  return ({ done, total }) => {
    first ??= { done, atMs: performance.now() };
    const perSecond = (1_000 * (done - first.done)) / Math.max(1, performance.now() - first.atMs);
    const rate = perSecond > 0 ? ` (${Math.round(perSecond)}/s, ${Math.ceil((total - done) / perSecond)} s left)` : '';
    return `  ${bar(done / Math.max(1, total))} ${done} of ${total}${rate}`;
  };
}

const BAR_LENGTH = 20;

function bar(share: number): string {
  const filled = Math.floor(share * BAR_LENGTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}]`;
}

const isOver = (status: string): boolean => status !== 'pending' && status !== 'running';

function describe({ name, status, durationMs, error }: Step): string {
  const time = isOver(status) && durationMs !== null ? ` (${durationMs} ms)` : '';
  return `${name} ${status}${time}${error ? `: ${error.code}` : ''}`;
}
