import { type Figure, median, timed, us, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';

const CACHED = 200_000;
const MISSES = 200;

/** Opening a connection to an environment from within the process: remembered, and for the first time. */
export function connections(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const make = provisioner(plane);
    const { organizationId, environmentId } = await make.organization();
    const { environments } = plane.service;

    const ids: string[] = [];
    for (let i = 0; i < MISSES; i++) ids.push((await make.environment(organizationId)).environment.id);
    const misses: number[] = [];
    for (const id of ids) {
      const verdict = await environments.authorizeConnection(id);
      misses.push(await timed(() => environments.connect(verdict)));
    }

    const verdict = await environments.authorizeConnection(environmentId);
    await environments.connect(verdict);
    const cachedMs = await timed(async () => {
      for (let i = 0; i < CACHED; i++) await environments.connect(verdict);
    });
    await plane.close();
    const cached = cachedMs / CACHED;
    const miss = median(misses);
    return [
      { name: 'connect, cached', value: us(cached), ratio: cached * 1000, bound: '<=2' },
      { name: 'connect, miss', value: us(miss), ratio: miss * 1000, bound: '<=1000' },
    ];
  });
}
