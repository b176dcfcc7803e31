import { randomUUID } from 'node:crypto';
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import type { LegacySeed, LegacyWorld } from './legacy.ts';

/** One of every kind. Returns what a run says of each, by the name of the database. */
export function seedOddities(v4: LegacyWorld): Record<string, string> {
  const file = (name: string) => v4.databaseFile(name);
  const of = (name: string) => v4.organization(name);
  const two = of('two');
  const expected: Record<string, string> = {};
  const add = (told: string, seed: LegacySeed) => {
    v4.tenant(seed);
    expected[seed.databaseName] = told;
  };
  add('migrated second-one verified active', {
    organizationId: two,
    databaseName: 'Second One',
    databaseUrl: file('two-b'),
    createdAt: '2026-03-01T00:00:00.000Z',
  });
  add('migrated prod verified active', {
    organizationId: two,
    databaseName: 'first',
    databaseUrl: file('two-a'),
    createdAt: '2026-02-01T00:00:00.000Z',
  });
  add('migrated prod verified suspended', {
    organizationId: of('sus'),
    databaseName: 'suspended',
    databaseUrl: file('sus'),
    status: 'suspended',
  });
  add('migrated prod verified archived', {
    organizationId: of('arc'),
    databaseName: 'archived',
    databaseUrl: file('arc'),
    status: 'archived',
  });
  add('migrated prod not_probed failed', {
    organizationId: of('fai'),
    databaseName: 'failed',
    databaseUrl: 'file:/nowhere/failed.db',
    status: 'failed',
  });
  add('left provisioning', {
    organizationId: of('pro'),
    databaseName: 'provisioning',
    databaseUrl: file('pro'),
    status: 'provisioning',
  });
  add('blocked organization_missing', {
    organizationId: randomUUID(),
    databaseName: 'orphan',
    databaseUrl: file('orphan'),
  });
  const shared = file('shared');
  add('blocked url_shared', { organizationId: of('sha'), databaseName: 'shared-a', databaseUrl: shared });
  add('blocked url_shared', {
    organizationId: of('shb'),
    databaseName: 'shared-b',
    databaseUrl: shared.replace('/v4/', '/v4/./'),
  });
  add('blocked driver_unknown', {
    organizationId: of('mys'),
    databaseName: 'mysql',
    databaseUrl: 'mysql://db.example.com/a',
  });
  add('blocked driver_not_configured', {
    organizationId: of('tur'),
    databaseName: 'turso',
    databaseUrl: 'libsql://acme-org.turso.io',
  });
  add('blocked address_refused', {
    organizationId: of('rel'),
    databaseName: 'relative',
    databaseUrl: 'file:relative.db',
  });
  add('blocked row_invalid', {
    organizationId: of('odd'),
    databaseName: 'odd-status',
    databaseUrl: file('odd'),
    status: 'sleeping',
  });
  add('migrated prod unavailable migrating', {
    organizationId: of('mis'),
    databaseName: 'missing',
    databaseUrl: `file:${v4.directory}/missing.sqlite`,
  });
  add('migrated prod conflict migrating', { organizationId: of('evi'), databaseName: 'evil', databaseUrl: v4.url });
  const libsql = (name: string) => `libsql://${name}.db.example.com`;
  add('blocked secret_undecryptable', {
    organizationId: of('und'),
    databaseName: 'sealed',
    databaseUrl: libsql('sealed'),
    authToken: 'not encrypted',
  });
  add('blocked login_refused', { organizationId: of('bar'), databaseName: 'bare', databaseUrl: libsql('bare') });
  const twice = of('twi');
  for (const [at, organizationId] of [twice, twice, of('thr')].entries()) {
    add('blocked name_taken', { organizationId, databaseName: 'namesake', databaseUrl: file(`namesake-${at}`) });
  }
  const linked = file('linked');
  linkSync(linked.slice('file:'.length), join(v4.directory, 'link.sqlite'));
  add('blocked url_shared', { organizationId: of('lia'), databaseName: 'link-a', databaseUrl: linked });
  add('blocked url_shared', {
    organizationId: of('lib'),
    databaseName: 'link-b',
    databaseUrl: `file:${v4.directory}/link.sqlite`,
  });
  for (const [at, note] of ['a\u0000b', 'a\ud800'].entries()) {
    const databaseName = `unstorable-${at}`;
    add('blocked row_invalid', {
      organizationId: of(databaseName),
      databaseName,
      databaseUrl: file(databaseName),
      metadata: { of: [note] },
    });
  }
  const repeated = (name: string) => ({
    id: `0-${name}`,
    databaseName: name,
    databaseUrl: file(name),
  });
  add('migrated prod verified active', { ...repeated('package-twice'), organizationId: of('pac') });
  for (const day of ['02', '04', '03']) v4.package('0-package-twice', `crm`, `2026-02-${day}T00:00:00.000Z`);
  const members: [string, string][] = ['member', 'admin,owner', 'member'].map((role) => ['ann', role]);
  add('migrated prod verified active', {
    ...repeated('member-twice'),
    organizationId: v4.organization('mem', members),
  });
  add('migrated prod verified active', { ...repeated('odd-name'), organizationId: of('odd\u0000name') });
  return expected;
}
