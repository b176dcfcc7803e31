import { setTimeout as sleep } from 'node:timers/promises';
import type { Stores } from '../../../service-tenant/src/store/open-stores.ts';
import type { Verifier } from '../../../service-tenant/test/world/oracle.ts';
import type { Replicas } from './replicas.ts';

const REST_MS = 150_000;

/**
 * Waits until nothing is under way but waiting: for late answers of a provider, for sessions of a credential that was replaced. The data
 * key of what was purged goes after its tombstone is there.
 * Returns what still is after that long.
 */
export async function rest({ main }: Stores): Promise<string[]> {
  const deadline = performance.now() + REST_MS;
  for (;;) {
    const { rows } = await main.select(
      `select o.kind from sys_operation o where o.status in ('running', 'queued') and not exists (
         select 1 from sys_environment_database d where d.bound_environment_id = o.environment_id and d.phase = 'settling')
         and not exists (select 1 from sys_database_credential c where c.operation_id = o.id and c.drain_at is not null)
       union all select d.phase from sys_environment_database d where d.lease_owner is not null
       union all select t.kind from sys_tombstone t where t.kind = 'purged' and t.key_erased_at is null`,
      [],
    );
    if (rows.length === 0) return [];
    if (performance.now() > deadline) return [`does not come to rest: ${JSON.stringify(rows)}`];
    await sleep(200);
  }
}

/** One of the processes says whether a chain is whole. */
export const verifier = (replicas: Replicas): Verifier => ({
  service: {
    auditEvents: {
      verify: (organizationId) =>
        replicas.insist<{ ok: boolean; firstBadSeq?: number }>({
          method: 'POST',
          path: '/v1/audit-events/verify',
          body: { ...(organizationId !== undefined && { organizationId }) },
        }),
    },
  },
});
