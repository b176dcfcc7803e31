import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { openControlPlane } from '@envplane/service-tenant';
import { createClient } from '@libsql/client/http';
import { formatKeyRing } from '../packages/adapters/dist/databases/libsql/key-ring.js';
import { generateSigningKey, mintToken, publicKeyOf } from '../packages/adapters/dist/databases/libsql/tokens.js';
import { type SqldServer, startSqld } from '../packages/testkit/dist/servers/sqld.js';
import { type Figure, median, ms, paired, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';

const ROUNDS = 100;
const IN_FLIGHT = 8;
const BATCHES = 12;
const BATCH = 32;

/** What the driver sends for one environment, sent by hand: a namespace, its two keys, and for each a login and what it must see refused. */
function byHand(server: SqldServer): () => Promise<void> {
  const login = `basic ${Buffer.from(server.administrator.reveal()).toString('base64')}`;

  async function administer(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const response = await fetch(`${server.adminUrl}/v1/namespaces/${path}`, {
      method,
      headers: { authorization: login, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status}`);
    return text;
  }

  const header = (namespace: string) => Buffer.from(namespace).toString('base64').replace(/=+$/, '');

  async function logIn(namespace: string, token: string, writes: boolean): Promise<void> {
    const client = createClient({
      url: server.url,
      authToken: token,
      fetch(request: Request) {
        request.headers.set('x-namespace-bin', header(namespace));
        return fetch(request);
      },
    });
    if (writes) {
      const transaction = await client.transaction('write');
      await transaction.batch([`PRAGMA user_version = ${randomInt(1, 2 ** 31)}`, 'PRAGMA user_version']);
      await transaction.rollback();
    } else {
      await client.execute('SELECT 1');
    }
    client.close();
  }

  async function seeRefused(namespace: string, token: string | null, sql: string): Promise<void> {
    const response = await fetch(`${server.url}/v2/pipeline`, {
      method: 'POST',
      headers: { 'x-namespace-bin': header(namespace), ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql } }, { type: 'close' }] }),
    });
    await response.text();
    if (response.status === 200) throw new Error('let in');
  }

  return async () => {
    const namespace = `raw${randomBytes(12).toString('hex')}`;
    const owner = { installationId: 'bench2', objectId: randomUUID() };
    const keys = new Map<string, string>();
    const settings = { allow_attach: false, max_db_size: String(1024 ** 3) };
    await administer('POST', `${namespace}/create`, { ...settings, jwt_key: formatKeyRing(owner, keys) });
    const signingKeys = [];
    for (const authorization of ['full_access', 'read_only'] as const) {
      const key = generateSigningKey();
      signingKeys.push({ authorization, key });
      keys.set(`${authorization} 0`, publicKeyOf(key));
      const config = JSON.parse(await administer('GET', `${namespace}/config`));
      await administer('POST', `${namespace}/config`, { ...config, jwt_key: formatKeyRing(owner, keys) });
    }
    for (const { authorization, key } of signingKeys) {
      const token = (claim: { namespace?: string }, signingKey = key) =>
        mintToken(signingKey, { namespace, authorization, lifetimeSeconds: 300, ...claim }).token.reveal();
      await Promise.all([
        logIn(namespace, token({}), authorization === 'full_access'),
        seeRefused(namespace, null, 'SELECT 1'),
        ...(authorization === 'full_access'
          ? [
              seeRefused(namespace, token({ namespace: `${namespace}-other` }), 'SELECT 1'),
              seeRefused(namespace, token({}, generateSigningKey()), 'SELECT 1'),
            ]
          : [seeRefused(namespace, token({}), `DROP TABLE IF EXISTS "${randomUUID()}"`)]),
      ]);
    }
  };
}

/** Runs `one` `BATCH` times, `IN_FLIGHT` at once. */
async function together(one: () => Promise<unknown>): Promise<void> {
  let left = BATCH;
  const client = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
}

/** Provisioning one environment on a libSQL server through the service, against the same statements by hand, alone and 8 at once. */
export function libsql(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const server = await startSqld();
    const spent = new Map<string, number>();
    const plane = await openControlPlane({
      store: `file:${join(directory, 'control-plane.db')}`,
      adapters: [libsqlAdapter()],
      encryptor: ({ firstStart }) =>
        localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: firstStart }),
      placements: [
        {
          name: 'bench',
          driver: 'libsql',
          settings: { url: server.url, adminUrl: server.adminUrl },
          administratorVariable: 'SQLD_ADMINISTRATOR',
        },
      ],
      administratorVariable: () => server.administrator,
      defaultDriver: 'libsql',
      async effect(name, run) {
        const began = performance.now();
        try {
          return await run();
        } finally {
          const kind = name.startsWith('ns.') ? 'server' : 'store';
          spent.set(kind, (spent.get(kind) ?? 0) + performance.now() - began);
        }
      },
    });
    const make = provisioner(plane);
    const { organizationId } = await make.organization();
    const provision = () => make.environment(organizationId);
    const raw = byHand(server);

    const alone = await paired(ROUNDS, raw, provision);
    spent.clear();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await timed(provision));
    const [waiting = 0, committing = 0] = ['server', 'store'].map((kind) => (spent.get(kind) ?? 0) / ROUNDS);
    const atOnce = await paired(
      BATCHES,
      () => together(raw),
      () => together(provision),
    );
    await plane.close();
    await server.stop();
    return [
      { name: 'the statements of one libSQL environment by hand', value: ms(alone.a) },
      { name: 'provision one libSQL environment', value: ms(alone.b), ratio: alone.b / alone.a, bound: '<=1.3' },
      { name: `of ${ms(median(times))}: waiting for the server`, value: ms(waiting) },
      { name: `of ${ms(median(times))}: store commits`, value: ms(committing) },
      { name: 'by hand, 8 in flight', value: `${ms(atOnce.a / BATCH)} each` },
      {
        name: 'provision, 8 in flight',
        value: `${ms(atOnce.b / BATCH)} each`,
        ratio: atOnce.b / atOnce.a,
        bound: '<=1.3',
      },
    ];
  });
}
