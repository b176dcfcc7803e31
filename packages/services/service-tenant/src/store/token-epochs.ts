import { sql } from 'kysely';
import type { TokenEpochRow } from '../objects/index.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue, type Transaction } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** Stands for everybody in an environment. */
const EVERYBODY = '';

/**
 * Withdraws the tokens of a subject in an environment, or with no subject those of everybody, in the transaction of the change
 * that narrows their rights: who sees the change sees the epoch, and a token made before it is refused from then on.
 *
 * @param environmentId `EVERY_ENVIRONMENT` for what the subject held in all of them
 * @param subject user or service-account id
 */
export async function raiseEpoch(
  tx: Transaction<ControlPlaneTables>,
  environmentId: string,
  subject: string = EVERYBODY,
): Promise<void> {
  const { changed_at: changedAt } = tx.encode({ changed_at: tx.nowMs });
  // The row keeps its place behind those that were there when it rose, also when another transaction raised it meanwhile.
  await sql`insert into sys_token_epoch (environment_id, subject, epoch, seq, changed_at)
    values (${environmentId}, ${subject}, 1, (select coalesce(max(seq), 0) + 1 from sys_token_epoch), ${changedAt})
    on conflict (environment_id, subject) do update set
      epoch = sys_token_epoch.epoch + 1,
      seq = case when excluded.seq > sys_token_epoch.seq then excluded.seq else sys_token_epoch.seq + 1 end,
      changed_at = excluded.changed_at`.execute(tx.query);
}

/** A place in the order of the feed. */
export interface EpochPosition {
  seq: number;
  environmentId: string;
  subject: string;
}

/** Epochs behind a position that rose within a time, in order. */
export function epochsAfter(
  engine: Engine,
  position: EpochPosition | null,
  sinceMs: number,
  limit: number,
): Promise<TokenEpochRow[]> {
  const since = encodeValue(engine.dialect, 'changed_at', sinceMs) as number;
  return read(() => {
    let query = engine.read.selectFrom('sys_token_epoch').selectAll().where('changed_at', '>=', since);
    if (position) {
      const { seq, environmentId, subject } = position;
      query = query.where(sql<boolean>`(seq, environment_id, subject) > (${seq}, ${environmentId}, ${subject})`);
    }
    return query.orderBy('seq').orderBy('environment_id').orderBy('subject').limit(limit).execute();
  });
}

/**
 * The lowest number in the order among those that rose since then, and the highest of all; 0 when there is none. One statement:
 * between two, a number could be the highest that was not yet among the recent ones.
 */
export function epochSequence(engine: Engine, sinceMs: number): Promise<{ lowest: number | null; highest: number }> {
  const since = encodeValue(engine.dialect, 'changed_at', sinceMs) as number;
  return read(async () => {
    const { lowest, highest } = await engine.read
      .selectNoFrom((eb) => [
        eb
          .selectFrom('sys_token_epoch')
          .select((inner) => inner.fn.min<number | null>('seq').as('seq'))
          .where('changed_at', '>=', since)
          .as('lowest'),
        eb
          .selectFrom('sys_token_epoch')
          .select((inner) => inner.fn.max<number | null>('seq').as('seq'))
          .as('highest'),
      ])
      .executeTakeFirstOrThrow();
    return { lowest, highest: highest ?? 0 };
  });
}

async function read<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw storeError(error);
  }
}
