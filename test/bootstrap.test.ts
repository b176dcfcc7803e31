import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root } from './tree.ts';

/** A program of its own, since the bootstrap is plain JavaScript that owns the process it runs in. */
const program = (code: string, ...args: string[]) => ['--input-type=module', '-e', code, '--', ...args];
const start = (code: string, ...args: string[]) => spawn(process.execPath, program(code, ...args), { cwd: root });

async function outcome(child: ChildProcess) {
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'envplane-test-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it('an old Node gets one sentence', () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})';
  const { status, stderr } = spawnSync(process.execPath, ['--import', pretend, 'scripts/bootstrap.mjs', 'test'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('envplane needs Node 20.19 or newer; this is Node 20.18.3.\n');
  expect(status).toBe(1);
});

it('an unknown command is a usage error', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/bootstrap.mjs', 'toString'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^usage: /);
  expect(status).toBe(2);
});

it('runs that start together work one after the other, also after a run that died', async () => {
  const directory = temporaryDirectory();
  const lock = join(directory, 'lock');
  mkdirSync(lock);
  const dead = spawnSync('true').pid;
  writeFileSync(join(lock, 'owner'), `${dead} 1`);

  const contender = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { withLock } from './scripts/bootstrap/lock.mjs';
    const [, lock, log] = process.argv;
    await withLock(lock, async () => {
      appendFileSync(log, 'in\\n');
      await delay(20);
      appendFileSync(log, 'out\\n');
    });`;
  const log = join(directory, 'log');
  const runs = await Promise.all(Array.from({ length: 6 }, () => outcome(start(contender, lock, log))));

  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(6));
  expect(readdirSync(directory)).toEqual(['log']);
});

const RUN = `
  import { run } from './scripts/bootstrap/run.mjs';
  process.exitCode = await run(process.execPath, ['-e', process.argv[1]]);`;

it('exits with the code of what it ran', async () => {
  expect((await outcome(start(RUN, 'process.exit(7)'))).code).toBe(7);
  expect((await outcome(start(RUN, 'process.kill(process.pid, "SIGKILL")'))).code).toBe(128 + 9);
});

it.each(['SIGINT', 'SIGTERM'] as const)('hands %s on and lets the program finish', async (signal) => {
  const stopped = start(
    RUN,
    `process.on('${signal}', () => { console.log('stopped'); process.exit(3); });
     setInterval(() => {}, 1000);
     console.log('ready');`,
  );
  stopped.stdout?.once('data', () => stopped.kill(signal));
  expect(await outcome(stopped)).toEqual({ code: 3, output: 'ready\nstopped\n' });
});
