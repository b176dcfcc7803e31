import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GRACE_MS = 5000;

/** A temporary directory and the programs working in it. Neither survives the process that made them. */
export interface RunDirectory {
  readonly path: string;
  /** Starts a program and records it before returning, so that it is ended even if this process dies next. */
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Ends the programs (SIGINT, after 5 s SIGKILL) and removes the directory. Idempotent. */
  end(): Promise<void>;
}

/**
 * Makes a run directory under the temporary directory of the system, and starts its keeper: a process that holds a pipe
 * from this one, takes over `end()` when this one is gone, and sweeps what earlier dead runs left. Linux only.
 */
export function createRunDirectory(): RunDirectory {
  const startTime = identify(process.pid)?.startTime;
  const path = mkdtempSync(join(tmpdir(), `envplane-run-${process.pid}-${startTime}-`));
  // Servers give up root, and must still be able to reach their own directory below this one.
  if (process.getuid?.() === 0) chmodSync(path, 0o711);
  const closePipe = startKeeper(path);
  const children = new Set<ChildProcess>();

  return {
    path,
    spawn(program, args, options) {
      const child = spawn(program, args, options);
      const record = child.pid === undefined ? undefined : identify(child.pid);
      if (record === undefined) return child;
      appendFileSync(join(path, 'pids.jsonl'), `${JSON.stringify(record)}\n`, { mode: 0o600 });
      children.add(child);
      child.once('exit', () => children.delete(child));
      return child;
    },
    async end() {
      await Promise.all([...children].map((child) => endChild(child, 'SIGINT')));
      rmSync(path, { recursive: true, force: true });
      closePipe();
    },
  };
}

/** Sends `signal`, after 5 s SIGKILL, and returns when the program has exited. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(timer);
}

function startKeeper(path: string): () => void {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('../../bin/keeper.mjs', import.meta.url)), path], {
    cwd: '/',
    env: {},
    // A process group of its own: Ctrl-C ends the run, not the keeper.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = keeper.stdin as Socket;
  keeper.unref();
  pipe.unref();
  return () => pipe.destroy();
}

/** What tells a process from a later one with the same pid; undefined when it has ended. The keeper compares these. */
function identify(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command name, which may hold spaces and parentheses.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return { pid, startTime, exe: readlinkSync(`/proc/${pid}/exe`) };
  } catch {
    return undefined;
  }
}
