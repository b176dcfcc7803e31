import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@envplane/testkit';

const SERVICE = fileURLToPath(new URL('../../bin/envplane.js', import.meta.url));
const ANSWER_MS = 30_000;
/** A change waits while those who work on it die one after the other. */
const INSIST_MS = 600_000;

/** A request that is sent until somebody answers it, however often that takes. */
export interface Insisted {
  method: string;
  path: string;
  body?: object;
  /** Sent with every repetition. */
  key?: string;
  /** The process it is sent to; any of them when absent. */
  to?: number;
}

/** For every process the same, or for each its own. */
type Variables = Record<string, string> | ((index: number) => Record<string, string>);

export interface Answer<Body> {
  status: number;
  body: Body;
}

/** The real service as processes that die: started again whenever they end, as a supervisor does it. */
export class Replicas {
  readonly #variables: (index: number) => Record<string, string>;
  readonly #random: () => number;
  readonly #urls: string[] = [];
  readonly #children: (ChildProcess | undefined)[] = [];
  readonly #supervisors: Promise<void>[] = [];
  readonly #token = randomBytes(24).toString('base64url');
  #isStopping = false;
  /** Ends of processes that nobody caused, with what they said last. */
  readonly deaths: string[] = [];
  /** Ends whatever insists on an answer. */
  isAbandoned = false;
  /** Requests that were sent again, because nobody answered them or somebody asked to wait. */
  repetitions = 0;

  private constructor(variables: Variables, random: () => number) {
    this.#variables = typeof variables === 'function' ? variables : () => variables;
    this.#random = random;
  }

  /** The first one alone, so that it makes what the others share. */
  static async start(count: number, variables: Variables, random: () => number): Promise<Replicas> {
    const replicas = new Replicas(variables, random);
    for (let index = 0; index < count; index += 1) {
      const port = await freePort();
      replicas.#urls.push(`http://127.0.0.1:${port}`);
      replicas.#supervisors.push(replicas.#supervise(index, port));
      await replicas.ready(index);
    }
    return replicas;
  }

  get count(): number {
    return this.#urls.length;
  }

  async #supervise(index: number, port: number): Promise<void> {
    while (!this.#isStopping) {
      const child = spawn(process.execPath, [SERVICE, 'serve'], {
        env: {
          PATH: process.env['PATH'] ?? '',
          ...this.#variables(index),
          ENVPLANE_ADMIN_TOKEN: this.#token,
          ENVPLANE_PORT: String(port),
          ENVPLANE_LOG_LEVEL: 'error',
          // What is tried is what happens to requests, not how they wait.
          ENVPLANE_ENVIRONMENTS_PER_SECOND: '100000',
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      this.#children[index] = child;
      // It must not outlive who started it, however that ends.
      const end = () => child.kill('SIGKILL');
      process.once('exit', end);
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2_000);
      });
      const [code, signal] = await once(child, 'close');
      process.removeListener('exit', end);
      if (signal === null && !this.#isStopping) {
        this.deaths.push(`ended with ${code}: ${said}`);
        await sleep(200);
      }
    }
  }

  /** Waits until a process answers that it can work. @throws after 60 s */
  async ready(index: number): Promise<void> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const response = await fetch(`${this.#urls[index]}/readyz`).catch(() => undefined);
      if (response?.ok) return;
      if (performance.now() > deadline) throw new Error(`a replica is not ready: ${this.deaths.at(-1)}`);
      await sleep(25);
    }
  }

  /** Whether any process answers that it can work. */
  async isServed(): Promise<boolean> {
    const answers = this.#urls.map(async (url) => {
      const { ok } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
      if (!ok) throw new Error('not ready');
    });
    return Promise.any(answers).then(
      () => true,
      () => false,
    );
  }

  /** SIGKILL, wherever the process is, also while it starts. */
  async kill(index: number): Promise<void> {
    const child = this.#children[index];
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  /** Stops a process (SIGSTOP), or lets it go on as if no time had passed (SIGCONT). */
  signal(index: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#children[index]?.kill(signal);
  }

  /** Stops a process for so long, in ms, and lets it go on as if no time had passed. */
  async freeze(index: number, ms: number): Promise<void> {
    this.signal(index, 'SIGSTOP');
    await sleep(ms);
    this.signal(index, 'SIGCONT');
  }

  /** The pid of each process that runs. */
  get pids(): number[] {
    return this.#children.flatMap((child) => child?.pid ?? []);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const child of this.#children) child?.kill('SIGTERM');
    await Promise.all(this.#supervisors);
  }

  /** Sends a request once. @throws TypeError or DOMException while it does not answer */
  async call<Body>({ method, path, body, key, to }: Insisted): Promise<Answer<Body>> {
    const url = this.#urls[to ?? Math.floor(this.#random() * this.count)];
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        prefer: 'respond-async',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  /** Where a process listens, and what it lets in. */
  address(index: number): { url: string; token: string } {
    return { url: this.#urls[index] ?? '', token: this.#token };
  }

  /**
   * The same until somebody answers and it is not 429 or 503, which mean later.
   * @param until also wait for this to hold
   * @throws Error with the answer when it is another refusal, or after ten minutes
   */
  async insist<Body>(request: Insisted, until: (answer: Answer<Body>) => boolean = () => true): Promise<Body> {
    const deadline = performance.now() + INSIST_MS;
    for (;;) {
      const answer = await this.call<Body>(request).catch(() => undefined);
      const isLater = answer === undefined || answer.status === 429 || answer.status === 503;
      if (!isLater && until(answer)) {
        if (answer.status < 300) return answer.body;
        throw new Error(`${request.method} ${request.path} → ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (this.isAbandoned || performance.now() > deadline) {
        throw new Error(`${request.method} ${request.path}: nothing but ${JSON.stringify(answer)}`);
      }
      if (isLater) this.repetitions += 1;
      await sleep(100);
    }
  }
}
