import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { AdapterError, ControlPlaneError, type DekContext, Secret, type SecretEncryptor } from '@envplane/spec';
import { openControlPlane } from '../../src/open-control-plane.ts';
import { seal } from '../../src/secrets/sealing.ts';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { nextDueAt } from '../../src/store/work.ts';
import { MemoryDriver } from '../world/drivers.ts';
import { type Observed, observe } from '../world/observe.ts';
import { createStore, type TestStore, temporaryDirectory } from '../world/stores.ts';
import { Chance } from './chance.ts';
import { CommitWatch } from './commit-watch.ts';
import { History } from './history.ts';
import { Network, type ProviderKind } from './network.ts';
import { Replica } from './replica.ts';
import { VirtualTime } from './virtual-time.ts';

const START_MS = Date.UTC(2030, 0, 1);
/** How long a client waits for an answer. */
const PATIENCE_MS = 4_000;
/** Longer than any lease, backoff, stall or deadline. */
const LONG_MS = 130_000;
/** Longer than a pass without trouble takes. */
const A_WHILE_MS = 3_000;
/** Longer than the time between two sweeps, with what it waits to begin one. */
const SWEEP_MS = 14 * 60_000;

/** What a client was told. `unknown`: nothing, or that it may try again; it may have happened, or is going to. */
export type Answer<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; code: string }
  | { kind: 'unknown'; isGoingOn: () => boolean };

/** Several control planes over one store and one provider, in one process, in a time of their own. */
export class Simulation {
  readonly time = new VirtualTime(START_MS);
  readonly history = new History(this.time);
  readonly driver: MemoryDriver;
  readonly network: Network;
  readonly world: Observed;
  readonly chance: Chance;
  readonly commits: CommitWatch;
  /** How long the next processes that come to a boundary stall there, one after another, in ms, by its name. */
  readonly stallsAt = new Map<string, number[]>();
  readonly #store: TestStore;
  readonly #directory: string;
  readonly #replicas: Replica[] = [];
  #started = 0;

  private constructor(kind: ProviderKind, chance: Chance, store: TestStore, directory: string) {
    this.chance = chance;
    this.#store = store;
    this.#directory = directory;
    this.driver = new MemoryDriver(kind === 'fenced' ? 'caller_set' : 'provider_minted');
    this.driver.provider.nowMs = () => this.time.nowMs;
    this.network = new Network(kind, { ...this, chance: chance.fork() });
    this.commits = new CommitWatch(store.url.slice('file:'.length));
    this.network.onArrival = () => this.commits.arrived(this.driver.provider.databases.keys());
    this.time.onTurn = (machine) => this.commits.attribute(machine instanceof Replica ? machine : undefined);
    this.world = observe([this.driver], store.inspect, async () => memoryEncryptor());
  }

  /** Opens a store with one control plane. Until `close` time and chance of the whole process are the simulation's. */
  static async open(kind: ProviderKind, seed: number): Promise<Simulation> {
    // What is loaded when it is needed first comes from files, and files answer when they like.
    await seal(new Secret('warm'), randomBytes(32), { installationId: '', kid: '' });
    const directory = temporaryDirectory();
    const store = await createStore('sqlite', directory);
    await store.inspect();
    const simulation = new Simulation(kind, new Chance(seed), store, directory);
    simulation.time.install(simulation.chance.fork().random);
    simulation.network.isUnreliable = false;
    await simulation.start({ isStruck: false });
    simulation.network.isUnreliable = true;
    for (const replica of simulation.replicas()) replica.isStruck = true;
    return simulation;
  }

