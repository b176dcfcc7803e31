import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlPlaneError, type SecretEncryptor } from '@envplane/spec';
import { importJWK, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SigningKeyRow } from '../src/objects/index.ts';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import { unseal } from '../src/secrets/sealing.ts';
import { findInstallation } from '../src/store/installation.ts';
import { PUBLISHED_MS, RETIRING_MS } from '../src/store/signing-keys.ts';
import { readRows } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import { DAY_MS, keyFileEncryptor, openWorld, type World } from './world/world.ts';

const EDDSA = { issuer: () => 'https://envplane.test', algorithm: 'EdDSA' } as const;

describe.each(STORES)('signing keys on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  const open = (options: Partial<ControlPlaneOptions> = {}) => world.open({ tokens: EDDSA, ...options });
  const keys = (from = controlPlane) => from.service.signingKeys;
  const statuses = async () => (await keys().list()).map(({ status }) => status).sort();
  const kidOf = async (status: string) => (await keys().list()).find((key) => key.status === status)?.kid ?? '';
  const published = async () => (await keys().keySet()).keys.map(({ kid }) => kid).sort();
  const rows = async () => {
    const { main } = await world.inspect();
    return (await main.select<SigningKeyRow>('select * from sys_signing_key order by created_at, kid', [])).rows;
  };

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await open();
  });
  afterEach(() => world.close());

  it('cap T8 the first start makes one key that signs and one that stands by, both published', async () => {
    expect(await statuses()).toEqual(['active', 'standby']);
    expect(await published()).toEqual((await keys().list()).map(({ kid }) => kid).sort());
    const before = await rows();
    await controlPlane.close();
    controlPlane = await open();
    expect(await rows()).toEqual(before);
  });

  it('cap T8 processes that start at once on an empty store make two keys together', async () => {
    await world.close();
    world = await openWorld(store);
    [controlPlane] = (await Promise.all([open(), open(), open()])) as [ControlPlane, ControlPlane, ControlPlane];
    expect(await statuses()).toEqual(['active', 'standby']);
  });

  it('cap T8 the key set holds public parts and nothing else', async () => {
    for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
      const other = await openWorld(store);
      const { service } = await other.open({ tokens: { ...EDDSA, algorithm } });
      const { keys: set } = await service.signingKeys.keySet();
      expect(set).toHaveLength(2);
      for (const key of set) {
        const members = { RS256: ['e', 'n'], ES256: ['crv', 'x', 'y'], EdDSA: ['crv', 'x'] }[algorithm];
        expect(Object.keys(key).sort()).toEqual(['alg', 'kid', 'kty', 'use', ...members].sort());
        expect(key).toMatchObject({ alg: algorithm, use: 'sig' });
        if (algorithm === 'RS256') expect(Buffer.from(key.n ?? '', 'base64url')).toHaveLength(256);
      }
      await other.close();
    }
  });

  it('cap T8 the standby takes over once it was published for 360 s, not before', async () => {
    const [active, standby] = [await kidOf('active'), await kidOf('standby')];
    world.clock.advance(PUBLISHED_MS - 1);
    await expect(keys().rotate()).rejects.toMatchObject({ code: 'invalid_state', details: { retryAfterMs: 1 } });
    expect(await kidOf('active')).toBe(active);
    world.clock.advance(1);
    expect(await keys().rotate()).toMatchObject({ kid: standby, status: 'active', alg: 'EdDSA' });
    expect(await statuses()).toEqual(['active', 'retiring', 'standby']);
    expect(await kidOf('retiring')).toBe(active);
    expect(await published()).toHaveLength(3);
  });

  it('cap T8 a retired key stays published until the longest token it signed has expired, and is then forgotten', async () => {
    const first = await kidOf('active');
    world.clock.advance(PUBLISHED_MS);
    await keys().rotate();
    world.clock.advance(RETIRING_MS - 1);
    await controlPlane.worker.settle();
    expect(await published()).toContain(first);
    world.clock.advance(1);
    expect(await published()).not.toContain(first);
    await controlPlane.worker.settle();
    expect((await keys().list()).map(({ kid }) => kid)).not.toContain(first);
  });

  it('cap T8 of rotations at once, from however many processes, one takes place', async () => {
    const replicas = [controlPlane, await open(), await open()];
    for (let round = 0; round < 5; round += 1) {
      world.clock.advance(PUBLISHED_MS);
      const standby = await kidOf('standby');
      const outcomes = await Promise.allSettled(
        [...replicas, ...replicas].map((each) => each.service.signingKeys.rotate()),
      );
      const rejected = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
      expect(rejected).toEqual(Array.from({ length: 5 }, () => 'invalid_state'));
      expect(await kidOf('active')).toBe(standby);
      expect((await statuses()).filter((status) => status !== 'retiring')).toEqual(['active', 'standby']);
    }
  });

  it('cap T8 the store itself refuses a second active key, and a second standby', async () => {
    const { main } = await world.inspect();
    const retire = (await rows())[0]?.kid;
    world.clock.advance(PUBLISHED_MS);
    await keys().rotate();
    for (const status of ['active', 'standby']) {
      const second = main.write((_query, _nowMs, execute) =>
        execute(`update sys_signing_key set status = '${status}' where status = 'retiring'`, []),
      );
      await expect(second, status).rejects.toThrow(/unique/i);
    }
    expect(retire).toBeDefined();
    expect(await statuses()).toEqual(['active', 'retiring', 'standby']);
  });

  it('cap T8 repeating a rotation with its key rotates once', async () => {
    world.clock.advance(PUBLISHED_MS);
    const first = await keys().rotate({ idempotencyKey: 'once' });
    world.clock.advance(PUBLISHED_MS);
    expect(await keys().rotate({ idempotencyKey: 'once' })).toEqual(first);
    expect(await statuses()).toEqual(['active', 'retiring', 'standby']);
  });

  it('cap T8 the rotation comes by itself after 30 days, once, whichever process looks', async () => {
    const replica = await open();
    const first = await kidOf('active');
    world.clock.advance(30 * DAY_MS - 1);
    await controlPlane.worker.settle();
    expect(await kidOf('active')).toBe(first);
    world.clock.advance(1);
    await Promise.all([controlPlane.worker.settle(), replica.worker.settle()]);
    expect(await kidOf('retiring')).toBe(first);
    expect(await statuses()).toEqual(['active', 'retiring', 'standby']);
  });

  it('cap T2 another algorithm takes over by itself once its key was published for 360 s; each key keeps its own', async () => {
    const first = await kidOf('active');
    await controlPlane.close();
    controlPlane = await open({ tokens: { ...EDDSA, algorithm: 'ES256' } });
    expect(await kidOf('active')).toBe(first);
    await controlPlane.worker.settle();
    expect(await kidOf('active')).toBe(first);
    world.clock.advance(PUBLISHED_MS);
    await controlPlane.worker.settle();
    expect((await keys().list()).map(({ alg, status }) => `${status} ${alg}`).sort()).toEqual([
      'active ES256',
      'retiring EdDSA',
      'standby ES256',
    ]);
  });

  it('cap T9 a revoked active key is out of the set at once and the standby signs, published long enough or not', async () => {
    const [active, standby] = [await kidOf('active'), await kidOf('standby')];
    expect(await keys().revoke(active)).toMatchObject({ kid: active, status: 'revoked' });
    expect(await kidOf('active')).toBe(standby);
    expect(await statuses()).toEqual(['active', 'revoked', 'standby']);
    expect(await published()).not.toContain(active);
    expect((await controlPlane.service.tokenEpochs()).items).toEqual([{ kid: active }]);
    world.clock.advance(DAY_MS);
    await controlPlane.worker.settle();
    expect(await kidOf('revoked')).toBe(active);
    expect((await controlPlane.service.tokenEpochs()).items).toEqual([]);
  });

  it('cap T9 a revoked standby is replaced, a revoked retiring key leaves, and revoking again changes nothing', async () => {
    const standby = await kidOf('standby');
    await keys().revoke(standby);
    expect(await statuses()).toEqual(['active', 'revoked', 'standby']);
    world.clock.advance(PUBLISHED_MS);
    await keys().rotate();
    const retiring = await kidOf('retiring');
    await keys().revoke(retiring);
    expect(await published()).toHaveLength(2);
    const before = await readRows(world);
    await keys().revoke(retiring);
    expect(await readRows(world)).toEqual(before);
    await expect(keys().revoke('A'.repeat(43))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cap T9 a key can be revoked while the key encryptor is down; what is missing is made when it is back', async () => {
    const faulty = faultyEncryptor();
    const second = await open({
      encryptor: ({ firstStart }) => faulty.wrap(keyFileEncryptor(world.directory, firstStart)),
    });
    faulty.down = true;
    await keys(second).revoke(await kidOf('active'));
    expect(await statuses()).toEqual(['active', 'revoked']);
    world.clock.advance(PUBLISHED_MS);
    await expect(keys(second).rotate()).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    await keys(second).revoke(await kidOf('active'));
    expect(await statuses()).toEqual(['revoked', 'revoked']);
    faulty.down = false;
    await second.worker.settle();
    expect(await statuses()).toEqual(['active', 'revoked', 'revoked', 'standby']);
  });

  it('cap T9 rotation and revocation are in the audit chain and among the events, with the key and without its parts', async () => {
    world.clock.advance(PUBLISHED_MS);
    const first = (await keys().list()).find(({ status }) => status === 'active')?.kid;
    const { kid } = await keys().rotate();
    const third = (await keys().list()).find(({ status }) => status === 'standby')?.kid;
    await keys().revoke(kid);
    const { items } = await controlPlane.service.auditEvents.list({}, { limit: 50 });
    const entries = items.filter(({ targetKind }) => targetKind === 'signing_key');
    expect(entries.map(({ action, targetId, actorId, detail }) => [action, targetId, actorId, detail])).toEqual([
      ['signing_key.created', first, 'key-rotation', { alg: 'EdDSA', replaced: null }],
      ['signing_key.created', kid, 'key-rotation', { alg: 'EdDSA', replaced: null }],
      ['signing_key.rotate', kid, 'in-process', { retired: first, made: third }],
      ['signing_key.revoke', kid, 'in-process', { was: 'active', made: expect.any(String) }],
    ]);
    const seen: string[] = [];
    controlPlane.events.on(
      '*',
      ({ type, data, organizationId }) => void seen.push(`${type} ${data['kid']} ${organizationId}`),
    );
    await controlPlane.events.deliver();
    expect(seen).toEqual([`signing_key.rotated ${kid} platform`, `signing_key.revoked ${kid} platform`]);
    expect(await controlPlane.service.auditEvents.verify(undefined)).toMatchObject({ ok: true });
  });

  it('sec S23 cap T16 a dump of the store holds no private key, and what it holds opens with this key file and for this key only', async () => {
    const { main } = await world.inspect();
    const installation = await findInstallation(main);
    const { installation_id: installationId = '' } = installation ?? {};
    const encryptor = await keyFileEncryptor(world.directory, false);
    const dump = await dumpOf(world);
    const all = await rows();
    expect(all).toHaveLength(2);
    for (const { kid, alg, private_ciphertext: sealed, private_key_ciphertext: wrapped, kek_id: kekId } of all) {
      const context = { installationId, subjectId: kid, purpose: 'signing-key' as const };
      const dek = await encryptor.unwrapDek({ ciphertext: wrapped ?? '', kekId: kekId ?? '' }, context);
      const jwk = JSON.parse((await unseal(sealed ?? '', dek, { installationId, kid })).reveal()) as JWK;
      // It is a key, and its secret member is nowhere in the dump, in no usual writing.
      expect(await importJWK(jwk, alg)).toBeDefined();
      const secret = Buffer.from(jwk.d ?? '', 'base64url');
      expect(secret.length).toBeGreaterThan(16);
      for (const form of [secret, ...(['base64url', 'base64', 'hex'] as const).map((each) => secret.toString(each))]) {
        expect(dump.includes(form)).toBe(false);
      }
      expect(dump.includes(kid)).toBe(true);
      const other = all.find((row) => row.kid !== kid)?.kid ?? '';
      await expect(
        encryptor.unwrapDek({ ciphertext: wrapped ?? '', kekId: kekId ?? '' }, { ...context, subjectId: other }),
      ).rejects.toThrow();
      await expect(unseal(sealed ?? '', dek, { installationId, kid: other })).rejects.toThrow('another row');
    }
  });

  it('cap T16 the private part of a key that signs no more is destroyed', async () => {
    world.clock.advance(PUBLISHED_MS);
    await keys().rotate();
    await keys().revoke(await kidOf('standby'));
    for (const row of await rows()) {
      const isLive = row.status === 'active' || row.status === 'standby';
      const parts = [row.private_ciphertext, row.private_key_ciphertext, row.kek_id, row.encryptor_id];
      expect(parts.map((part) => part !== null)).toEqual([isLive, isLive, isLive, isLive]);
    }
  });

  it('a control plane that issues no tokens makes no keys, and says so', async () => {
    const plain = await openWorld(store);
    const { service } = await plain.open();
    expect(await service.signingKeys.keySet()).toEqual({ keys: [] });
    await expect(service.signingKeys.rotate()).rejects.toMatchObject({ code: 'tokens_not_configured' });
    await plain.close();
  });
});

/** An encryptor that can be taken away. */
function faultyEncryptor() {
  const fault = {
    down: false,
    wrap: async (real: Promise<SecretEncryptor>): Promise<SecretEncryptor> => {
      const encryptor = await real;
      const check = () => {
        if (fault.down) throw new ControlPlaneError('encryptor_unavailable', 'down');
      };
      return {
        ...encryptor,
        generateDek: async (context) => {
          check();
          return encryptor.generateDek(context);
        },
        unwrapDek: async (...call) => {
          check();
          return encryptor.unwrapDek(...call);
        },
      };
    },
  };
  return fault;
}

/** Everything the store holds: its files, or every row of every table as text. The key file is not part of it. */
async function dumpOf(world: World): Promise<Buffer> {
  if (world.store.kind === 'sqlite') {
    const directory = join(world.directory, 'store');
    return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
  }
  const { main } = await world.inspect();
  const tables = await main.select<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('envplane', 'ep_keys')",
    [],
  );
  const rows = await Promise.all(
    tables.rows.map(({ name }) => main.select<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`, [])),
  );
  return Buffer.from(rows.flatMap(({ rows: texts }) => texts.map(({ text }) => text)).join('\n'));
}
