// Outlives the process that started a run (tests, an example, a benchmark), whatever ends that process, and leaves
// nothing of it behind. Plain JavaScript, because it is started by Node itself, from the sources and from a build alike.
//
//   node keeper.mjs <run directory>        standard input is a pipe from the runner; its end means that the runner is gone

import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 5000;

const runDirectory = process.argv[2];

await Promise.all([runnerGone().then(() => endRun(runDirectory)), sweepDeadRuns()]);

function runnerGone() {
  return new Promise((resolve) => process.stdin.on('close', resolve).resume());
}

/** Ends what a run recorded and removes its directory. Repeating it is harmless, also at the same time. */
async function endRun(directory) {
  await Promise.all(recordedProcesses(directory).map(endProcess));
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** The second net: runs whose runner and keeper both died, after a power cut or an OOM kill. */
async function sweepDeadRuns() {
  const siblings = readdirSync(dirname(runDirectory)).map((name) => join(dirname(runDirectory), name));
  await Promise.all(siblings.filter(isDeadRun).map(endRun));
}

function isDeadRun(path) {
  const [, pid, startTime] = /^envplane-run-(\d+)-(\d+)-/.exec(basename(path)) ?? [];
  if (pid === undefined || identify(pid)?.startTime === startTime) return false;
  // The parent directory is shared by all users: what is not ours, or only points somewhere, is left alone.
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && entry.uid === process.getuid();
}

function recordedProcesses(directory) {
  try {
    const lines = readFileSync(join(directory, 'pids.jsonl'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

async function endProcess(record) {
  for (const signal of ['SIGINT', 'SIGKILL']) {
    if (!isRunning(record)) return;
    process.kill(record.pid, signal);
    for (const deadline = Date.now() + GRACE_MS; isRunning(record) && Date.now() < deadline; ) await delay(20);
  }
}

/** HAZARD: a pid is reused. Nothing is signalled unless pid, start time and executable are the recorded ones. */
function isRunning(record) {
  const found = identify(record.pid);
  return found !== undefined && found.startTime === record.startTime && found.exe === record.exe;
}

function identify(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command name, which may hold spaces and parentheses.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return { startTime, exe: readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '') };
  } catch {
    return undefined;
  }
}
