import type { AuditEventView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import type { AuditEventRow } from '../objects/index.ts';
import { GENESIS_HASH, PLATFORM_CHAIN } from '../store/audit.ts';
import { decodeCursor, encodeCursor, isSequence } from '../store/cursor.ts';
import { auditEventView } from '../views/views.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

const VERIFY_PAGE = 500;

/** Entries of one chain in order: that of an organization, or of the platform when none is named. Works for an organization that is gone, too. @throws ControlPlaneError `cursor_invalid`, `cursor_mismatch` */
export async function listAuditEvents(
  deps: Deps,
  caller: Caller,
  filter: { organizationId?: string; environmentId?: string; action?: string },
  page: PageRequest,
): Promise<PageView<AuditEventView>> {
  const { organizationId, ...rest } = filter;
  const chain = await authorizeChain(deps, caller, organizationId);
  const afterSeq = page.cursor === undefined ? 0 : decodeCursor(page.cursor, filter, isSequence);
  const rows = await deps.reads.auditEvents({ chain, ...rest }, page.limit + 1, afterSeq);
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items: items.map(auditEventView), nextCursor: last ? encodeCursor(last.seq, filter) : null };
}

/** Recomputes the chain of an organization, or of the platform when none is named. */
export async function verifyAudit(
  deps: Deps,
  caller: Caller,
  organizationId: string | undefined,
  fromSeq = 1,
): Promise<ChainVerdict> {
  const chain = await authorizeChain(deps, caller, organizationId);
  const head = (await deps.reads.auditHead(chain)) ?? { seq: 0, hash: GENESIS_HASH };
  return verifyChain(pages(deps, chain, fromSeq, head.seq), head, fromSeq);
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

/** Up to the head that was read first; what is appended meanwhile is the next verification's. */
async function* pages(deps: Deps, chain: string, fromSeq: number, toSeq: number): AsyncGenerator<AuditEventRow[]> {
  for (let after = fromSeq - 1; after < toSeq; ) {
    const rows = (await deps.reads.auditEvents({ chain }, VERIFY_PAGE, after)).filter((row) => row.seq <= toSeq);
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.seq;
  }
}
