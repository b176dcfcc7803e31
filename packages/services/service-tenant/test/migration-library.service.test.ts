import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MigrateV4ToV5Options, migrateV4ToV5Environments } from '../src/migration/migrate-v4-to-v5.ts';
import { openControlPlane } from '../src/open-control-plane.ts';
import { type UpstreamEncryptor, wrapUpstreamEncryptor } from '../src/secrets/upstream-encryptor.ts';
import { decryptV4, LegacyWorld } from './world/legacy.ts';
import { temporaryDirectory } from './world/stores.ts';

const KEY = randomBytes(32);

const upstream: UpstreamEncryptor = {
  keyId: 'v5-key',
  encrypt: (plaintext) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', KEY, iv);
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  },
  decrypt: (ciphertext) => {
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  },
};

describe('migrateV4ToV5Environments', () => {
  let directory: string;
  let v4: LegacyWorld;
  beforeEach(() => {
    directory = temporaryDirectory();
    v4 = new LegacyWorld(directory);
  });
  afterEach(() => {
    v4.close();
    rmSync(directory, { recursive: true });
  });

  const options = (): MigrateV4ToV5Options => ({
    // As a host's driver answers: rows in an object.
    controlPlaneDriver: {
      execute: async (sql, params = []) => {
        if (sql.startsWith('select')) return { rows: v4.rows(sql, ...params) };
        v4.run(sql, ...params);
        return { rows: [] };
      },
    },
    decryptLegacy: decryptV4,
    encryptNew: upstream.encrypt,
    decryptNew: upstream.decrypt,
    encryptionKeyId: upstream.keyId,
    systemUserId: 'system',
    store: `file:${join(directory, 'v5', 'envplane.db')}`,
    adapters: [sqliteAdapter({ rootDirectory: join(directory, 'data') })],
  });

  it('does all in one call, archives what is done, and says again that nothing is left', async () => {
    const databaseUrl = v4.databaseFile('acme');
    const id = v4.tenant({
      organizationId: v4.organization('acme'),
      databaseName: 'acme',
      databaseUrl,
      authToken: 'kept',
    });
    v4.tenant({
      organizationId: v4.organization('late'),
      databaseName: 'late',
      databaseUrl: v4.databaseFile('late'),
      status: 'provisioning',
    });
    const before = v4.snapshot();
    expect(await migrateV4ToV5Environments({ ...options(), dryRun: true })).toMatchObject({
      total: 2,
      migrated: 0,
      planned: 1,
      skipped: 1,
    });
    expect(v4.snapshot()).toBe(before);

    const result = await migrateV4ToV5Environments(options());
    expect(result).toMatchObject({ total: 2, migrated: 1, skipped: 1, failed: 0, verified: 1, drivers: { sqlite: 2 } });
    const [done] = result.orgs.filter(({ legacyTenantId }) => legacyTenantId === id);
    expect(done).toMatchObject({
      skipped: false,
      verified: true,
      environmentId: expect.any(String),
      credentialId: expect.any(String),
    });
    const rows = () =>
      v4.rows('select database_name, status, auth_token from sys_tenant_database order by database_name');
    const late = { database_name: 'late', status: 'provisioning', auth_token: '' };
    expect(rows()).toEqual([{ database_name: 'acme', status: 'archived', auth_token: 'kept' }, late]);
    expect(await migrateV4ToV5Environments({ ...options(), blankLegacy: true })).toMatchObject({
      migrated: 0,
      skipped: 2,
    });
    expect(rows()).toEqual([{ database_name: 'acme', status: 'archived', auth_token: '' }, late]);

    const plane = await openControlPlane({ ...options(), encryptor: () => wrapUpstreamEncryptor(upstream) });
    expect(await (await plane.service.connect(done?.environmentId ?? '')).query('select text from note')).toEqual([
      { text: 'acme' },
    ]);
    await plane.close();
  });

  it('without a probe the databases are let in unproved, and the report says so', async () => {
    v4.tenant({ organizationId: v4.organization('acme'), databaseName: 'acme', databaseUrl: 'file:/nowhere/acme.db' });
    expect(await migrateV4ToV5Environments({ ...options(), probe: false })).toMatchObject({
      migrated: 1,
      verified: 0,
      orgs: [{ verified: false, reason: 'not_probed' }],
    });
  });

  it('a table that is missing ends it with a sentence', async () => {
    v4.run('drop table sys_tenant_database');
    await expect(migrateV4ToV5Environments(options())).rejects.toThrow('sys_tenant_database');
  });
});
