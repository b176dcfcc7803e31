import { CommanderError } from 'commander';

/** What the process ends with. Scripts rely on the numbers. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  conflict: 5,
  timedOut: 6,
  drift: 7,
  /** As shells have it: there is such a file and it cannot be run; there is none. */
  notRunnable: 126,
  noCommand: 127,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Ends the process with a sentence for whoever started it: what is wrong, and the next act.
 * @param cause the problem document, where the API refused
 */
export function refusal(exitCode: ExitCode, message: string, cause?: object): CommanderError {
  return Object.assign(new CommanderError(exitCode, 'envplane.refused', message), { cause });
}
