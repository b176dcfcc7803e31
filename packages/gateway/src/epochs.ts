import { type EpochFeed, EVERY_ENVIRONMENT, type Logger } from '@envplane/spec';
import type { Access } from './claims.ts';
import { type Refreshed, refreshed } from './refreshed.ts';

const POLL_MS = 5_000;
/** The longest life of a token (an hour) and a margin: an older entry concerns no token that is still valid. */
const KEEP_MS = 3_960_000;
/** Beyond it a feed would be endless. */
const MAX_PAGES = 1_000;

/** What a gateway reads of one answer of `GET /v1/token-epochs`. */
export type EpochPage = Pick<EpochFeed, 'items' | 'nextCursor' | 'reset' | 'more'>;

/** Reads the feed after a cursor, from its beginning without one. @throws when there is no answer */
export type EpochSource = (cursor: string | undefined) => Promise<EpochPage>;

export interface Epochs extends Refreshed {
  isKeyRevoked(kid: string): boolean;
  /** Whether a token with these epochs was withdrawn. */
  isRevoked(environmentId: string, subject: string, minted: Access['epochs']): boolean;
}

interface Entry {
  epoch: number;
  /** When this value was first seen. */
  seenAt: number;
}

interface Withdrawals {
  /** By environment (`*`: every one), then by subject. */
  environments: Map<string, Map<string, Entry>>;
  keys: Map<string, Entry>;
}

/**
 * What was withdrawn, as far as the feed says. The feed tells the last half minute again, since commits become visible in
 * another order than they are numbered in; of what comes twice or out of order the highest epoch counts.
 */
export function epochs(source: EpochSource, now: () => number, logger: Logger | undefined): Epochs {
  let withdrawals = nothing();
  let cursor: string | undefined;

  async function load(): Promise<void> {
    const beganAt = now();
    let target = withdrawals;
    let next = cursor;
    for (let pages = 1; ; pages++) {
      if (pages > MAX_PAGES) throw new Error('The epoch feed does not end.');
      const page = checked(await source(next));
      // Filled beside what holds, and put in its place only when it is complete.
      if (page.reset) target = nothing();
      for (const item of page.items) apply(target, item, beganAt);
      next = page.nextCursor;
      if (!page.more) break;
    }
    cursor = next;
    withdrawals = target;
    forget(withdrawals, beganAt - KEEP_MS);
  }

  return {
    ...refreshed({ name: 'epochs', load, intervalMs: POLL_MS, retryMs: POLL_MS, now, logger }),
    isKeyRevoked: (kid) => withdrawals.keys.has(kid),
    isRevoked(environmentId, subject, minted) {
      const epochOf = (where: string, whose: string) => withdrawals.environments.get(where)?.get(whose)?.epoch ?? 0;
      return (
        minted.environment < epochOf(environmentId, '') ||
        minted.subject < epochOf(environmentId, subject) ||
        minted.everywhere < epochOf(EVERY_ENVIRONMENT, subject)
      );
    },
  };
}

const nothing = (): Withdrawals => ({ environments: new Map(), keys: new Map() });

function apply({ environments, keys }: Withdrawals, item: EpochPage['items'][number], seenAt: number): void {
  if ('kid' in item) {
    if (!keys.has(item.kid)) keys.set(item.kid, { epoch: 0, seenAt });
    return;
  }
  const { environmentId, subject, epoch } = item;
  const subjects = environments.get(environmentId) ?? new Map<string, Entry>();
  environments.set(environmentId, subjects);
  const known = subjects.get(subject);
  if (known === undefined || known.epoch < epoch) subjects.set(subject, { epoch, seenAt });
}

function forget({ environments, keys }: Withdrawals, before: number): void {
  for (const [kid, { seenAt }] of keys) if (seenAt < before) keys.delete(kid);
  for (const [environmentId, subjects] of environments) {
    for (const [subject, { seenAt }] of subjects) if (seenAt < before) subjects.delete(subject);
    if (subjects.size === 0) environments.delete(environmentId);
  }
}

function checked(page: EpochPage): EpochPage {
  const isItem = (item: Record<string, unknown> | null) =>
    typeof item?.['kid'] === 'string' ||
    (typeof item?.['environmentId'] === 'string' &&
      typeof item['subject'] === 'string' &&
      Number.isSafeInteger(item['epoch']));
  const { items, nextCursor } = page;
  if (typeof nextCursor === 'string' && Array.isArray(items) && items.every((item) => isItem({ ...item }))) return page;
  throw new Error('The epoch feed has another form than this release reads.');
}
