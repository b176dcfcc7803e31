import type { Principal } from '@envplane/spec';
import { type Figure, median, timed, us, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';

const WARM = 200_000;
const COLD = 2_000;

/** Deciding whether somebody may reach the data of an environment: remembered, and read from the store. */
export function gate(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const { organizationId, environmentId } = await provisioner(plane).organization();
    const { service } = plane;
    const user = (id: string): Principal => ({ kind: 'user', id, issuer: 'bench', subject: id });
    const ask = (id: string) => service.gate.check(user(id), environmentId, 'env:data.read');

    const members = Array.from({ length: COLD }, (_each, index) => `member-${index}`);
    for (const userId of members) await service.members.add({ environmentId }, { userId, role: 'reader' });
    const cold: number[] = [];
    for (const userId of members) cold.push(await timed(() => ask(userId)));
    const refused: number[] = [];
    for (let i = 0; i < COLD; i++) refused.push(await timed(() => ask(`stranger-${i}`)));

    const member = user('member-0');
    await ask('member-0');
    const warmMs = await timed(async () => {
      for (let i = 0; i < WARM; i++) await service.gate.check(member, environmentId, 'env:data.read');
    });
    const caller = service.as({ principal: member, requestId: null, clientAddress: null });
    const administrator = await timed(async () => {
      for (let i = 0; i < COLD; i++) await service.authorize('org:organization.read', { organizationId });
    });
    const verb = await timed(async () => {
      for (let i = 0; i < COLD; i++) await caller.authorize('env:environment.read', { environmentId });
    });
    await plane.close();
    const warm = warmMs / WARM;
    return [
      { name: 'gate, remembered', value: us(warm), ratio: warm * 1000, bound: '<=2' },
      { name: 'gate, one statement', value: us(median(cold)), ratio: median(cold) * 1000 },
      { name: 'gate, a stranger refused', value: us(median(refused)), ratio: median(refused) * 1000 },
      {
        name: 'a verb authorizes the administrator',
        value: us(administrator / COLD),
        ratio: (administrator / COLD) * 1000,
      },
      { name: 'a verb authorizes a member', value: us(verb / COLD), ratio: (verb / COLD) * 1000 },
    ];
  });
}
