import {
  type AdapterContext,
  AdapterError,
  type DatabaseAdapter,
  type DatabaseTarget,
  type Observation,
} from '@envplane/spec';
import type { MemoryDriver } from '../world/drivers.ts';
import type { Chance } from './chance.ts';
import type { History } from './history.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * How the provider behaves. `fenced`: like a database server, which refuses a claim that is overtaken and answers with what is.
 * `open`: like a cloud behind HTTP, which does whatever reaches it, however late, and may answer with what was.
 */
export type ProviderKind = 'fenced' | 'open';

/** How long an open provider may hold a request back; the settle window of its adapter is longer. */
const LATE_MS = { fenced: 150_000, open: 10 * 60_000 };
const SETTLE_MS = 15 * 60_000;
/** How old an answer of an open provider may be: less than the time between two looks for something missing. */
const STALE_MS = 45_000;
const ANSWER_MS = 25;

/** What becomes of one request. */
type Fate = 'done' | 'request lost' | 'reply lost' | 'late' | 'twice' | 'stale' | 'refused';

const READS: Partial<Record<Fate, number>> = { 'request lost': 0.06, 'reply lost': 0.03, late: 0.02 };
const WRITES: Partial<Record<Fate, number>> = { 'request lost': 0.06, 'reply lost': 0.07, late: 0.05, twice: 0.05 };

/** What stood at a provider at some time: object by name. */
interface Snapshot {
  atMs: number;
  objects: ReadonlyMap<string, string>;
}

type Call<T> = (context: AdapterContext) => Promise<T>;
type Request = Pick<AdapterContext, 'effect' | 'fenceEpoch' | 'signal' | 'fenced'>;

/** What lies between control planes and one provider. While it is unreliable, chance decides what becomes of each request. */
export class Network {
  isUnreliable = true;
  /** Nothing reaches the provider before this time, in virtual ms. */
  downUntilMs = 0;
  /** The next call of this name is late, whatever chance says. */
  delayed: string | null = null;
  /** Told when a request has reached the provider and was answered there. */
  onArrival: () => void = () => undefined;
  readonly kind: ProviderKind;
  readonly #driver: MemoryDriver;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #history: History;
  readonly #underway = new Set<() => void>();
  #snapshots: Snapshot[] = [];

  constructor(
    kind: ProviderKind,
    { driver, time, chance, history }: { driver: MemoryDriver; time: VirtualTime; chance: Chance; history: History },
  ) {
    this.kind = kind;
    this.#driver = driver;
    this.#time = time;
    this.#chance = chance;
    this.#history = history;
    driver.provider.fencing = kind === 'fenced';
  }

  /** The adapter of a control plane behind this network. */
  adapter(): DatabaseAdapter {
    const real = this.#driver.adapter();
    const { credentials, suspend, copy } = real;
    if (!suspend || !copy) throw new Error('the provider in memory can suspend and copy');
    return {
      ...real,
      settleMs: this.kind === 'fenced' ? 0 : SETTLE_MS,
      createDatabase: (target, options, context) =>
        this.#write('create', target, context, (call) => real.createDatabase(target, options, call), 0.01),
      findDatabase: (target, context) => this.#find(target, context, (call) => real.findDatabase(target, call)),
      deleteDatabase: (target, context) =>
        this.#write('delete', target, context, (call) => real.deleteDatabase(target, call)),
      verifyDatabase: (target, credential, context) =>
        this.#read('verify', target, context, (call) => real.verifyDatabase(target, credential, call)),
      credentials: this.#credentials(credentials),
      suspend: {
        suspendDatabase: (target, context) =>
          this.#write('suspend', target, context, (call) => suspend.suspendDatabase(target, call)),
        resumeDatabase: (target, context) =>
          this.#write('resume', target, context, (call) => suspend.resumeDatabase(target, call)),
      },
      copy: {
        ...copy,
        copyDatabase: (source, target, options, context) =>
          this.#write('copy', target, context, (call) => copy.copyDatabase(source, target, options, call)),
      },
      inventory: { listDatabases: (_placement, _installationId, context) => this.#list(context) },
    };
  }

  /** From now on every request is answered, once and at once. What is late still comes. */
  mend(): void {
    this.isUnreliable = false;
    this.downUntilMs = 0;
  }

  /** Requests that are on their way though nobody waits for them any more. */
  get underway(): number {
    return this.#underway.size;
  }

  /** They arrive now: before a time that is longer than anything is held back. */
  hurry(): void {
    for (const arrive of this.#underway) arrive();
  }

  #credentials(real: DatabaseAdapter['credentials']): DatabaseAdapter['credentials'] {
    if (real.kind === 'caller_set') {
      const { endSessions } = real;
      return {
        ...real,
        applyCredentials: (target, accepted, context) =>
          this.#write('set', target, context, (call) => real.applyCredentials(target, accepted, call)),
        ...(endSessions && {
          endSessions: (target, slots, context) =>
            this.#write('end', target, context, (call) => endSessions(target, slots, call)),
        }),
        verifyRefused: (target, credential, context) =>
          this.#read('refused', target, context, (call) => real.verifyRefused(target, credential, call)),
      };
    }
    if (real.kind === 'none') return real;
    return {
      ...real,
      mintCredential: (target, request, context) =>
        this.#write('mint', target, context, (call) => real.mintCredential(target, request, call)),
      verifyRefused: (target, credential, context) =>
        this.#read('refused', target, context, (call) => real.verifyRefused(target, credential, call)),
    };
  }

  #read<T>(name: string, target: DatabaseTarget, context: AdapterContext, call: Call<T>): Promise<T> {
    return this.#send(name, target, context, READS, call);
  }

