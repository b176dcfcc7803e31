import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { seeded } from '@envplane/testkit';
import { openStores } from '../../../service-tenant/src/store/open-stores.ts';
import { sqliteDriver } from '../../../service-tenant/test/world/drivers.ts';
import { observe } from '../../../service-tenant/test/world/observe.ts';
import { readRows, violations } from '../../../service-tenant/test/world/oracle.ts';
import { FATES, type Fate, post, type Reply } from './careless-client.ts';
import { Replicas } from './replicas.ts';
import { rest, verifier } from './rest.ts';

export interface RepeatPlan {
  seed: number;
  /** Requests that create an environment, each with a key of its own. */
  keys: number;
  /** A database for the store, and how many processes share it; one over a SQLite file when absent. */
  shared?: { storeUrl: string; replicas: number };
  /** Set for every process, for example what replaces a module. */
  variables?: Record<string, string>;
  say?: (text: string) => void;
}

export interface RepeatOutcome {
  keys: number;
  /** Requests that were sent, and those whose answer was not read. */
  sent: number;
  dropped: number;
  /** Keys that were used for another request, which has to be refused. */
  reused: number;
  wrong: string[];
}

const ORGANIZATIONS = 20;
/** Keys that are worked on at a time. */
const AT_ONCE = 24;
const MOST_TIMES = 5;
const MOMENT_MS = 30;

/**
 * Sends each of many requests one to five times with its key, at once or one after the other, to the real service, and cuts most of
 * the connections: before the request has arrived, while it is worked on, or when its answer comes. There has to be one environment
 * for each key, and every answer that was read names it and the one operation that made it.
 */
export async function repeatPosts(plan: RepeatPlan): Promise<RepeatOutcome> {
  const { say = () => undefined } = plan;
  const random = seeded(plan.seed);
  const directory = mkdtempSync(join(tmpdir(), 'envplane-repeated-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const storeUrl = plan.shared?.storeUrl ?? `file:${directory}/envplane.db`;
    const variables = { ENVPLANE_DATA_DIR: directory, ENVPLANE_STORE_URL: storeUrl, ...plan.variables };
    const replicas = await Replicas.start(plan.shared?.replicas ?? 1, variables, random);
    closing.push(() => replicas.stop());
    for (let index = 0; index < ORGANIZATIONS; index += 1) {
      const body = { slug: `org-${index}`, displayName: 'One of many', ownerUserId: 'ada' };
      await replicas.insist({ method: 'POST', path: '/v1/organizations', body, key: `organization.${index}` });
    }
    const stores = await openStores(storeUrl);
    closing.push(stores.close);
    const encryptor = () => localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: false });
    const observed = observe([sqliteDriver(join(directory, 'environments'))], async () => stores, encryptor);
    const before = (await readRows(observed)).environments.length;

    const outcome: RepeatOutcome = { keys: 0, sent: 0, dropped: 0, reused: 0, wrong: [] };
    const named = new Map<string, string>();
    const client = async () => {
      while (outcome.keys < plan.keys && outcome.wrong.length < 20) {
        const slug = `env-${outcome.keys}`;
        outcome.keys += 1;
        if (outcome.keys % 1_000 === 0)
          say(`${outcome.keys} keys, ${outcome.sent} sent, ${outcome.wrong.length} wrong`);
        const id = await repeat(slug, { replicas, random, outcome });
        if (id !== null) named.set(slug, id);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));

    outcome.wrong.push(...(await rest(stores)));
    const { environments } = await readRows(observed);
    for (const [slug, id] of named) {
      const made = environments.filter((environment) => environment.slug === slug);
      if (made.length !== 1 || made[0]?.id !== id)
        outcome.wrong.push(`${slug}: ${made.length} environments, not ${id}`);
    }
    if (environments.length !== before + outcome.keys)
      outcome.wrong.push(`${environments.length - before} environments of ${outcome.keys} keys`);
    outcome.wrong.push(...(await violations(observed, verifier(replicas))), ...replicas.deaths);
    return outcome;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Scene {
  replicas: Replicas;
  random: () => number;
  outcome: RepeatOutcome;
}

/** All about one key. @returns the environment that the answers name */
async function repeat(slug: string, { replicas, random, outcome }: Scene): Promise<string | null> {
  const path = `/v1/organizations/org-${Math.floor(random() * ORGANIZATIONS)}/environments`;
  const send = async (fate: Fate, body: object): Promise<Reply | null> => {
    outcome.sent += 1;
    const reply = await post(
      {
        ...replicas.address(Math.floor(random() * replicas.count)),
        path,
        headers: { 'Idempotency-Key': `create.${slug}`, ...(random() < 0.5 && { Prefer: 'respond-async' }) },
        body,
      },
      fate,
      random() * MOMENT_MS,
    );
    if (reply === null) outcome.dropped += 1;
    return reply;
  };
  const body = { slug, envType: 'test' };
  const times = 1 + Math.floor(random() * MOST_TIMES);
  // One at least is answered, so that it is known which environment there has to be.
  const fates = Array.from({ length: times - 1 }, () => FATES[Math.floor(random() * FATES.length)] ?? 'answered');
  const all: Fate[] = [...fates, 'answered'];
  const replies: (Reply | null)[] = [];
  if (random() < 0.5) replies.push(...(await Promise.all(all.map((fate) => send(fate, body)))));
  else for (const fate of all) replies.push(await send(fate, body));

  const answers = await Promise.all(
    replies
      .filter((reply) => reply !== null)
      .map((reply) => (isLater(reply) ? insist(() => send('answered', body)) : reply)),
  );
  const refused = answers.find(({ status }) => status >= 300);
  if (refused) outcome.wrong.push(`${slug}: ${refused.status} ${JSON.stringify(refused.body)}`);
  const made = new Set(answers.map(({ body }) => body.target?.id ?? body.id));
  const operations = new Set(answers.map(({ headers }) => /^operation-id: (\S+)/im.exec(headers)?.[1]));
  if (made.size !== 1 || operations.size !== 1)
    outcome.wrong.push(`${slug}: ${made.size} environments by ${operations.size} operations`);
  if (random() < 0.05) {
    outcome.reused += 1;
    const reply = await insist(() => send('answered', { ...body, displayName: 'Another request' }));
    if (reply.body.code !== 'idempotency_key_reused')
      outcome.wrong.push(`${slug}: another request with its key is answered ${reply.status}`);
  }
  return [...made][0] ?? null;
}

const isLater = ({ status }: Reply): boolean => status === 429 || status === 503;

async function insist(send: () => Promise<Reply | null>): Promise<Reply> {
  for (;;) {
    const reply = await send();
    if (reply && !isLater(reply)) return reply;
    await sleep(100);
  }
}
