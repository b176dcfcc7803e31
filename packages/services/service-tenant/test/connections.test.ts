import { AdapterError, ControlPlaneError, type DatabaseHandle } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noMeter } from '../src/metrics.ts';
import { type ConnectionCache, createConnectionCache, type OpenHandle } from '../src/routing/connections.ts';
import { watchedHandle } from '../src/routing/watched-handle.ts';

const notActive = () => new ControlPlaneError('environment_not_active', 'It is suspended.');

describe('the cache of open connections', () => {
  /** Environments that are active; whoever is not here is refused. */
  let active: Set<string>;
  /** How often a connection was to be opened, and why that fails. */
  let asked: number;
  let failure: Error | null;
  /** What a query waits for. */
  let answer: Promise<unknown>;
  let opened: { environmentId: string; closed: boolean; handle: DatabaseHandle }[];
  /** The credential to use now, and those that are still accepted. */
  let credential: string;
  let accepted: Set<string>;
  /** What must happen before a connection is open. */
  let gate: Promise<void>;
  let cache: ConnectionCache;
  let stateNow: Parameters<typeof createConnectionCache>[1];

  beforeEach(() => {
    active = new Set(['a', 'b']);
    opened = [];
    asked = 0;
    failure = null;
    answer = Promise.resolve();
    gate = Promise.resolve();
    credential = 'first';
    accepted = new Set(['first']);
    stateNow = {
      current: async (environmentId: string) => (active.has(environmentId) ? { credentialId: credential } : null),
      isAccepted: async (credentialId: string) => accepted.has(credentialId),
    };
    cache = createConnectionCache(open, stateNow, noMeter);
  });

  async function open(environmentId: string): Promise<OpenHandle> {
    asked += 1;
    if (failure) throw failure;
    if (!active.has(environmentId)) throw notActive();
    const credentialId = credential;
    await gate;
    const refuse = () => Promise.reject(new AdapterError('unauthorized', 'The credential is refused.'));
    const record = { environmentId, closed: false };
    const close = async () => {
      Object.assign(entry, { closed: true });
    };
    const query = async () => {
      await answer;
      return [];
    };
    const entry = { ...record, handle: { query: refuse, one: refuse, exec: refuse, tx: query as never, close } };
    opened.push(entry);
    const handle = watchedHandle(entry.handle, () => cache.refresh(environmentId));
    return { handle, credentialId, usage: handle.usage };
  }

  afterEach(() => cache.close());

  const connect = (environmentId: string) => cache.connect(environmentId);
  const stateOf = () => opened.map(({ environmentId, closed }) => `${environmentId} ${closed ? 'closed' : 'open'}`);
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  /** Holds every opening back until the returned function is called. */
  function holdBack(): () => void {
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  it('opens one connection however many ask for it, and one for each environment', async () => {
    const handles = await Promise.all(['a', 'a', 'b', 'a'].map(connect));
    expect(handles[0]).toBe(handles[1]);
    expect(handles[0]).toBe(handles[3]);
    expect(stateOf()).toEqual(['a open', 'b open']);
  });

  it('a connection that could not be opened is tried anew by the next caller', async () => {
    failure = new AdapterError('unavailable', 'The server cannot be reached.');
    await expect(connect('a')).rejects.toMatchObject({ code: 'unavailable' });
    failure = null;
    await connect('a');
    expect(stateOf()).toEqual(['a open']);
  });

  describe('an environment that is not active', () => {
    const refused = () => expect(connect('a')).rejects.toMatchObject({ code: 'environment_not_active' });

    it('cap RT1 is refused without asking the store each time, and served within a second of its activation elsewhere', async () => {
      active.delete('a');
      for (let index = 0; index < 100; index += 1) await refused();
      expect(asked).toBe(1);
      active.add('a');
      await refused();
      const beganMs = performance.now();
      await vi.waitUntil(() => connect('a').catch(() => false), { timeout: 5_000, interval: 10 });
      expect(performance.now() - beganMs).toBeLessThan(1_000);
      expect(asked).toBe(2);
    });

    it('is served at once when this process hears of it', async () => {
      active.delete('a');
      await refused();
      active.add('a');
      cache.refresh('a');
      await connect('a');
      expect(stateOf()).toEqual(['a open']);
    });

    it('cap RT1 a flood of ids that nobody has leaves nothing behind but a bounded memory', async () => {
      for (let index = 0; index < 3_000; index += 1) await connect(`nobody-${index}`).catch(() => undefined);
      expect(cache.counts()).toEqual({ open: 0, leaving: 0, opening: 0 });
      // The first ones were forgotten.
      await connect('nobody-0').catch(() => undefined);
      expect(asked).toBe(3_001);
    });
  });

  it('refresh closes what is not active any more and keeps what is', async () => {
    await Promise.all([connect('a'), connect('b')]);
    active.delete('a');
    cache.refresh('a');
    cache.refresh('b');
    await nextTurn();
    expect(stateOf()).toEqual(['a closed', 'b open']);
    await expect(connect('a')).rejects.toMatchObject({ code: 'environment_not_active' });
  });

  it('after a refresh the next caller asks the store at once', async () => {
    await connect('a');
    active.delete('a');
    cache.refresh('a');
    await expect(connect('a')).rejects.toMatchObject({ code: 'environment_not_active' });
  });

  it('a caller that meets a refresh is told why, never that something was deleted', async () => {
    await connect('a');
    active.delete('a');
    cache.refresh('a');
    cache.refresh('a');
    const callers = await Promise.allSettled([connect('a'), connect('a'), connect('a')]);
    for (const caller of callers) {
      expect(caller).toMatchObject({ status: 'rejected', reason: { code: 'environment_not_active' } });
    }
  });

  it('a connection that is still being opened when its environment is cut off does not stay', async () => {
    const release = holdBack();
    const connecting = connect('a');
    await nextTurn();
    active.delete('a');
    cache.refresh('a');
    release();
    await connecting;
    await nextTurn();
    expect(stateOf()).toEqual(['a closed']);
    await expect(connect('a')).rejects.toMatchObject({ code: 'environment_not_active' });
  });

  describe('when the credential is replaced', () => {
    function replace(): void {
      credential = 'second';
      accepted.add('second');
    }

    it('R5 the next caller gets a connection of the new one, and who has the old one keeps it until that is refused', async () => {
      const old = await connect('a');
      replace();
      cache.refresh('a');
      await nextTurn();
      const next = await connect('a');
      expect(next).not.toBe(old);
      expect(await connect('a')).toBe(next);
      expect(stateOf()).toEqual(['a open', 'a open']);
      cache.refresh('a');
      await nextTurn();
      expect(stateOf()).toEqual(['a open', 'a open']);
      accepted.delete('first');
      cache.refresh('a');
      await nextTurn();
      expect(stateOf()).toEqual(['a closed', 'a open']);
      expect(await connect('a')).toBe(next);
    });

    it('R5 a refused statement makes the next caller read the credential again, although nobody told', async () => {
      const old = await connect('a');
      replace();
      expect(await connect('a')).toBe(old);
      await expect(old.query('SELECT 1')).rejects.toMatchObject({ code: 'unauthorized' });
      await nextTurn();
      expect(await connect('a')).not.toBe(old);
    });

    it('a connection that was being opened meanwhile is not handed out again', async () => {
      const release = holdBack();
      const connecting = connect('a');
      await nextTurn();
      replace();
      cache.refresh('a');
      release();
      const old = await connecting;
      await nextTurn();
      expect(await connect('a')).not.toBe(old);
      expect(stateOf()).toEqual(['a open', 'a open']);
    });

    it('suspending closes both, and so does closing', async () => {
      await connect('a');
      replace();
      cache.refresh('a');
      await nextTurn();
      await connect('a');
      active.delete('a');
      cache.refresh('a');
      await nextTurn();
      expect(stateOf()).toEqual(['a closed', 'a closed']);
      active.add('a');
      await connect('b');
      credential = 'third';
      cache.refresh('b');
      await nextTurn();
      await connect('b');
      await cache.close();
      expect(stateOf().slice(2)).toEqual(['b closed', 'b closed']);
    });
  });

  it('closing closes every connection, and those that are being opened', async () => {
    await connect('a');
    const release = holdBack();
    const connecting = connect('b');
    await nextTurn();
    const closing = cache.close();
    release();
    await Promise.all([connecting, closing]);
    expect(stateOf()).toEqual(['a closed', 'b closed']);
  });

  describe('when there are too many', () => {
    const fill = async (count: number, from = 0) => {
      for (let index = from; index < from + count; index += 1) {
        active.add(`e${index}`);
        await connect(`e${index}`);
      }
    };
    const closed = () => stateOf().filter((state) => state.endsWith('closed'));

    it('cap RT2 closes the one not used for longest', async () => {
      await fill(501);
      expect(closed()).toEqual(['e0 closed']);
      expect(cache.counts().open).toBe(500);
    });

    it('cap RT2 one on which something runs is not closed, however many others are opened', async () => {
      const used = await connect('a');
      let release: (value: unknown) => void = () => undefined;
      answer = new Promise((resolve) => {
        release = resolve;
      });
      const running = used.tx(async () => []);
      await fill(1_000);
      expect(closed()).not.toContain('a closed');
      expect(cache.counts().open).toBe(500);
      release(null);
      await running;
      expect(await connect('a')).toBe(used);
      await fill(500, 1_000);
      expect(closed()).toContain('a closed');
    });

    describe('and something runs on all of them', () => {
      let release: (value: unknown) => void;
      let running: Promise<unknown>[];
      beforeEach(() => {
        running = [];
        answer = new Promise((resolve) => {
          release = resolve;
        });
      });
      afterEach(async () => {
        release(null);
        await Promise.all(running);
      });
      /** Opens connections, and begins a transaction on each. */
      const occupy = async (count: number) => {
        for (let index = 0; index < count; index += 1) {
          const id = `e${running.length}`;
          active.add(id);
          running.push((await connect(id)).tx(async () => []));
        }
      };

      it('cap RT2 one is closed after what runs, and counted until then', async () => {
        // Of the fifty oldest something runs on each, so they are kept for now.
        await occupy(501);
        expect([closed(), cache.counts()]).toEqual([[], { open: 500, leaving: 1, opening: 0 }]);
        release(null);
        await Promise.all(running);
        await nextTurn();
        expect([closed(), cache.counts()]).toEqual([['e50 closed'], { open: 500, leaving: 0, opening: 0 }]);
      });

      it('cap RT2 at twice as many no more are opened until some of the work is done', async () => {
        await occupy(1_000);
        expect(cache.counts()).toEqual({ open: 500, leaving: 500, opening: 0 });
        await expect(connect('a')).rejects.toMatchObject({
          ...{ code: 'connections_exhausted', status: 503, details: { retryAfterMs: 1_000 } },
        });
        expect(opened).toHaveLength(1_000);
        // Those that are open serve on.
        expect(await connect('e999')).toBeDefined();
        release(null);
        await Promise.all(running);
        await connect('a');
        expect(cache.counts()).toEqual({ open: 500, leaving: 0, opening: 0 });
      });

      it('cap RT2 those that are being opened at the same time count as well', async () => {
        await occupy(990);
        const letThrough = holdBack();
        const ids = Array.from({ length: 20 }, (_, index) => `late${index}`);
        for (const id of ids) active.add(id);
        const connecting = Promise.allSettled(ids.map(connect));
        letThrough();
        const outcomes = await connecting;
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
        expect(stateOf()).toHaveLength(1_000);
      });

      it('cap RT2 one whose place was taken is closed at once when its environment is cut off, or its credential refused', async () => {
        await occupy(502);
        expect(cache.counts().leaving).toBe(2);
        active.delete('e50');
        cache.refresh('e50');
        await nextTurn();
        expect(closed()).toEqual(['e50 closed']);
        cache.refresh('e101');
        await nextTurn();
        expect(closed()).toEqual(['e50 closed']);
        accepted.delete('first');
        cache.refresh('e101');
        await nextTurn();
        expect(closed()).toEqual(['e50 closed', 'e101 closed']);
        expect(cache.counts().leaving).toBe(0);
      });

      it('R5 to make room, replaced ones on which nothing runs are closed before one is refused', async () => {
        await connect('a');
        credential = 'second';
        accepted.add('second');
        cache.refresh('a');
        await nextTurn();
        await occupy(999);
        expect(cache.counts()).toEqual({ open: 500, leaving: 500, opening: 0 });
        await connect('b');
        expect(closed()).toEqual(['a closed']);
      });
    });
  });

  describe('that nobody uses', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
      cache = createConnectionCache(open, stateNow, noMeter);
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000);

    it('cap RT2 is closed after ten minutes, and one that is asked for or used is not', async () => {
      await connect('a');
      const used = await connect('b');
      minutes(9);
      await used.tx(async () => []);
      minutes(2);
      expect(stateOf()).toEqual(['a closed', 'b open']);
      await connect('a');
      minutes(9);
      await connect('a');
      minutes(9);
      expect(stateOf()).toEqual(['a closed', 'b closed', 'a open']);
    });

    it('cap RT2 a transaction that takes longer is not ended by it', async () => {
      let release: (value: unknown) => void = () => undefined;
      answer = new Promise((resolve) => {
        release = resolve;
      });
      const running = (await connect('a')).tx(async () => []);
      minutes(30);
      expect(stateOf()).toEqual(['a open']);
      release(null);
      await running;
      minutes(12);
      expect(stateOf()).toEqual(['a closed']);
    });

    it('R5 one that was replaced is closed as well', async () => {
      await connect('a');
      credential = 'second';
      accepted.add('second');
      cache.refresh('a');
      await nextTurn();
      minutes(12);
      expect(stateOf()).toEqual(['a closed']);
    });
  });
});
