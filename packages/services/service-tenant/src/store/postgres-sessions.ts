import postgres from 'postgres';

/** How long a session that is in use when all are closed may still be used, in ms. */
const CLOSING_MS = 5_000;

/** Opens a client of one connection; `onclose` is called when the connection has ended. */
export type Connect = (onclose: () => void) => postgres.Sql;

/** What the server said to one statement. */
type Answer = postgres.RowList<postgres.Row[]>;

/**
 * One session on the server, from its first statement to the end of its connection. Afterwards every statement is refused.
 *
 * HAZARD: postgres.js connects a client anew when its connection has ended, and a statement that waits in the client is then run
 * there, outside of the transaction it is part of. So a client is given one statement at a time and none after the end of its
 * connection, and is never used again. Between the test for that and the library's own one lie microtasks only, and a connection
 * ends in an event.
 */
export class Session {
  readonly #client: postgres.Sql;
  readonly #onEnd: (session: Session) => void;
  #isOver = false;
  #isInTransaction = false;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(connect: Connect, onEnd: (session: Session) => void) {
    this.#onEnd = onEnd;
    this.#client = connect(() => this.#over());
  }

  /** Whether somebody else may have it next. */
  get isReusable(): boolean {
    return !this.#isOver && !this.#isInTransaction;
  }

  /** @throws the library's error; CONNECTION_CLOSED when the session is over */
  run(text: string, parameters: readonly unknown[] = []): Promise<Answer> {
    const answer = this.#previous.then(async () => {
      if (this.#isOver) throw connectionError('CONNECTION_CLOSED');
      // The library changes the array.
      return await this.#client.unsafe(text, [...parameters] as never[]);
    });
    this.#previous = answer.catch(async (error: unknown) => {
      // What is no refusal of a statement is about the connection.
      if (!(error instanceof postgres.PostgresError && error.severity === 'ERROR')) await this.end();
    });
    return answer;
  }

  async begin(): Promise<void> {
    this.#isInTransaction = true;
    await this.run('begin');
  }

  /** @throws Error when the server says that it rolled back: a statement had failed, and somebody went on */
  async commit(): Promise<void> {
    const { command } = await this.run('commit');
    this.#isInTransaction = false;
    if (command !== 'COMMIT') throw new Error('a transaction in which a statement had failed was to be committed');
  }

  /** Never throws: a session that cannot roll back is ended, which rolls back too. */
  async rollback(): Promise<void> {
    if (!this.#isInTransaction) return;
    await this.run('rollback').then(
      () => {
        this.#isInTransaction = false;
      },
      () => this.end(),
    );
  }

  /** Idempotent. What runs fails at once. */
  async end(): Promise<void> {
    this.#over();
    await this.#client.end({ timeout: 0 });
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd(this);
  }
}

/** The sessions of a process on one store. */
export interface Sessions {
  /** One that nobody else has until it is given back. Waits while all are lent. */
  lend(): Promise<Session>;
  giveBack(session: Session): void;
  close(): Promise<void>;
}

/** @param most at a time */
export function openSessions(connect: Connect, most: number): Sessions {
  const all = new Set<Session>();
  const idle: Session[] = [];
  const waiting: { resolve(session: Session): void; reject(error: Error): void }[] = [];
  let isClosed = false;
  let emptied: () => void = () => undefined;

  function forget(session: Session): void {
    all.delete(session);
    const at = idle.indexOf(session);
    if (at >= 0) idle.splice(at, 1);
    // Its place is free, although whoever has it may not know yet.
    const next = waiting.shift();
    if (next) next.resolve(make());
    else if (all.size === 0) emptied();
  }

  function make(): Session {
    const session = new Session(connect, forget);
    all.add(session);
    return session;
  }

  return {
    lend: async () => {
      if (isClosed) throw connectionError('CONNECTION_ENDED');
      const session = idle.pop();
      if (session) return session;
      if (all.size < most) return make();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    giveBack: (session) => {
      if (isClosed || !session.isReusable) {
        void session.end();
        return;
      }
      const next = waiting.shift();
      if (next) next.resolve(session);
      else idle.push(session);
    },
    close: async () => {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(connectionError('CONNECTION_ENDED'));
      const ends = [...idle].map((session) => session.end());
      if (all.size > 0) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          new Promise<void>((resolve) => {
            emptied = resolve;
          }),
          new Promise((resolve) => {
            timer = setTimeout(resolve, CLOSING_MS);
          }),
        ]);
        clearTimeout(timer);
      }
      await Promise.all([...ends, ...[...all].map((session) => session.end())]);
    },
  };
}

/** As the library's own errors of a connection. */
function connectionError(code: string): Error {
  return Object.assign(new Error('the session on the store is over'), { code });
}
