import type { Accepted, EnvironmentProvisioningService } from '@envplane/service-tenant';
import { ControlPlaneError, type OperationView } from '@envplane/spec';
import type { Context, TypedResponse } from 'hono';
import type { JSONParsed } from 'hono/utils/types';
import { json } from './answer.ts';
import type { AppEnv } from './exchange.ts';
import { preference } from './preconditions.ts';

/** How often a waiting request looks whether the process is being stopped, in ms. */
const DRAIN_LOOK_MS = 500;

export interface LongWork {
  /**
   * Answers an accepted mutation: with what `done` makes of it when its operation succeeds within the time of `Prefer`, else
   * with 202 and the operation, which goes on by itself.
   *
   * @throws ControlPlaneError `operation_failed` when it failed or was superseded within that time
   */
  answer<Done extends Response>(
    c: Context<AppEnv>,
    accepted: Accepted,
    done: (operation: OperationView | null, headers: Record<string, string>) => Promise<Done> | Done,
  ): Promise<Done | (Response & TypedResponse<JSONParsed<OperationView>, 202, 'json'>)>;

  /** The operation of an accepted mutation as it is when it is done, or when the time of `Prefer` is over; null when there is none. */
  settle(c: Context<AppEnv>, accepted: Pick<Accepted, 'operationId'>): Promise<OperationView | null>;
}

/** @param service of the process itself: who was allowed to begin an operation is told how it ends, whatever it takes from them */
export function createLongWork(service: EnvironmentProvisioningService, isDraining: () => boolean): LongWork {
  return {
    answer: async (c, { operationId, replayed }, done) => {
      if (operationId === null) return done(null, {});
      const { waitMs, async } = preference(c.req.header('prefer'));
      const operation = await settled(c, operationId, waitMs);
      const headers = { 'operation-id': operationId };
      if (!operation.done || (async && !replayed)) {
        return json(c, operation, 202, { ...headers, location: `/v1/operations/${operationId}`, 'retry-after': '1' });
      }
      if (operation.status !== 'succeeded') throw failed(operation);
      return done(operation, headers);
    },
    settle: async (c, { operationId }) =>
      operationId === null ? null : settled(c, operationId, preference(c.req.header('prefer')).waitMs),
  };

  async function settled(c: Context<AppEnv>, operationId: string, waitMs: number): Promise<OperationView> {
    const { trace } = c.get('exchange');
    const began = performance.now();
    const deadline = began + waitMs;
    for (;;) {
      const left = deadline - performance.now();
      const operation = await service
        .within(trace)
        .operations.wait(operationId, Math.max(0, Math.min(left, DRAIN_LOOK_MS)));
      if (operation.done || left <= DRAIN_LOOK_MS || isDraining() || c.req.raw.signal.aborted) {
        trace.ended('operation', began);
        return operation;
      }
    }
  }
}

/** What a request is answered whose operation failed, or was superseded. */
export function failed({ id, status, error }: Pick<OperationView, 'id' | 'status' | 'error'>): ControlPlaneError {
  const reason = error?.detail ?? 'Another request took its place.';
  return new ControlPlaneError('operation_failed', reason, { operationId: id, state: status });
}
