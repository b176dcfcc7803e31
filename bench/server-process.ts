import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The committed command over the build. */
export const SERVICE = new URL('../packages/services/control-plane/bin/envplane.js', import.meta.url).pathname;

/** Starts a server as a process of its own, and waits for the line that names its port. */
export async function start(
  args: string[],
  variables: Record<string, string>,
): Promise<{ child: ChildProcess; port: string }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening on .*:(\d+)$/.exec(line)?.[1];
    if (port) return { child, port };
  }
  throw new Error(`${args[0]} ended before it was ready`);
}

export async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
