import type { Secret } from '@envplane/spec';
import { openAsAdministrator } from './administrator.ts';
import { FENCE_DATABASE } from './names.ts';
import type { Session } from './session.ts';
import type { Place } from './settings.ts';

/** How long a session may wait for its next use, in ms. Its socket keeps the process alive for that long. */
const IDLE_MS = 10_000;

/** How many sessions of one placement may wait. */
const IDLE_SESSIONS = 8;

/**
 * Sessions of the administrator in the fence databases, which are used again: a login costs the server a process. Nothing is lost
 * with them.
 */
export interface AdministratorPool {
  /** Runs `use` with a session of its own, and lends it again afterwards: it must hold nothing then. After an error the session ends. */
  use<T>(place: Place, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T>;
  /** Ends the waiting sessions, and from then on each other one after its use. */
  close(): Promise<void>;
}

interface Idle {
  address: string;
  password: Secret;
  session: Session;
  timer: NodeJS.Timeout;
}

export function administratorPool(): AdministratorPool {
  let waiting: Idle[] = [];
  let closed = false;

  function take(address: string, password: Secret): Session | undefined {
    for (;;) {
      const found = waiting.findLast((idle) => idle.address === address && idle.password.equals(password));
      if (found === undefined) return undefined;
      remove(found);
      if (found.session.open) return found.session;
    }
  }

  function remove(idle: Idle): void {
    clearTimeout(idle.timer);
    waiting = waiting.filter((other) => other !== idle);
  }

  async function giveBack(address: string, password: Secret, session: Session): Promise<void> {
    session.endWith(undefined);
    if (closed || !session.open || waiting.filter((idle) => idle.address === address).length >= IDLE_SESSIONS) {
      return session.close();
    }
    const timer = setTimeout(() => {
      remove(idle);
      void session.close();
    }, IDLE_MS).unref();
    const idle = { address, password, session, timer };
    waiting.push(idle);
  }

  return {
    async use(place, signal, use) {
      const address = JSON.stringify([place.server, place.administrator.user]);
      const { password } = place.administrator;
      const session = take(address, password) ?? openAsAdministrator(place, FENCE_DATABASE);
      session.endWith(signal);
      try {
        const result = await use(session);
        await giveBack(address, password, session);
        return result;
      } catch (error) {
        await session.close();
        throw error;
      }
    },
    async close() {
      closed = true;
      const sessions = waiting.map(({ session }) => session);
      for (const idle of waiting) remove(idle);
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}
