import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startHost } from './host.ts';

it('a host on PostgreSQL holds the store in schemas of its database, without being told to', async () => {
  const admin = postgres(inject('postgresAdminUrl'), { max: 1 });
  await admin`create database host_application`;
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/host_application';
  const host = await startHost('17.4.0', { connection: { client: 'pg', connection: url.href } });
  onTestFinished(async () => {
    await host.stop();
    await admin`drop database host_application with (force)`;
    await admin.end();
  });

  await host.service.provisionOrganization({
    organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
    createdBy: 'ada',
  });
  const [environment] = await host.engine.find('sys_environment', {
    where: { is_default: true, slug: { $contains: 'ro' } },
  });
  expect(environment).toMatchObject({ slug: 'prod', status: 'active', is_default: true });

  const request = { organizationId: 'Org_1', createdBy: 'bea' };
  const both = await Promise.allSettled([1, 2].map(() => host.service.provisionOrganization(request)));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await host.engine.count('sys_environment', { where: { organization_id: 'Org_1' } })).toBe(1);

  const principal = { kind: 'user', id: 'ada', issuer: 'host', subject: 'ada', session: 'a'.repeat(64) } as const;
  const { me } = host.service.as({ principal, requestId: null, clientAddress: null });
  const environmentId = String(environment?.['id']);
  for (const _again of [1, 2]) await me.activateEnvironment(environmentId);
  expect(await me.activeEnvironment()).toEqual({ environmentId });

  const direct = postgres(url.href, { max: 1 });
  const tables =
    await direct`select schemaname || '.' || tablename as name from pg_tables where tablename like 'sys_environment%'
    or tablename = 'sys_tenant_database' order by 1`;
  expect(tables.map(({ name }) => name)).toEqual([
    'envplane.sys_environment',
    'envplane.sys_environment_database',
    'envplane.sys_environment_grant',
    'envplane.sys_environment_member',
    'envplane.sys_environment_package',
    'ep_keys.sys_environment_key',
    'public.sys_tenant_database',
  ]);
  const second = direct`insert into envplane.sys_environment (id, organization_id, slug, display_name, env_type, is_default, region, plan, status,
    hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by, created_at, updated_at)
    select 'other', organization_id, 'other', display_name, env_type,
    is_default, region, plan, status, hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by,
    created_at, updated_at from envplane.sys_environment`;
  await expect(second).rejects.toThrow('environment_organization_id_is_default_key');

  const name = 'tenant_database_database_name_key';
  await direct.unsafe(`drop index ${name}; create index ${name} on sys_tenant_database (database_name)`);
  const again = startHost('17.4.0', { connection: { client: 'pg', connection: url.href } });
  await expect(again).rejects.toThrow(`the index ${name} of sys_tenant_database`);
  await direct.end();
});
