import { type AuditEventView, type AuditFilter, AuditFilterSchema, invalidRequest } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import type { AuditEventRow } from '../objects/index.ts';
import { parse } from '../request.ts';
import { GENESIS_HASH, PLATFORM_CHAIN } from '../store/audit.ts';
import { auditEvents } from '../store/audit-reads.ts';
import { decodeCursor, encodeCursor, isSequence } from '../store/cursor.ts';
import { auditEventView } from '../views/views.ts';
import { type ChainVerdict, type VerifyOptions, verifyChain } from './verify-chain.ts';

const VERIFY_PAGE = 500;

/**
 * Entries of one chain in order: that of an organization, or of the platform when none is named. Works for an organization
 * that is gone, too. What this process refused until now is in it.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `validation_failed`, `cursor_invalid`, `cursor_mismatch`
 */
export async function listAuditEvents(
  deps: Deps,
  caller: Caller,
  filter: AuditFilter,
  page: PageRequest,
): Promise<PageView<AuditEventView>> {
  const { organizationId, ...rest } = parse(AuditFilterSchema, filter);
  const chain = await authorizeChain(deps, caller, organizationId);
  await Promise.all([deps.denials.write(), deps.hourly.settled()]);
  const afterSeq = page.cursor === undefined ? 0 : decodeCursor(page.cursor, filter, isSequence);
  const rows = await auditEvents(deps.engine, { chain, ...rest }, page.limit + 1, afterSeq);
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items: items.map(auditEventView), nextCursor: last ? encodeCursor(last.seq, filter) : null };
}

/**
 * Recomputes the chain of an organization, or of the platform when none is named.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `validation_failed` for a checkpoint that lies before what is verified
 */
export async function verifyAudit(
  deps: Deps,
  caller: Caller,
  organizationId: string | undefined,
  options: VerifyOptions = {},
): Promise<ChainVerdict> {
  const chain = await authorizeChain(deps, caller, organizationId);
  const { fromSeq = 1, checkpoint } = options;
  if (checkpoint && checkpoint.seq < fromSeq - 1) {
    throw invalidRequest([
      { in: 'body', pointer: '/checkpoint/seq', detail: 'must not lie before the entry before fromSeq' },
    ]);
  }
  const hadEntries = organizationId !== undefined && (await wasMade(deps, chain));
  const verdict = await verifyChain(
    {
      head: async () => (await deps.reads.auditHead(chain)) ?? { seq: 0, hash: GENESIS_HASH },
      pages: (afterSeq, toSeq) => pages(deps, chain, afterSeq, toSeq),
    },
    options,
  );
  return verdict.head === 0 && hadEntries ? { ...verdict, ok: false, firstBadSeq: 1 } : verdict;
}

/** Whatever is or was an organization has an entry of its making. */
async function wasMade(deps: Deps, organizationId: string): Promise<boolean> {
  if (await deps.reads.organization(organizationId)) return true;
  return (await deps.reads.operations({ organizationId }, 1, null, null)).rows.length > 0;
}

/** Chains outlive their organizations; whoever reads every chain may read those, too. */
async function authorizeChain(deps: Deps, caller: Caller, organizationId: string | undefined): Promise<string> {
  if (organizationId === undefined) {
    await authorize(deps, caller, 'platform:audit.read', { platform: true });
    return PLATFORM_CHAIN;
  }
  const access = await authorize(deps, caller, ['org:audit.read', 'platform:audit.read'], { organizationId });
  return access.organizationId ?? organizationId;
}

async function* pages(deps: Deps, chain: string, afterSeq: number, toSeq: number): AsyncGenerator<AuditEventRow[]> {
  for (let after = afterSeq; after <= toSeq; ) {
    const rows = await auditEvents(deps.engine, { chain }, VERIFY_PAGE, after);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.seq;
  }
}