  async close(): Promise<void> {
    for (const replica of this.#replicas) replica.isDead = true;
    this.time.restore();
    this.commits.close();
    await this.#store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Those that are up, stalled ones among them. */
  replicas(): readonly Replica[] {
    return this.#replicas.filter(({ isDead }) => !isDead);
  }

  /** Another process. It may die before it is up. */
  async start({ isStruck = this.network.isUnreliable } = {}): Promise<void> {
    const name = `r${this.#started++}`;
    this.history.note(name, 'starts');
    const replica = new Replica(name, { ...this, chance: this.chance.fork() });
    replica.isStruck = isStruck;
    const isUp = await replica.start((effect) =>
      openControlPlane({
        store: this.#store.url,
        adapters: [this.network.adapter()],
        defaultDriver: this.driver.driver,
        encryptor: memoryEncryptor,
        nowMs: () => this.time.nowMs,
        effect,
      }),
    );
    if (isUp) this.#replicas.push(replica);
  }

  /** One of those that are up; one is started where none is. */
  async some(): Promise<Replica> {
    while (this.replicas().length === 0) await this.start();
    const up = this.replicas();
    const chosen = up[this.chance.between(0, up.length - 1)];
    if (!chosen) throw new Error('no control plane comes up');
    return chosen;
  }

  /** What a client is told that asks control planes, whichever it meets. @throws Error for what no verb may throw */
  async ask<T>(act: (service: EnvironmentProvisioningService) => Promise<T>, times = 1): Promise<Answer<T>[]> {
    const asked: { replica: Replica; call: Promise<T> }[] = [];
    for (let time = 0; time < times; time += 1) {
      const replica = await this.some();
      const call = this.time.as(replica, async () => {
        await this.time.sleep(1);
        return act(replica.controlPlane.service);
      });
      // It may fail before anybody looks.
      call.catch(() => undefined);
      asked.push({ replica, call });
    }
    const answers: Answer<T>[] = [];
    for (const { replica, call } of asked) answers.push(await this.#answerOf(replica, call));
    return answers;
  }

  async #answerOf<T>(replica: Replica, call: Promise<T>): Promise<Answer<T>> {
    if (!(await this.time.until(call, PATIENCE_MS))) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      call.then(over, over);
      return { kind: 'unknown', isGoingOn: () => !isOver && !replica.isDead };
    }
    const isGoingOn = () => false;
    try {
      return { kind: 'ok', value: await call };
    } catch (error) {
      if (error instanceof ControlPlaneError) {
        return error.status >= 500 ? { kind: 'unknown', isGoingOn } : { kind: 'refused', code: error.code };
      }
      if (error instanceof AdapterError) return { kind: 'unknown', isGoingOn };
      throw error;
    }
  }

  /** Lets much time pass at once. Nothing is held back for so long. */
  async leap(ms: number): Promise<void> {
    this.network.hurry();
    await this.time.advance(0);
    await this.time.leap(ms);
  }

  /** Waits for something that looks at the world, time passing. */
  async within<T>(looking: Promise<T>): Promise<T> {
    await this.time.until(looking, LONG_MS);
    return looking;
  }

  /** Nothing goes wrong any more, and what is late arrives. */
  async calmDown(): Promise<void> {
    this.history.note('calm');
    this.network.mend();
    for (const replica of this.replicas()) replica.isStruck = false;
    await this.some();
    do {
      await this.time.leap(LONG_MS);
      await this.time.advance(A_WHILE_MS);
    } while (this.network.underway > 0);
  }

  /** Lets time pass until nothing is under way, then until what came back was found and the rest was looked at again. */
  async settle(): Promise<void> {
    await this.#finish();
    for (let sweep = 0; sweep < 2; sweep += 1) {
      await this.time.leap(SWEEP_MS);
      await this.time.advance(A_WHILE_MS);
    }
    await this.#finish();
  }

  async #finish(): Promise<void> {
    const { main } = await this.world.inspect();
    for (let round = 0; round < 16; round += 1) {
      await this.time.advance(A_WHILE_MS);
      const { rows } = await main.select(
        `select 1 from sys_operation where status in ('running', 'queued')
         union all select 1 from sys_environment_database where lease_owner is not null or phase = 'settling'`,
        [],
      );
      if (rows.length === 0) return;
      await this.time.leap(Math.max(0, ((await nextDueAt(main)) ?? 0) - this.time.nowMs));
    }
  }
}

const KEY = Buffer.alloc(32, 7);

/** Wraps data keys with a key that everybody in the simulation holds: a file would answer when it likes. */
function memoryEncryptor(): SecretEncryptor {
  const additional = ({ installationId, subjectId, purpose }: DekContext) =>
    Buffer.from(`${installationId}/${subjectId}/${purpose}`);
  const wrap = (plaintext: Uint8Array, context: DekContext) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, iv).setAAD(additional(context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return { ciphertext: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64'), kekId: 'memory' };
  };
  return {
    encryptorId: 'memory',
    primaryKekId: async () => 'memory',
    health: async () => undefined,
    generateDek: async (context) => {
      const plaintext = randomBytes(32);
      return { plaintext, wrapped: wrap(plaintext, context) };
    },
    wrapDek: async (plaintext, context) => wrap(plaintext, context),
    rewrapDek: async (wrapped) => wrapped,
    unwrapDek: async ({ ciphertext }, context) => {
      const bytes = Buffer.from(ciphertext, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12)).setAAD(additional(context));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
  };
}
