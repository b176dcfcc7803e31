import type { ChildProcess } from 'node:child_process';

/** Keeps the last 50 lines of what a program says, and so keeps its pipes from filling. */
export function logTail(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).split('\n').slice(-50).join('\n');
    });
  }
  return () => text;
}
