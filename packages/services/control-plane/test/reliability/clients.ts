import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionView, EnvironmentView, OperationView } from '@envplane/spec';
import { runWithStockClient } from '@envplane/testkit';
import type { Replicas } from './replicas.ts';

export type Driver = 'sqlite' | 'postgres' | 'libsql';
export const ORGANIZATION = 'acme';

/** Seconds in which an old credential still works: short, so that it ends within the run. */
const GRACE_SECONDS = 1;

/** How often, and how many ms apart, a statement is tried while a server is down. */
const MOST_TRIES = 120;
const AGAIN_MS = 250;

/** The connection broke, or the server starts or stops. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /^(ECONN|EPIPE|UND_ERR|CONNECTION_|57P0)/.test(code) || (error.cause !== undefined && isOutage(error.cause));
}

/** What the clients were told, to be compared with what is there. */
export interface History {
  /** Environments that were said to be created, by id: what is written in their database. */
  readonly kept: Map<string, string>;
  /** Those whose purge was said to have begun. */
  readonly purged: Set<string>;
  /** Requests that changed something and were answered. */
  acknowledged: number;
  /** What must not be. */
  readonly wrong: string[];
}

export const newHistory = (): History => ({ kept: new Map(), purged: new Set(), acknowledged: 0, wrong: [] });

/** What a change is answered with: the operation, or what it led to when that was quick. */
type Accepted = OperationView | EnvironmentView;

/**
 * One client: creates an environment, writes into its database, takes it through some of its life, and purges most of them, until it
 * is told to stop. It sends each request until it is answered, with one key.
 */
export async function liveThrough({
  name,
  drivers,
  replicas,
  history,
  random,
  hasToStop,
}: {
  name: string;
  drivers: readonly Driver[];
  replicas: Replicas;
  history: History;
  random: () => number;
  hasToStop: () => boolean;
}): Promise<void> {
  for (let number = 0; !hasToStop(); number += 1) {
    const slug = `${name}-${number}`;
    const driver = drivers[Math.floor(random() * drivers.length)] ?? 'sqlite';
    try {
      await live(slug, driver);
    } catch (error) {
      history.wrong.push(`${driver} ${slug}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
  }

  async function live(slug: string, driver: Driver): Promise<void> {
    const created = await replicas.insist<Accepted>({
      method: 'POST',
      path: `/v1/organizations/${ORGANIZATION}/environments`,
      body: { slug, envType: 'test', driver },
      key: `create.${slug}`,
    });
    history.acknowledged += 1;
    const id = 'target' in created ? created.target.id : created.id;
    const path = `/v1/environments/${id}`;
    await settled(path, 'active');
    await runAsTenant(path, 'CREATE TABLE IF NOT EXISTS note (text TEXT)');
    await runAsTenant(path, `INSERT INTO note SELECT '${slug}' WHERE NOT EXISTS (SELECT 1 FROM note)`);
    history.kept.set(id, slug);

    const change = async (verb: string, body: object, key: string) => {
      const accepted = await replicas.insist<Accepted>({ method: 'POST', path: `${path}/${verb}`, body, key });
      history.acknowledged += 1;
      return accepted;
    };
    let hasRotated = driver === 'sqlite';
    const pause = async (verb: string, status: string, undo: string, step: number) => {
      await finished(await change(verb, {}, `${verb}.${slug}.${step}`));
      await settled(path, status);
      await finished(await change(undo, {}, `${undo}.${slug}.${step}`));
    };
    for (let step = 0; step < 2 && !hasToStop(); step += 1) {
      const choice = random();
      if (choice < 0.35) await pause('suspend', 'suspended', 'resume', step);
      else if (choice < 0.6) await pause('archive', 'archived', 'restore', step);
      else if (!hasRotated) {
        // Once: until the sessions of the old one have had their time, another one is answered 423.
        hasRotated = true;
        await finished(await change('credentials/rotate', { graceSeconds: GRACE_SECONDS }, `rotate.${slug}`));
      }
      await settled(path, 'active');
      const notes = await runAsTenant(path, 'SELECT text FROM note');
      if (JSON.stringify(notes) !== JSON.stringify([{ text: slug }])) {
        history.wrong.push(`${driver} ${slug}: the data is not what was written: ${JSON.stringify(notes)}`);
      }
    }
    if (random() < 0.25) return;
    history.purged.add(id);
    history.kept.delete(id);
    await change('purge', { confirm: slug }, `purge.${slug}`);
  }

  /** Again while the server is stopped and started: the statement can be repeated. A login that is refused is not asked for again. */
  async function runAsTenant(path: string, statement: string): Promise<unknown[]> {
    for (let tries = 1; ; tries += 1) {
      const connection = await replicas.insist<ConnectionView>({
        method: 'POST',
        path: `${path}/connection`,
        body: {},
      });
      try {
        return await runWithStockClient(connection, statement);
      } catch (error) {
        if (tries === MOST_TRIES || !isOutage(error)) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }

  function settled(path: string, status: string): Promise<EnvironmentView> {
    return replicas.insist<EnvironmentView>({ method: 'GET', path }, ({ status: code, body }) => {
      if (body.status === 'failed') throw new Error(`failed: ${JSON.stringify(body)}`);
      return code !== 200 || body.status === status;
    });
  }

  async function finished(accepted: Accepted): Promise<void> {
    if (!('target' in accepted)) return;
    const request = { method: 'GET', path: `/v1/operations/${accepted.id}` };
    const operation = await replicas.insist<OperationView>(request, ({ status, body }) => status !== 200 || body.done);
    if (operation.status !== 'succeeded') throw new Error(`an operation is ${JSON.stringify(operation)}`);
  }
}
