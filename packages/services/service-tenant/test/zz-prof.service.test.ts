import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { survive } from './world/enumerate.ts';
import { createFaults } from './world/faults.ts';
import * as scenarios from './world/scenarios.ts';
import { openWorld } from './world/world.ts';
it('prof', async () => {
  const s = new Session(); s.connect(); await s.post('Profiler.enable');
  for (let i = 0; i < 3; i++) await survive(() => openWorld('sqlite', 'sqlite'), scenarios.createOrganization, createFaults());
  await s.post('Profiler.start');
  const c = process.cpuUsage();
  for (let i = 0; i < 40; i++) await survive(() => openWorld('sqlite', 'sqlite'), scenarios.createOrganization, createFaults({ at: { name: 'sq.link', occurrence: 0 }, action: 'crash-after' }));
  console.log('CPU', process.cpuUsage(c));
  const { profile } = await s.post('Profiler.stop');
  writeFileSync('/tmp/prof.json', JSON.stringify(profile));
});
