import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import type { EnvplaneClient } from './index.ts';
import type { Operation, Problem } from './schema.gen.ts';
import { pause } from './transport.ts';

const RECONNECT_MS = 500;
/** A service that is restarted is back by then. */
const RECONNECTIONS = 20;

/** The operation as it is, or why it cannot be read. */
export type OperationProgress = { operation: Operation } | { problem: Problem };

/**
 * Yields an operation as it is and after each change until it is done. A stream that breaks off is taken up again where it
 * was.
 * @throws what `signal` is aborted with; what `fetch` throws when the service cannot be reached at first, or stays away for 10 s
 */
export async function* watchOperation(
  client: EnvplaneClient,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<OperationProgress> {
  let lastEventId: string | undefined;
  for (let failures = RECONNECTIONS; ; ) {
    try {
      const { data, error } = await client.GET('/v1/operations/{id}/events', {
        params: { path: { id }, header: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } },
        parseAs: 'stream',
        signal,
      });
      if (error) {
        yield { problem: error };
        return;
      }
      for await (const event of eventsOf(data)) {
        lastEventId = event.id ?? lastEventId;
        failures = 0;
        const operation: Operation = JSON.parse(event.data);
        yield { operation };
        if (operation.done) return;
      }
    } catch (cause) {
      signal.throwIfAborted();
      failures += 1;
      if (failures > RECONNECTIONS) throw cause;
    }
    await pause(RECONNECT_MS, signal);
  }
}

function eventsOf(body: ReadableStream<Uint8Array> | null): AsyncIterable<EventSourceMessage> {
  if (body === null) throw new TypeError('the answer has no body');
  return body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
