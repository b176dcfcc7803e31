import type { ChildProcess } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '@envplane/spec';
import { freePort, retryTakenPort } from './free-port.ts';
import { logTail } from './log-tail.ts';
import { createRunDirectory, endChild, type RunDirectory } from './run-directory.ts';

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 30_000;

/** SHA-256 of the binary in each package of the pinned version. */
const DIGESTS: Record<string, string> = {
  'darwin-arm64': 'cc075b5bf145e5e750afd2941f390b46dbfe9ae47158d95ab637a00559681054',
  'darwin-x64': 'f831a1050a68e2342ce715283b6367382bd02e143ed85d7879c2b6f64485812c',
  'linux-arm64': '54039931c1088483706790e6cf73444ad88b843a9bb0ca8285b82fc309ad4810',
  'linux-x64': '0863c3fbe68ac9714bca2cec1330def7a0ba5e4a29f199bf60ef46fa0c95b895',
};

export interface SqldServer {
  /** Where clients reach namespaces over HTTP, for example `http://127.0.0.1:40001`. The same after a restart. */
  readonly url: string;
  /** Where namespaces are administered. The same after a restart. */
  readonly adminUrl: string;
  /** `user:pass` of the admin port (basic authentication). */
  readonly administrator: Secret;
  /** What the server keeps on disk; namespaces are the directories below `dbs/`. */
  readonly dataDirectory: string;
  /** The pid of the server; another one after a restart. */
  readonly pid: number;
  /** `fast` is an orderly stop; `immediate` is a crash, recovered at the start that follows. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops the server and removes all its files. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a libSQL server (sqld) of its own on free loopback ports, for tests, examples and benchmarks. A namespace
 * without a key of its own is closed, and there is no default namespace, unless `defaultNamespace` asks for it. It ends
 * with `stop()`, or with this process, however that ends. `onLog` gets what the server logs, piece by piece.
 *
 * The admin key is a process argument, which every user of the machine can read: good enough for a test server only.
 *
 * Throws when the binary is missing or is not the one that was published, or when the server is not ready within 30 s,
 * with its last log lines.
 */
export async function startSqld({
  defaultNamespace = false,
  onLog,
}: {
  defaultNamespace?: boolean;
  onLog?: (text: string) => void;
} = {}): Promise<SqldServer> {
  const program = findBinary();
  const run = createRunDirectory();
  try {
    const administrator = `admin:${randomBytes(24).toString('base64url')}`;
    const dataDirectory = join(run.path, 'data');
    mkdirSync(dataDirectory, { mode: 0o700 });
    const keyFile = join(run.path, 'fallback.pem');
    writeFileSync(keyFile, keyOfNobody(), { mode: 0o600 });

    const start = async (port: number, adminPort: number) => {
      const child = await launch(run, program, port, [
        ...['--no-welcome', '--db-path', dataDirectory, '--enable-namespaces'],
        ...(defaultNamespace ? [] : ['--disable-default-namespace']),
        ...['--http-listen-addr', `${HOST}:${port}`, '--admin-listen-addr', `${HOST}:${adminPort}`],
        ...['--auth-jwt-key-file', keyFile, '--admin-auth-key', Buffer.from(administrator).toString('base64')],
        // Above this many open namespaces the server closes some, and answers 404 for a live one while it does.
        ...['--max-active-namespaces', '5000'],
      ]);
      if (onLog) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onLog);
      return child;
    };
    const { port, adminPort, first } = await retryTakenPort(async () => {
      const [port, adminPort] = [await freePort(), await freePort()];
      return { port, adminPort, first: await start(port, adminPort) };
    });
    let server = first;

    return {
      url: `http://${HOST}:${port}`,
      adminUrl: `http://${HOST}:${adminPort}`,
      administrator: new Secret(administrator),
      dataDirectory,
      get pid() {
        return server.pid ?? Number.NaN;
      },
      async restart(mode) {
        await endChild(server, mode === 'fast' ? 'SIGTERM' : 'SIGKILL');
        server = await start(port, adminPort);
      },
      stop: run.end,
    };
  } catch (error) {
    await run.end();
    throw error;
  }
}

/** The path of `sqld`, once its bytes have been compared with what was published. */
function findBinary(): string {
  const platform = `${process.platform}-${process.arch}`;
  let program: string;
  try {
    program = join(dirname(createRequire(import.meta.url).resolve(`@sqld/${platform}/package.json`)), 'sqld');
  } catch (cause) {
    throw new Error(`no libSQL server is installed for ${platform}`, { cause });
  }
  const digest = createHash('sha256').update(readFileSync(program)).digest('hex');
  if (digest !== DIGESTS[platform]) throw new Error(`the libSQL server for ${platform} is not the published one`);
  return program;
}

/** The server's own key counts where a namespace has none. Nobody has the private half, so such a namespace is closed. */
function keyOfNobody(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

async function launch(run: RunDirectory, program: string, port: number, args: string[]): Promise<ChildProcess> {
  // An open namespace takes about 5 descriptors; Node has raised the soft limit to the hard one, and a child inherits it.
  const child = run.spawn(program, args, { cwd: run.path, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = logTail(child);
  const closed = once(child, 'close');
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      await closed;
      throw new Error(`sqld did not become ready:\n${log()}`);
    }
    await delay(5);
  }
  return child;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`http://${HOST}:${port}/health`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    return status === 200;
  } catch {
    return false;
  }
}
