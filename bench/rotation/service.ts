import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE } from '../server-process.ts';

const TOKEN = 'a-token-that-only-this-benchmark-knows';

/** The service as a process that can be killed, on one port. */
export class MortalService {
  readonly #variables: Record<string, string>;
  readonly #url: string;
  #child: ChildProcess | undefined;
  kills = 0;

  private constructor(variables: Record<string, string>, port: number) {
    this.#variables = { ...variables, ENVPLANE_PORT: String(port), ENVPLANE_ADMIN_TOKEN: TOKEN };
    this.#url = `http://127.0.0.1:${port}`;
  }

  static async start(variables: Record<string, string>): Promise<MortalService> {
    const service = new MortalService(variables, await freePort());
    await service.#launch();
    return service;
  }

  async #launch(): Promise<void> {
    this.#child = spawn(process.execPath, [SERVICE, 'serve'], {
      env: { PATH: process.env['PATH'] ?? '', ...this.#variables },
      stdio: 'ignore',
    });
    while (
      !(await fetch(`${this.#url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (this.#child.exitCode !== null) throw new Error(`the service ended with ${this.#child.exitCode}`);
      await sleep(20);
    }
  }

  /** SIGKILL, and another one in its place. */
  async killAndRestart(): Promise<void> {
    await this.#end('SIGKILL');
    this.kills += 1;
    await this.#launch();
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** @throws TypeError while nobody answers */
  async call<Body>(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  /** The same, repeated until somebody answers with one of these. @throws after 60 s */
  async insist<Body>(
    method: string,
    path: string,
    {
      body,
      headers,
      until = (status) => status < 300,
    }: {
      body?: object;
      headers?: Record<string, string>;
      until?: (status: number, body: Body) => boolean;
    } = {},
  ): Promise<Body> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const answer = await this.call<Body>(method, path, body, headers).catch(() => undefined);
      if (answer && until(answer.status, answer.body)) return answer.body;
      if (performance.now() > deadline) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}