  #write<T>(name: string, target: DatabaseTarget, context: AdapterContext, call: Call<T>, refused = 0): Promise<T> {
    return this.#send(name, target, context, { ...WRITES, refused }, call);
  }

  async #find(target: DatabaseTarget, context: AdapterContext, call: Call<Observation>): Promise<Observation> {
    try {
      return await this.#send('find', target, context, { ...READS, ...this.#staleness() }, call, () => {
        const objectId = this.#past().get(target.databaseName);
        if (objectId === undefined) return { kind: 'absent' };
        if (objectId !== target.objectId) return { kind: 'foreign' };
        return { kind: 'ours', databaseUrl: `memory:${target.databaseName}`, externalUid: target.databaseName };
      });
    } catch (error) {
      if (error instanceof AdapterError) return { kind: 'unknown', error };
      throw error;
    }
  }

  async *#list(context: AdapterContext): AsyncGenerator<{ databaseName: string; externalUid: string }> {
    const now = async () => new Map([...this.#driver.provider.databases].map(([name, of]) => [name, of.objectId]));
    const weights = { ...READS, ...this.#staleness() };
    const listed = await this.#send('list', null, context, weights, now, () => this.#past());
    for (const name of listed.keys()) yield { databaseName: name, externalUid: name };
  }

  #staleness(): Partial<Record<Fate, number>> {
    return this.kind === 'open' ? { stale: 0.15 } : {};
  }

  async #send<T>(
    name: string,
    target: DatabaseTarget | null,
    context: AdapterContext,
    weights: Partial<Record<Fate, number>>,
    call: Call<T>,
    past?: () => T,
  ): Promise<T> {
    const chosen = this.isUnreliable ? this.#chance.pick<Fate>(weights, 'done') : 'done';
    const fate = this.isUnreliable && name === this.delayed ? 'late' : chosen;
    if (fate === 'late') this.delayed = null;
    this.#history.note('call', name, target?.objectId ?? null, context.fenceEpoch, fate);
    await this.#time.sleep(this.#chance.between(1, ANSWER_MS));
    if (fate === 'late') {
      this.#later(context, call);
      return new Promise(() => undefined);
    }
    if (this.#time.nowMs < this.downUntilMs) throw new AdapterError('unavailable', 'The provider is down.');
    if (fate === 'request lost') throw new AdapterError('unavailable', 'The connection was refused.');
    if (fate === 'refused') throw new AdapterError('quota_exceeded', 'The provider is full.');
    if (fate === 'stale' && past) return past();
    const result = await this.#deliver(context, call);
    if (fate === 'twice') {
      if (this.kind === 'open') this.#later(context, call);
      else await this.#deliver(context, call);
    }
    await this.#time.sleep(this.#chance.between(1, ANSWER_MS));
    if (fate === 'reply lost') throw new AdapterError('outcome_unknown', 'The connection was reset.');
    return result;
  }

  /** A request that lies somewhere and arrives when nobody expects it any more, whoever sent it dead or alive. */
  #later<T>({ fenceEpoch }: AdapterContext, call: Call<T>): void {
    const lateMs = this.#chance.between(1_000, LATE_MS[this.kind]);
    const request: Request = {
      fenceEpoch,
      signal: new AbortController().signal,
      effect: async (_name, run) => run(),
      fenced: async (_name, run) => run(),
    };
    this.#time.as(undefined, async () => {
      await new Promise<void>((resolve) => {
        const arrive = () => {
          this.#underway.delete(arrive);
          resolve();
        };
        this.#underway.add(arrive);
        void this.#time.sleep(lateMs).then(arrive);
      });
      const outcome = await this.#deliver(request, call).then(
        () => 'done',
        () => 'refused',
      );
      this.#history.note('late', outcome);
    });
  }

  async #deliver<T>(context: AdapterContext, call: Call<T>): Promise<T> {
    try {
      return await call(context);
    } finally {
      this.#remember();
      this.onArrival();
    }
  }

  #remember(): void {
    const nowMs = this.#time.nowMs;
    const objects = new Map([...this.#driver.provider.databases].map(([name, { objectId }]) => [name, objectId]));
    this.#snapshots.push({ atMs: nowMs, objects });
    // The last one that is older is what stood there when the time began.
    const first = this.#snapshots.findLastIndex(({ atMs }) => atMs <= nowMs - STALE_MS);
    if (first > 0) this.#snapshots.splice(0, first);
  }

  /** What stood there a while ago. */
  #past(): ReadonlyMap<string, string> {
    const atMs = this.#time.nowMs - this.#chance.between(1, STALE_MS);
    return this.#snapshots.findLast((snapshot) => snapshot.atMs <= atMs)?.objects ?? new Map();
  }
}
