import type { AuditEventRow } from '../objects/index.ts';
import { type ChainHead, entryHash, GENESIS_HASH } from '../store/audit.ts';

/** Before every entry, also one that somebody numbered 0 or below. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

export interface ChainVerdict {
  ok: boolean;
  /** Entries that were compared. */
  checked: number;
  /** The newest sequence number, 0 for an empty chain. */
  head: number;
  /** Its hash. Kept elsewhere, the two are a checkpoint. */
  headHash: string;
  /** The first sequence number that was changed, removed, inserted or reordered; of a checkpoint that is not met, its own. */
  firstBadSeq?: number;
}

/** A chain as it lies in the store. */
export interface StoredChain {
  /** What the head row says now. */
  head(): Promise<ChainHead>;
  /** Entries above a sequence number, in order: up to another one, and at least the next beyond it. */
  pages(afterSeq: number, toSeq: number): AsyncIterable<readonly AuditEventRow[]>;
}

export interface VerifyOptions {
  /** Where to begin; 1 when absent. */
  fromSeq?: number | undefined;
  /** `head` and `headHash` of an earlier verdict: what somebody rewrote or cut off since is found by it. Not before `fromSeq - 1`. */
  checkpoint?: ChainHead | undefined;
}

/**
 * Recomputes a chain page by page. It finds every edit, deletion, insertion and reordering by someone who does not recompute
 * the rest of the chain and its head. One who does, or who cuts off its end together with the head, is found by a checkpoint.
 */
export async function verifyChain(chain: StoredChain, options: VerifyOptions = {}): Promise<ChainVerdict> {
  const { fromSeq = 1, checkpoint } = options;
  const head = await chain.head();
  let expectedSeq = fromSeq;
  let previousHash = fromSeq === 1 ? GENESIS_HASH : checkpoint?.seq === fromSeq - 1 ? checkpoint.hash : null;
  const bad = (firstBadSeq: number): ChainVerdict => ({
    ok: false,
    checked: expectedSeq - fromSeq,
    head: head.seq,
    headHash: head.hash,
    firstBadSeq,
  });
  if (fromSeq > head.seq + 1) return bad(head.seq + 1);
  if (checkpoint?.seq === head.seq && checkpoint.hash !== head.hash) return bad(head.seq);

  for await (const page of chain.pages(fromSeq === 1 ? BEFORE_ALL : fromSeq - 1, head.seq)) {
    for (const { hash, ...entry } of page) {
      const { seq } = entry;
      // Where nothing is missing, it is the entry that should not be there.
      if (seq !== expectedSeq) return bad(seq < expectedSeq || expectedSeq > head.seq ? seq : expectedSeq);
      const isLinked = previousHash === null || entry.prev_hash === previousHash;
      if (!isLinked || entryHash(entry) !== hash) return bad(seq);
      if (checkpoint?.seq === seq && checkpoint.hash !== hash) return bad(seq);
      previousHash = hash;
      expectedSeq += 1;
      // The entries agree with one another, so what the head tells of stood behind them.
      if (seq === head.seq && hash !== head.hash) return bad(expectedSeq);
    }
  }
  const lastSeq = expectedSeq - 1;
  if (lastSeq < Math.max(head.seq, checkpoint?.seq ?? 0)) return bad(expectedSeq);
  if (lastSeq === head.seq) return { ok: true, checked: expectedSeq - fromSeq, head: head.seq, headHash: head.hash };
  // Entries beyond the head were appended meanwhile, and then the head tells of them now; or they never went through it.
  const later = await chain.head();
  if (lastSeq > later.seq) return bad(later.seq + 1);
  return { ok: true, checked: expectedSeq - fromSeq, head: lastSeq, headHash: previousHash ?? later.hash };
}
