import type { AcceptedCredential, AdapterContext, DatabaseTarget, Drift } from '@envplane/spec';
import { settingsOf } from './configure.ts';
import { credentialLabel, isLeftOver, isTemporary, parseKeyRing } from './key-ring.ts';
import { lookUp } from './observe.ts';
import { placeOf } from './place.ts';

/**
 * The contract's `findDrift`: what hardening, resuming and setting the credentials would put right. The server takes the last write of
 * a configuration, so a call that lands late brings keys back, or takes them away (F4): this is where it shows.
 */
export async function findDrift(
  target: DatabaseTarget,
  accepted: readonly AcceptedCredential[] | null,
  context: AdapterContext,
): Promise<readonly Drift[]> {
  const config = await lookUp(placeOf(target.placement), target, context);
  const { keys } = parseKeyRing(config.jwt_key);
  // Keys that the adapter knows stay in; anything else in this text is a key of somebody else's.
  const wanted = settingsOf(target, keys);
  const drift: Drift[] = accepted ? keyDrift([...keys.keys()], accepted) : [];
  if (config.jwt_key !== wanted.jwt_key) {
    drift.push({ kind: 'grants', detail: 'A key that is not ours opens the database.' });
  }
  if (config['allow_attach'] !== wanted.allow_attach) {
    drift.push({ kind: 'grants', detail: 'The database may be attached to others.' });
  }
  if (isAnotherSize(String(config['max_db_size']), Number(wanted.max_db_size))) {
    drift.push({ kind: 'settings', detail: 'The size limit is not that of the environment.' });
  }
  if (config.block_reads || config.block_writes) {
    drift.push({ kind: 'settings', detail: 'The server refuses reads or writes.' });
  }
  return drift;
}

function keyDrift(labels: readonly string[], accepted: readonly AcceptedCredential[]): Drift[] {
  const known = accepted.map(credentialLabel);
  const needed = accepted.filter(({ isActive }) => isActive).map(credentialLabel);
  const drift: Drift[] = [];
  if (labels.some((label) => (isTemporary(label) ? isLeftOver(label, Date.now()) : !known.includes(label)))) {
    drift.push({ kind: 'grants', detail: 'A credential that is not in use opens the database.' });
  }
  if (needed.some((label) => !labels.includes(label))) {
    drift.push({ kind: 'grants', detail: 'A credential in use does not open the database.' });
  }
  return drift;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };

/**
 * NOTE: the server tells a size as it shows it to people, such as `67.1 MB`, so that a smaller difference than the last digit does
 * not show. Of a text in another form nothing can be said.
 */
function isAnotherSize(told: string, bytes: number): boolean {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([KMGTP]?B)$/.exec(told) ?? [];
  const size = UNITS[unit];
  return size !== undefined && Math.abs(Number(amount) * size - bytes) > size / 10;
}
