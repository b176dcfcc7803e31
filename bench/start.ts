import { type Figure, median, ms, timed, withDirectory } from './harness.ts';
import { SERVICE, start, stop } from './server-process.ts';

const STARTS = 7;

/** How long the service takes until it listens: over an empty data directory, and over one that it has used before. */
export async function startUp(): Promise<Figure[]> {
  const first: number[] = [];
  const second: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    await withDirectory(async (directory) => {
      first.push(await startOnce(directory));
      second.push(await startOnce(directory));
    });
  }
  return [
    { name: 'the service starts, the first time', value: ms(median(first)) },
    { name: 'the service starts again', value: ms(median(second)), ratio: median(second), bound: '<=2000' },
  ];
}

async function startOnce(directory: string): Promise<number> {
  let started: Awaited<ReturnType<typeof start>> | undefined;
  const took = await timed(async () => {
    started = await start([SERVICE, 'dev'], { ENVPLANE_DATA_DIR: directory, ENVPLANE_PORT: '0' });
  });
  if (started) await stop(started.child);
  return took;
}
