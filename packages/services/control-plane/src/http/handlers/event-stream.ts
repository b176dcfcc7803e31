import type { OperationView } from '@envplane/spec';

const LOOK_MS = 1_000;
const COMMENT_AFTER_MS = 15_000;

type Change = { version: number; operation: OperationView };

/**
 * An operation's changes as server-sent events, with a comment after 15 s of silence so that nothing in between takes the
 * connection for dead. Ends with the changes, and when the process is being stopped: the client goes on elsewhere from the
 * last id it saw.
 *
 * @param stop called when the client is gone
 */
export function eventStream(
  changes: AsyncIterator<Change>,
  isDraining: () => boolean,
  stop: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<Change>> | undefined;
  let silentMs = 0;

  async function nextChunk(): Promise<string | null> {
    for (;;) {
      next ??= changes.next();
      const change = await within(LOOK_MS, next);
      if (change) {
        next = undefined;
        silentMs = 0;
        return change.done ? null : eventOf(change.value);
      }
      if (isDraining()) return null;
      silentMs += LOOK_MS;
      if (silentMs >= COMMENT_AFTER_MS) {
        silentMs = 0;
        return ': still running\n\n';
      }
    }
  }

  return new ReadableStream({
    pull: async (controller) => {
      // A stream that breaks is not an answer: the client sees the end and comes back with the last id.
      const chunk = await nextChunk().catch(() => null);
      if (chunk !== null) return controller.enqueue(encoder.encode(chunk));
      stop();
      controller.close();
    },
    cancel: stop,
  });
}

const eventOf = ({ version, operation }: Change): string =>
  `id: ${version}\nevent: operation\ndata: ${JSON.stringify(operation)}\n\n`;

async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
