import { AdapterError, ControlPlaneError, type DatabaseHandle } from '@envplane/spec';
import { beforeEach, describe, expect, it } from 'vitest';
import { noMeter } from '../src/metrics.ts';
import { type ConnectionCache, createConnectionCache, type OpenHandle } from '../src/routing/connections.ts';
import { watchedHandle } from '../src/routing/watched-handle.ts';

const notActive = () => new ControlPlaneError('environment_not_active', 'It is suspended.');

describe('the cache of open connections', () => {
  /** Environments that are active; whoever is not here is refused. */
  let active: Set<string>;
  let opened: { environmentId: string; closed: boolean; handle: DatabaseHandle }[];
  /** The credential to use now, and those that are still accepted. */
  let credential: string;
  let accepted: Set<string>;
  /** What must happen before a connection is open. */
  let gate: Promise<void>;
  let cache: ConnectionCache;

  beforeEach(() => {
    active = new Set(['a', 'b']);
    opened = [];
    gate = Promise.resolve();
    credential = 'first';
    accepted = new Set(['first']);
    const state = {
      current: async (environmentId: string) => (active.has(environmentId) ? { credentialId: credential } : null),
      isAccepted: async (credentialId: string) => accepted.has(credentialId),
    };
    cache = createConnectionCache(open, state, noMeter);
  });

  async function open(environmentId: string): Promise<OpenHandle> {
    if (!active.has(environmentId)) throw notActive();
    const credentialId = credential;
    await gate;
    const refuse = () => Promise.reject(new AdapterError('unauthorized', 'The credential is refused.'));
    const record = { environmentId, closed: false };
    const close = async () => {
      Object.assign(entry, { closed: true });
    };
    const entry = { ...record, handle: { query: refuse, one: refuse, exec: refuse, tx: refuse, close } };
    opened.push(entry);
    return { handle: watchedHandle(entry.handle, () => cache.refresh(environmentId)), credentialId };
  }

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
    active.clear();
    await expect(connect('a')).rejects.toMatchObject({ code: 'environment_not_active' });
    active.add('a');
    await connect('a');
    expect(stateOf()).toEqual(['a open']);
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

  it('closes the one not used for longest when there are too many', async () => {
    for (let index = 0; index <= 500; index += 1) {
      active.add(`e${index}`);
      await connect(`e${index}`);
    }
    expect(stateOf().filter((state) => state.endsWith('closed'))).toEqual(['e0 closed']);
  });
});
