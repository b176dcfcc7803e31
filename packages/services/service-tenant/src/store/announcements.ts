import { randomUUID } from 'node:crypto';
import type { Announcements } from './engine.ts';

/** What is announced within this time goes out together, ms. */
const GATHER_MS = 20;
/** PostgreSQL takes 8,000 bytes less one. */
const LONGEST = 7_000;

/** What is used of the store's client. */
interface Channels {
  notify(channel: string, payload: string): PromiseLike<unknown> & { catch(handler: () => void): unknown };
  /** Connects anew when the connection breaks, and calls `listening` each time. */
  listen(channel: string, hear: (payload: string) => void, listening: () => void): PromiseLike<unknown>;
}

/**
 * What processes on one PostgreSQL store tell each other, by LISTEN and NOTIFY: after the commit that it is about, and lost while
 * a connection is broken.
 */
export function createAnnouncements(client: Channels, schema: string): Announcements {
  const channel = `${schema} changes`;
  const own = randomUUID();
  let waiting = new Set<string>();

  function send(): void {
    const texts = [...waiting];
    waiting = new Set();
    while (texts.length > 0) {
      const part: string[] = [];
      for (let length = own.length; texts[0] !== undefined && length + texts[0].length < LONGEST; ) {
        const text = texts.shift() as string;
        length += text.length + 1;
        part.push(text);
      }
      // Lost with the connection; whoever was to hear it finds out by reading.
      client.notify(channel, [own, ...part].join(' ')).catch(() => undefined);
    }
  }

  return {
    announce: (text) => {
      if (waiting.size === 0) setTimeout(send, GATHER_MS).unref();
      waiting.add(text);
    },
    hear: async (handler, listening) => {
      const hear = (payload: string) => {
        const [sender, ...texts] = payload.split(' ');
        if (sender !== own) for (const text of texts) handler(text);
      };
      await client.listen(channel, hear, listening);
    },
  };
}
