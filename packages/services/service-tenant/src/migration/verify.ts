import { AdapterError, type Secret } from '@envplane/spec';
import type { Foundation } from '../foundation.ts';
import type { EnvironmentDatabaseRow, MigrationLedgerRow } from '../objects/index.ts';
import { spread } from '../provisioning/backoff.ts';
import { lifecycleEvent } from '../provisioning/lifecycle.ts';
import { type Outcome, transition } from '../provisioning/machine.ts';
import { findConnectable } from '../store/connect.ts';
import { commitProbe, findEntry } from '../store/migration.ts';
import { migrationAudit } from './copied-row.ts';
import type { MigrateOptions } from './migrate.ts';
import type { Located, RowPlan } from './plan.ts';
import { MigrationRefusal } from './target.ts';

/** What a probe said: a code where it failed, or where there was none. */
export interface Verdict {
  verified: boolean;
  code: string | null;
}

/** Databases that were let in are looked at within this time, in ms, not all at once. */
const LOOK_WITHIN_MS = 10 * 60_000;

const OUTCOMES = { active: 'verified', suspended: 'suspended', archived: 'archived' } as const;

/**
 * M2: looks for the database of a copied row, logs in as its tenant would and lets it in. What fails leaves the environment
 * `migrating`, which serves nobody, with the code; the next run tries again.
 */
export async function verifyCopied(
  foundation: Foundation,
  { target, probe, dryRun }: Pick<MigrateOptions, 'target' | 'probe' | 'dryRun'>,
  entry: MigrationLedgerRow,
): Promise<Verdict> {
  if (entry.state !== 'copied') return verdictOf(entry);
  const { main } = foundation.stores;
  const copied = await findConnectable(main, entry.environment_id, 'full_access');
  const database = copied?.database;
  // Purged meanwhile, or let in by another process.
  if (database?.phase !== 'adopting') {
    return verdictOf((await findEntry(main, entry)) ?? entry);
  }
  const about = { database, ledger: entry };
  try {
    const login = probe ? await target.openLogin(database.bound_environment_id, copied?.credentials[0]) : null;
    const found = probe ? await target.probe(database, login) : null;
    const phase = transition('adopting', outcomeOf(database));
    if (phase === 'tombstone') throw new RangeError('taking over a database cannot end it');
    if (dryRun) return { verified: probe, code: probe ? null : 'not_probed' };
    const isServing = phase === 'ready';
    const written = await foundation.effect('cp.ledger-verify', () =>
      commitProbe(main, about, {
        patch: { phase, external_uid: found?.externalUid ?? null },
        code: probe ? null : 'not_probed',
        dueInMs: isServing ? Math.round(spread() * LOOK_WITHIN_MS) : null,
        audit: migrationAudit(entry.organization_id, entry.environment_id, 'environment.adopted', {
          databaseId: database.id,
          after: { status: database.desired_state },
        }),
        event: isServing ? lifecycleEvent(database, 'environment.provisioned') : null,
      }),
    );
    // Somebody else was faster, or the wish has changed; what is there now counts.
    if (!written) return verdictOf((await findEntry(main, entry)) ?? entry);
    return { verified: probe, code: probe ? null : 'not_probed' };
  } catch (error) {
    const code = refusalOf(error);
    if (code === null) throw error;
    if (dryRun) return { verified: false, code };
    await foundation.effect('cp.ledger-verify', () => commitProbe(main, about, { refused: code }));
    return { verified: false, code };
  }
}

/** What the ledger says of a row. */
const verdictOf = ({ state, last_error_code: code }: MigrationLedgerRow): Verdict => ({
  verified: state !== 'copied' && code === null,
  code,
});

/** The same for a dry run, which has no rows yet. */
export async function probeBefore(
  { target, probe }: Pick<MigrateOptions, 'target' | 'probe'>,
  { driver, placementId, databaseUrl }: Located,
  login: Secret | null,
  plan: RowPlan,
): Promise<Verdict> {
  if (!probe || plan.code === 'not_probed') return { verified: false, code: 'not_probed' };
  try {
    const database = { driver, placement_id: placementId, database_url: databaseUrl, external_uid: null };
    await target.probe(database, login);
    return { verified: true, code: null };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { verified: false, code: error.code };
  }
}

function outcomeOf({ desired_state: wish }: EnvironmentDatabaseRow): Outcome {
  if (wish === 'absent') throw new AdapterError('unavailable', 'The environment is being purged.');
  return OUTCOMES[wish];
}

/** The code to show, or null for what is no finding about this row. */
function refusalOf(error: unknown): string | null {
  if (error instanceof AdapterError || error instanceof MigrationRefusal) return error.code;
  // The unique index over what providers call their databases: this one serves another environment already.
  return error instanceof Error && error.message.includes('external_uid_adopted') ? 'conflict' : null;
}
