import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { DecryptLegacy } from '@envplane/service-tenant';

const TIMEOUT_MS = 30_000;
/** A token of version 4 has at most 2,000 characters. */
const LONGEST_BYTES = 64 * 1024;

/**
 * Decrypts by a command of the operator, run by the shell once for each token: stored on stdin, plain on stdout, one line break at
 * its end taken off. The token is in no argument and no variable, and what the command says on stderr is not read.
 */
export function decryptByCommand(command: string | undefined): DecryptLegacy {
  if (command === undefined) {
    return () => {
      throw new Error('no command was given');
    };
  }
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (stored) => {
    if (running >= availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await run(command, stored);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

function run(command: string, stored: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error('the command did not decrypt a token'));
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LONGEST_BYTES) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.once('error', failed);
    child.once('close', (code) => {
      if (code !== 0 || bytes > LONGEST_BYTES) failed();
      else
        resolve(
          Buffer.concat(chunks)
            .toString('utf8')
            .replace(/\r?\n$/, ''),
        );
    });
    // A command that does not read its input has failed, and says so by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stored);
  });
}
