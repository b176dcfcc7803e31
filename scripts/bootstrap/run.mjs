import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a program on this terminal until it ends. Returns its exit code; 128 + n when signal n ended it. */
export async function run(program, args, options = {}) {
  return await ended(spawn(program, args, { stdio: 'inherit', ...options }));
}

/** The same with its output kept instead of shown; `onLine` sees each line as it comes. */
export async function capture(program, args, { onLine = () => {}, ...options } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      for (const line of text.split('\n')) if (line.trim() !== '') onLine(line.trim());
    });
  }
  return { code: await ended(child), output };
}

/**
 * Shows that `work` is alive once it has taken a second: on a terminal one line that counts the seconds, elsewhere
 * (a CI log) a line every 15 s. `describe` is asked each time.
 */
export async function withProgress(describe, work) {
  const terminal = process.stderr.isTTY === true;
  const startedAt = Date.now();
  const timer = setInterval(
    () => {
      const text = `${describe()} … ${Math.round((Date.now() - startedAt) / 1000)} s`;
      process.stderr.write(terminal ? `\r\x1b[K${text.slice(0, process.stderr.columns - 1)}` : `${text}\n`);
    },
    terminal ? 1000 : 15_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (terminal) process.stderr.write('\r\x1b[K');
  }
}

function ended(child) {
  const forwarders = ['SIGINT', 'SIGTERM'].map((signal) => {
    // HAZARD: a terminal sends Ctrl-C to the whole process group. Forwarding it as well would make it two, and most
    // programs take a second SIGINT as "skip the clean-up".
    const forward = () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal);
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(`cannot run ${child.spawnfile}: ${error.message}`);
      resolve(127);
    });
    child.once('close', (code, signal) => resolve(signal === null ? code : 128 + constants.signals[signal]));
  }).finally(() => {
    for (const stop of forwarders) stop();
  });
}
