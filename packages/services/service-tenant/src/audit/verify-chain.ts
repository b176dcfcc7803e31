import type { AuditEventRow } from '../objects/index.ts';
import { entryHash, GENESIS_HASH } from '../store/audit.ts';

export interface ChainVerdict {
  ok: boolean;
  /** Entries that were compared. */
  checked: number;
  /** The newest sequence number, 0 for an empty chain. */
  head: number;
  /** The first sequence number that was changed, removed, inserted or reordered. */
  firstBadSeq?: number;
}

/**
 * Recomputes a chain page by page. It finds every edit, deletion, insertion and reordering by someone who does not recompute
 * the rest of the chain; a writer of the store who does is not found by this.
 *
 * @param pages entries in order of sequence, beginning with `fromSeq`
 * @param head what the head row claims
 */
export async function verifyChain(
  pages: AsyncIterable<readonly AuditEventRow[]>,
  head: { seq: number; hash: string },
  fromSeq = 1,
): Promise<ChainVerdict> {
  let expectedSeq = fromSeq;
  let previousHash: string | null = fromSeq === 1 ? GENESIS_HASH : null;
  for await (const page of pages) {
    for (const { hash, ...entry } of page) {
      const linked = previousHash === null || entry.prev_hash === previousHash;
      if (entry.seq !== expectedSeq || !linked || entryHash(entry) !== hash) {
        return { ok: false, checked: expectedSeq - fromSeq, head: head.seq, firstBadSeq: expectedSeq };
      }
      previousHash = hash;
      expectedSeq += 1;
    }
  }
  const complete = expectedSeq === head.seq + 1 && (previousHash === null || previousHash === head.hash);
  const checked = expectedSeq - fromSeq;
  return complete
    ? { ok: true, checked, head: head.seq }
    : { ok: false, checked, head: head.seq, firstBadSeq: expectedSeq };
}
