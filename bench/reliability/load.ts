import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { withDirectory } from '../harness.ts';
import { SERVICE, start, stop } from '../server-process.ts';

const TOKEN = 'a-token-that-only-this-benchmark-knows';
const CLIENT = new URL('load-client.mjs', import.meta.url).pathname;
/** What is asked for; what was reached is the figure. */
const READS_PER_SECOND = 5_000;
const READ_CONNECTIONS = 32;
const FLOOD_CONNECTIONS = 200;
const ORGANIZATIONS = 20;
const QUIET_MS = 15_000;
const HELD_MS = 30_000;

interface Tally {
  /** By HTTP status; 0 is a connection that was lost. */
  statuses: Record<string, number>;
  answered: number;
  medianMs: number;
  p99Ms: number;
}

interface Loaded {
  reads: (Tally & { seconds: number }) | null;
  changes: Tally | null;
}

interface Plan {
  durationMs: number;
  reads?: { paths: string[]; perSecond: number; connections: number };
  changes?: { organizations: string[]; connections: number; name: string; pauseMs?: number };
}

export interface LoadOutcome {
  /** Reads and creations of the organization that is looked at, by itself and beside the flood. */
  alone: Loaded;
  beside: Loaded;
  flood: Tally;
  /** The most reads a second without anything else, and those beside the creations that were held. */
  readsAlone: number;
  readsBeside: number;
  held: Tally;
  /** Of the service, in MB: before anything, at the most, and when everything was over. */
  rssMb: { before: number; most: number; after: number };
  /** Answers that are neither a success nor 429. */
  errors: string[];
}

/** Loads one process of the real service, over a SQLite store, from processes beside it. @param held creations under way at a time */
export function load(held: number, say: (text: string) => void): Promise<LoadOutcome> {
  return withDirectory(async (directory) => {
    const { child, port } = await start([SERVICE, 'serve'], {
      ENVPLANE_DATA_DIR: directory,
      ENVPLANE_PORT: '0',
      ENVPLANE_ADMIN_TOKEN: TOKEN,
      ENVPLANE_LOG_LEVEL: 'error',
    });
    try {
      const organizations = Array.from({ length: ORGANIZATIONS }, (_, index) => `org-${index}`);
      for (const slug of ['quiet', 'loud', ...organizations]) {
        const body = { slug, displayName: slug, ownerUserId: 'ada', defaultEnvironment: {} };
        await post(port, '/v1/organizations', body);
      }
      const { id } = await post(port, '/v1/organizations/quiet/environments', { slug: 'read', envType: 'test' });
      const reads = (perSecond: number, connections: number) => ({
        paths: [`/v1/environments/${id}`],
        perSecond,
        connections,
      });
      const errors: string[] = [];
      const run = async (plan: Plan): Promise<Loaded> => {
        const options = JSON.stringify({ port: Number(port), token: TOKEN, ...plan });
        const { stdout } = await promisify(execFile)(process.execPath, [CLIENT, options]);
        const loaded = JSON.parse(stdout) as Loaded;
        for (const tally of [loaded.reads, loaded.changes]) {
          const wrong = Object.entries(tally?.statuses ?? {}).filter(([status]) => !/^(2..|429)$/.test(status));
          errors.push(...wrong.map(([status, times]) => `${times} answers ${status}`));
        }
        return loaded;
      };
      /** One client that creates, and one that reads a hundred times a second. */
      const quiet = (name: string) =>
        run({
          durationMs: QUIET_MS,
          reads: reads(100, 1),
          changes: { organizations: ['quiet'], connections: 1, name, pauseMs: 250 },
        });

      const before = rssOf(child.pid);
      // Everything is compiled before anything counts.
      await run({ durationMs: 3_000, reads: reads(READS_PER_SECOND, READ_CONNECTIONS) });
      await run({ durationMs: 3_000, changes: { organizations, connections: 20, name: 'warm' } });
      const alone = await quiet('alone');
      say(`alone: ${JSON.stringify(alone)}`);
      const flooding = run({
        durationMs: QUIET_MS,
        changes: { organizations: ['loud'], connections: FLOOD_CONNECTIONS, name: 'flood' },
      });
      const beside = await quiet('beside');
      const flood = (await flooding).changes as Tally;
      say(`beside a flood: ${JSON.stringify(beside)}; the flood: ${JSON.stringify(flood)}`);
      const most = await run({ durationMs: HELD_MS / 2, reads: reads(READS_PER_SECOND, READ_CONNECTIONS) });
      say(`reads: ${JSON.stringify(most.reads)}`);
      let mostMb = rssOf(child.pid);
      const watching = setInterval(() => {
        mostMb = Math.max(mostMb, rssOf(child.pid));
      }, 250);
      const [holding, reading] = await Promise.all([
        run({ durationMs: HELD_MS, changes: { organizations, connections: held, name: 'held' } }),
        run({ durationMs: HELD_MS, reads: reads(READS_PER_SECOND, READ_CONNECTIONS) }),
      ]);
      clearInterval(watching);
      say(`held: ${JSON.stringify(holding.changes)}; reads beside: ${JSON.stringify(reading.reads)}`);
      return {
        ...{ alone, beside, flood, errors },
        readsAlone: rateOf(most),
        readsBeside: rateOf(reading),
        held: holding.changes as Tally,
        rssMb: { before, most: mostMb, after: rssOf(child.pid) },
      };
    } finally {
      await stop(child);
    }
  });
}

const rateOf = ({ reads }: Loaded): number => Math.round((reads?.answered ?? 0) / (reads?.seconds ?? 1));

function rssOf(pid: number | undefined): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1_024);
}

async function post(port: string, path: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} → ${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string };
}
