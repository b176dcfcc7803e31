import { describe, expect, it } from 'vitest';
import { adapterContext } from '../adapter-context.ts';
import {
  type DatabaseAdapterHarness,
  newTarget,
  type Provisioned,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from './database-harness.ts';

/** Two environments of one organization and one of another, on one placement: every kind of neighbour. */
const SCOPES = ['ours', 'ours', 'theirs'] as const;

type Environment = Provisioned & { name: string };

/**
 * Tries to get from every environment to every other one, on real databases, and says in words where it got through: with the
 * wrong credential, by reading, by writing, by deleting. An empty list is what a driver owes its users.
 * @throws whatever the adapter throws where it should work
 */
export async function findLeaks(harness: DatabaseAdapterHarness): Promise<string[]> {
  // What the control plane does first at a place; a driver may prepare it then.
  await harness.adapter.checkPlacement(harness.placement);
  const scopes = { ours: newTarget(harness).organizationScope, theirs: newTarget(harness).organizationScope };
  const environments: Environment[] = await Promise.all(
    SCOPES.map(async (scope, index) => ({
      ...(await provision(harness, newTarget(harness, { organizationScope: scopes[scope] }))),
      name: `environment ${index + 1}`,
    })),
  );
  const leaks = [...(await leaksOfCredentials(harness, environments)), ...(await leaksOfRows(harness, environments))];
  // What has leaked already would only be told again by what follows.
  return leaks.length > 0 ? leaks : leaksOfDeletion(harness, environments);
}

async function leaksOfCredentials(harness: DatabaseAdapterHarness, environments: Environment[]): Promise<string[]> {
  if (harness.adapter.credentials.kind === 'none') return [];
  const leaks: string[] = [];
  for (const database of environments) {
    const strangers = environments.filter((other) => other !== database);
    for (const { credential, name } of [...strangers, { credential: null, name: 'nobody' }]) {
      if (await opens(harness, { ...database, credential })) {
        leaks.push(`the credential of ${name} opens ${database.name}`);
      }
    }
  }
  return leaks;
}

const opens = (harness: DatabaseAdapterHarness, database: Provisioned): Promise<boolean> =>
  withHandle(harness, database, (handle) => handle.query('SELECT 1')).then(
    () => true,
    () => false,
  );

/** The same table in each, one row of its own in each, and each row changed by nobody but its own environment. */
async function leaksOfRows(harness: DatabaseAdapterHarness, environments: Environment[]): Promise<string[]> {
  const leaks: string[] = [];
  for (const database of environments) {
    const existed = await readNotes(harness, database).then(
      () => true,
      () => false,
    );
    if (existed) leaks.push(`${database.name} sees a table that another one made`);
    else await writeNotes(harness, database, database.name);
  }
  for (const database of environments) {
    const changed = `changed by ${database.name}`;
    await withHandle(harness, database, (handle) => handle.exec(`UPDATE note SET body = '${changed}'`));
    for (const other of environments) {
      const [body] = await readNotes(harness, other);
      if (other !== database && body === changed) leaks.push(`${database.name} writes what ${other.name} reads`);
    }
  }
  return leaks;
}

/** Deleted one after the other: the ones that are left keep their rows, and the credential of the deleted one opens nothing. */
async function leaksOfDeletion(harness: DatabaseAdapterHarness, environments: Environment[]): Promise<string[]> {
  const leaks: string[] = [];
  const left = [...environments];
  for (let deleted = left.shift(); deleted !== undefined; deleted = left.shift()) {
    await harness.adapter.deleteDatabase(deleted.target, adapterContext());
    if (await opens(harness, deleted)) leaks.push(`${deleted.name} is open although it was deleted`);
    for (const other of left) {
      const rows = await readNotes(harness, other).catch(() => []);
      if (rows.length !== 1) leaks.push(`deleting ${deleted.name} took the rows of ${other.name}`);
    }
  }
  return leaks;
}

/** Declares the isolation suite, which runs on any adapter. */
export function describeIsolation(harness: DatabaseAdapterHarness): void {
  describe('isolation', () => {
    it('cap G2 K3 no environment reads, writes, opens or deletes another', async () => {
      expect(await findLeaks(harness)).toEqual([]);
    });
  });
}
