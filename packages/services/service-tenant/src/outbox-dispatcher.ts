import type { Logger } from '@envplane/spec';
import type { OutboxEventRow } from './objects/index.ts';
import type { StoreEngine } from './store/engine.ts';
import { type EVENT_KEEP_MS, settleEvents, undeliveredEvents } from './store/outbox.ts';
import type { ControlPlaneTables } from './store/tables.ts';

const BATCH = 100;
const LOOK_MS = 1_000;

/** A notification as handlers get it. The same id may come more than once. */
export interface EnvplaneEvent {
  id: string;
  type: string;
  occurredAt: string;
  organizationId: string;
  environmentId: string | null;
  actor: Record<string, unknown>;
  data: Record<string, unknown>;
}

export type EventHandler = (event: EnvplaneEvent) => void | Promise<void>;

export interface OutboxDispatcher {
  /**
   * Registers a handler for one type of event, or for all with `*`. Events wait for the first handler (at most
   * {@link EVENT_KEEP_MS}); register all of them before anything is awaited, or a later one misses what an earlier one took.
   */
  on(type: string, handler: EventHandler): void;
  /** Delivers what is waiting now; an event whose handler throws is left for the next call. */
  deliver(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Delivers committed notifications to handlers in this process: at least once, in order per environment. An event whose
 * handler throws is tried again, and later events of its environment wait for it.
 */
export function createOutboxDispatcher(engine: StoreEngine<ControlPlaneTables>, logger: Logger): OutboxDispatcher {
  const handlers = new Map<string, EventHandler[]>();
  let delivering: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function deliverAll(): Promise<void> {
    const held = new Set<string>();
    // What nobody listens for yet waits for the first handler.
    while (handlers.size > 0 && (await deliverBatch(held)) > 0);
  }

  async function deliverBatch(held: Set<string>): Promise<number> {
    const delivered: string[] = [];
    const failed: string[] = [];
    for (const row of await undeliveredEvents(engine, BATCH)) {
      const queue = row.environment_id ?? row.organization_id;
      if (held.has(queue)) continue;
      if (await handle(row)) {
        delivered.push(row.id);
      } else {
        failed.push(row.id);
        held.add(queue);
      }
    }
    if (delivered.length + failed.length > 0) await settleEvents(engine, delivered, failed);
    return delivered.length;
  }

  async function handle(row: OutboxEventRow): Promise<boolean> {
    const event = {
      id: row.id,
      type: row.type,
      occurredAt: new Date(row.occurred_at).toISOString(),
      organizationId: row.organization_id,
      environmentId: row.environment_id,
      actor: row.actor,
      data: row.payload,
    };
    try {
      for (const handler of [...(handlers.get(row.type) ?? []), ...(handlers.get('*') ?? [])]) await handler(event);
      return true;
    } catch (error) {
      logger.warn(
        { event: 'outbox.handler_failed', environmentId: row.environment_id, attempt: row.attempts, err: error },
        'an event is delivered again',
      );
      return false;
    }
  }

  const deliver = (): Promise<void> => {
    delivering ??= deliverAll().finally(() => {
      delivering = null;
    });
    return delivering;
  };

  return {
    on: (type, handler) => {
      handlers.set(type, [...(handlers.get(type) ?? []), handler]);
    },
    deliver,
    start: () => {
      timer = setInterval(
        () =>
          void deliver().catch((error: unknown) =>
            logger.error({ event: 'outbox.failed', err: error }, 'events cannot be read'),
          ),
        LOOK_MS,
      );
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      await delivering?.catch(() => undefined);
    },
  };
}
