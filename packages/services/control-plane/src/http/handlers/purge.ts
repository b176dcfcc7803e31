import type { Purged } from '@envplane/service-tenant';
import type { OperationKind, OperationView } from '@envplane/spec';
import type { Context } from 'hono';
import { json } from '../answer.ts';
import { type AppEnv, serviceOf } from '../exchange.ts';
import type { LongWork } from '../long-work.ts';

const LATEST = 50;

/**
 * Answers a purge with its receipt: at once when it was done before, else when its operation is done. A purge that is under
 * way already is followed like one's own.
 *
 * @param purge asks for the purge; called again when it ended in between
 */
export async function answerPurge(
  c: Context<AppEnv>,
  longWork: LongWork,
  kind: OperationKind & `${string}.purge`,
  purge: () => Promise<Purged>,
) {
  const purged = await purge();
  if (purged.kind === 'receipt') return json(c, purged.receipt, 200);
  const { targetId } = purged;
  const operationId = purged.operationId ?? (await latestPurge(c, kind, targetId))?.id ?? null;
  return longWork.answer(c, { ...purged, operationId }, async (operation, headers) => {
    if (operation) return json(c, operation.result ?? {}, 200, headers);
    const again = await purge();
    return json(c, again.kind === 'receipt' ? again.receipt : {}, 200);
  });
}

async function latestPurge(
  c: Context<AppEnv>,
  kind: OperationKind,
  targetId: string,
): Promise<OperationView | undefined> {
  const about = kind === 'organization.purge' ? { organizationId: targetId } : { environmentId: targetId };
  const { items } = await serviceOf(c).operations.list(about, { limit: LATEST });
  return items.find((operation) => operation.kind === kind);
}
