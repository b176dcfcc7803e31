import type { Logger, OutboxEvent, OutboxEventType } from '@envplane/spec';
import type { OutboxEventRow } from './objects/index.ts';
import type { StoreEngine } from './store/engine.ts';
import { type EVENT_KEEP_MS, oldestUndelivered, settleEvents, undeliveredEvents, waitsFor } from './store/outbox.ts';
import type { ControlPlaneTables } from './store/tables.ts';

const BATCH = 100;
const LOOK_MS = 1_000;

/** A notification as handlers get it. The same id may come more than once. */
export type EnvplaneEvent = OutboxEvent;

/** Takes an event, or throws to get it again. One that does not return holds up all others: give what it calls a deadline. */
export type EventHandler = (event: EnvplaneEvent) => void | Promise<void>;

/** Handlers by type of event; `*` is for all. */
export type EventHandlers = { readonly [Type in OutboxEventType | '*']?: EventHandler };

export interface OutboxDispatcher {
  /**
   * Registers one more handler for one type of event, or for all with `*`. Events wait for the first handler (at most
   * {@link EVENT_KEEP_MS}). What was delivered before is not told to it: name those that must miss nothing when the control
   * plane is opened.
   */
  on(type: OutboxEventType | '*', handler: EventHandler): void;
  /** Delivers what is waiting now; an event whose handler throws is left for the next call. */
  deliver(): Promise<void>;
  /** How long the oldest event has been waiting, in ms; null while nobody listens, for then none is to be delivered. */
  lagMs(): Promise<number | null>;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Delivers committed notifications to handlers in this process: at least once, in the order of the changes of an environment,
 * and of what is about an organization as a whole among everything else of it. An event whose handler throws is tried again,
 * and what comes after it in that order waits. Of several processes on one store one delivers at a time.
 */
export function createOutboxDispatcher(
  engine: StoreEngine<ControlPlaneTables>,
  logger: Logger,
  given: EventHandlers = {},
): OutboxDispatcher {
  const handlers = new Map<string, EventHandler[]>(
    Object.entries(given).flatMap(([type, handler]) => (handler ? [[type, [handler]]] : [])),
  );
  let delivering: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function deliverAll(): Promise<void> {
    // What nobody listens for yet waits for the first handler.
    if (handlers.size === 0) return;
    await engine.exclusively('outbox', async () => {
      const failed: OutboxEventRow[] = [];
      while ((await deliverBatch(failed)) > 0);
    });
  }

  /** @param failed those that failed since the delivery began; others wait for them */
  async function deliverBatch(failed: OutboxEventRow[]): Promise<number> {
    const delivered: string[] = [];
    const failedNow: string[] = [];
    for (const row of await undeliveredEvents(engine, BATCH)) {
      if (failed.some((earlier) => waitsFor(row, earlier))) continue;
      if (await handle(row)) {
        delivered.push(row.id);
      } else {
        failedNow.push(row.id);
        failed.push(row);
      }
    }
    if (delivered.length + failedNow.length > 0) await settleEvents(engine, delivered, failedNow);
    return delivered.length;
  }

  async function handle(row: OutboxEventRow): Promise<boolean> {
    const event = {
      id: row.id,
      type: row.type as OutboxEventType,
      occurredAt: new Date(row.occurred_at).toISOString(),
      organizationId: row.organization_id,
      environmentId: row.environment_id,
      actor: row.actor as OutboxEvent['actor'],
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
    lagMs: async () => {
      if (handlers.size === 0) return null;
      const oldest = await oldestUndelivered(engine);
      return oldest === null ? 0 : Math.max(0, (await engine.now()) - oldest);
    },
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
