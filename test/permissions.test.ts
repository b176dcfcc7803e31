import { expect, it } from 'vitest';
import { BUILT_IN_PERMISSIONS } from '../packages/spec/src/access/built-in-permissions.ts';
import { allSources } from './tree.ts';

/** Asked for by the handlers of an application, through the gate. */
const OF_APPLICATIONS = ['env:data.write', 'env:data.schema'];

it('cap R2 every permission of the catalogue is enforced somewhere, and none is asked for that is not in it', () => {
  const sources = [...allSources()].filter(([path]) => !path.startsWith('packages/spec/src/access/'));
  const code = sources.map(([, text]) => text).join('\n');
  const asked = new Set([...code.matchAll(/['`]((?:platform|org|env):[a-z_]+\.[a-z_]+)['`]/g)].map(([, name]) => name));
  const known = Object.keys(BUILT_IN_PERMISSIONS);
  expect(known.filter((name) => !asked.has(name) && !OF_APPLICATIONS.includes(name))).toEqual([]);
  expect([...asked].filter((name) => !known.includes(name ?? ''))).toEqual([]);
});
