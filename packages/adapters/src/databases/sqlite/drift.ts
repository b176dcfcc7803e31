import type { AdapterContext, DatabaseTarget, Drift } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { look } from './observe.ts';
import { isInUse, withFile } from './opener.ts';
import { type Layout, layoutOf, statusOf } from './paths.ts';

/** The contract's `findDrift`: what `harden` would put right. */
export function findDrift(root: string, target: DatabaseTarget, context: AdapterContext): Promise<readonly Drift[]> {
  return effect(context, 'sq.observe', () => {
    const layout = layoutOf(root, target);
    const sighting = look(layout, target);
    if (sighting === null) throw missing();
    if (!sighting.live) return [{ kind: 'settings', detail: 'The file lies in the trash.' }];
    return driftOf(layout);
  });
}

function driftOf({ organization, live }: Layout): Drift[] {
  const drift: Drift[] = [];
  for (const path of [organization, live]) {
    const isOpen = ((statusOf(path)?.mode ?? 0n) & 0o077n) !== 0n;
    if (isOpen) drift.push({ kind: 'grants', detail: 'Other users of the host may read or write the file.' });
  }
  const mode = withFile(live, isInUse(live) ? 'readonly' : 'exclusive', (file) =>
    file.pragma('journal_mode', { simple: true }),
  );
  if (mode !== 'wal') drift.push({ kind: 'settings', detail: 'The file is not in WAL mode.' });
  return drift;
}
