import { ControlPlaneError, definePermissions, type JwkSet, type SecretEncryptor } from '@envplane/spec';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import { PUBLISHED_MS } from '../src/store/signing-keys.ts';
import { raiseEpoch } from '../src/store/token-epochs.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { addMember, addServiceAccount, callerOf, ISSUER, TOKENS, user, verified } from './world/tokens.ts';
import {
  environmentRequest,
  finish,
  keyFileEncryptor,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

const HOUR_MS = 3_600_000;
const description = 'For tests.';

/** A blog, and a service with more permissions than a token can name. */
const permissions = definePermissions({
  blog: {
    'posts.read': { description, roles: ['reader', 'maker'] },
    'posts.write': { description, roles: ['maker'] },
    'settings.write': { description },
  },
  wide: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`resource-${index}.manage`, { description }])),
});

describe.each(STORES)('environment tokens on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let organizationId: string;
  let environmentId: string;

  const open = (options: Partial<ControlPlaneOptions> = {}) => world.open({ tokens: TOKENS, permissions, ...options });
  const as = (id: string) => controlPlane.service.as(user(id));
  const keySet = (): Promise<JwkSet> => controlPlane.service.signingKeys.keySet();
  const read = async (token: { accessToken: string }) => verified(world, await keySet(), token.accessToken);
  const issues = async () => {
    const page = await controlPlane.service.auditEvents.list({ organizationId, action: 'token.issue' }, { limit: 200 });
    return page.items;
  };

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await open();
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
    organizationId = defaultEnvironment.environment.organizationId;
    environmentId = defaultEnvironment.environment.id;
    await settle(world, controlPlane);
    await addMember(world, environmentId, 'mia', 'maker');
    await addMember(world, environmentId, 'rob', 'reader');
    await addMember(world, environmentId, 'guest', 'guest');
  });
  afterEach(() => world.close());

  it('cap T1 says who may do what in which environment, for 300 s', async () => {
    const issued = await as('mia').issueToken(environmentId);
    const { accessToken, ...rest } = issued;
    const claims = await read(issued);
    const nowS = world.clock.nowMs / 1_000;
    expect(claims).toEqual({
      iss: ISSUER,
      aud: `env:${environmentId}`,
      sub: 'mia',
      sub_type: 'user',
      client_id: 'host',
      org: organizationId,
      env: environmentId,
      permissions: claims.permissions,
      services: { blog: { enabled: true }, wide: { enabled: true } },
      role: 'maker',
      ep: [0, 0],
      iat: nowS,
      nbf: nowS,
      exp: nowS + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect([...claims.permissions].sort()).toEqual([
      'blog:posts.read',
      'blog:posts.write',
      'env:data.read',
      'env:data.schema',
      'env:data.write',
      'env:environment.read',
      'env:operations.read',
      'env:tokens.issue',
    ]);
    expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 300, scope: claims.permissions.join(' '), environmentId });
    const { keys } = await keySet();
    const active = (await controlPlane.service.signingKeys.list()).find(({ status }) => status === 'active');
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'EdDSA', kid: active?.kid, typ: 'at+jwt' });
    expect(keys.map(({ kid }) => kid)).toContain(active?.kid);
  });

  it('cap T1 lives 300 s at most for a user, 600 s for a service and up to 3600 s when it asks', async () => {
    const id = await addServiceAccount(world, { organizationId, environmentId });
    const service = controlPlane.service.as(callerOf({ kind: 'service', id, organizationId }));
    const plain = await service.issueToken(environmentId);
    expect(plain.expiresIn).toBe(600);
    expect(await read(plain)).toMatchObject({ sub: id, sub_type: 'service', client_id: id });
    const lifetime = async (caller: typeof service, lifetimeSeconds: number) => {
      const { exp = 0, iat = 0 } = await read(await caller.issueToken(environmentId, { lifetimeSeconds }));
      return exp - iat;
    };
    expect(await lifetime(service, 3_600)).toBe(3_600);
    expect(await lifetime(as('mia'), 60)).toBe(60);
    for (const [caller, seconds] of [
      [service, 3_601],
      [as('mia'), 301],
      [as('mia'), 0],
    ] as const) {
      await expect(lifetime(caller, seconds)).rejects.toMatchObject({
        code: 'validation_failed',
        details: { errors: [{ pointer: '/lifetimeSeconds' }] },
      });
    }
  });

  it('cap T15 has the scope that was asked for, and nothing that is not held', async () => {
    const issued = await as('mia').issueToken(environmentId, {
      scope: 'blog:posts.read  env:data.read blog:posts.read',
    });
    expect((await read(issued)).permissions).toEqual(['blog:posts.read', 'env:data.read']);
    expect(issued.scope).toBe('blog:posts.read env:data.read');
    for (const [scope, missing] of [
      ['blog:posts.read blog:posts.write', ['blog:posts.write']],
      ['blog:*', ['blog:*']],
      ['*', ['*']],
      ['blog:posts.delete', ['blog:posts.delete']],
      ['org:members.read', ['org:members.read']],
      ['platform:audit.read', ['platform:audit.read']],
      [' ', []],
    ] as const) {
      const refused = as('rob').issueToken(environmentId, { scope });
      await expect(refused, scope).rejects.toMatchObject({ code: 'invalid_scope', details: { missing } });
    }
  });

  it('cap T15 names who acts for the user, and says so in the audit every time', async () => {
    const acting = controlPlane.service.as(
      user('mia', { actor: { kind: 'service', id: 'console' }, authTime: 1_800_000_000 }),
    );
    for (let count = 1; count <= 3; count += 1) {
      const claims = await read(await acting.issueToken(environmentId));
      expect(claims).toMatchObject({
        sub: 'mia',
        act: { sub: 'console' },
        client_id: 'console',
        auth_time: 1_800_000_000,
      });
      const entries = await issues();
      expect(entries).toHaveLength(count);
      expect(entries.at(-1)).toMatchObject({ actorKind: 'service', actorId: 'console', actingFor: 'mia' });
    }
    const byPlatform = controlPlane.service.as(user('mia', { actor: { kind: 'platform', id: 'platform' } }));
    expect(await read(await byPlatform.issueToken(environmentId))).toMatchObject({
      act: { sub: 'platform' },
      client_id: 'host',
    });
  });

  it('cap T17 is refused when it is too large, with what helps; both ways to narrow it work', async () => {
    await addMember(world, environmentId, 'owner', 'owner');
    await expect(as('owner').issueToken(environmentId)).rejects.toMatchObject({
      code: 'token_too_large',
      message: expect.stringMatching(/6144.*scope.*patterns/),
    });
    const patterns = await as('owner').issueToken(environmentId, { permissionFormat: 'patterns' });
    expect((await read(patterns)).permissions).toEqual(['*']);
    const scoped = await as('owner').issueToken(environmentId, { scope: 'wide:resource-7.manage' });
    expect((await read(scoped)).permissions).toEqual(['wide:resource-7.manage']);
    expect(await issues()).toHaveLength(1);
  });

  it('cap T1 looks fresh: who left is refused on the next request, and so is everybody once it is not active', async () => {
    await as('mia').issueToken(environmentId);
    const { main } = await world.inspect();
    await main.write((_query, _nowMs, execute) =>
      execute("delete from sys_environment_member where user_id = 'mia'", []),
    );
    await expect(as('mia').issueToken(environmentId)).rejects.toMatchObject({ code: 'not_found' });
    await finish(controlPlane.service, controlPlane.service.environments.suspend(environmentId));
    await expect(as('rob').issueToken(environmentId)).rejects.toMatchObject({
      code: 'invalid_state',
      details: { state: 'suspended', allowed: ['active'] },
    });
  });

  it('sec S1 unknown and foreign look the same; inside without the permission it is named; the platform has no token', async () => {
    const other = await controlPlane.service.provisionEnvironment(environmentRequest(organizationId, 'other'));
    const refusals = ['mia', 'nobody'].flatMap((id) =>
      [other.environment.id, crypto.randomUUID(), 'no-id'].map((env) =>
        as(id)
          .issueToken(env)
          .catch((error: ControlPlaneError) => ({ code: error.code, message: error.message, details: error.details })),
      ),
    );
    const [first, ...others] = await Promise.all(refusals);
    expect(first).toMatchObject({ code: 'not_found' });
    for (const refusal of others) expect(refusal).toEqual(first);
    const missing = { code: 'permission_denied', details: { missing: ['env:tokens.issue'] } };
    await expect(as('guest').issueToken(environmentId)).rejects.toMatchObject(missing);
    await expect(
      as('owner-of-acme').issueToken(other.environment.id, { scope: 'env:data.read' }),
    ).resolves.toBeDefined();
    const ofPlatform = controlPlane.service.issueToken(environmentId);
    await expect(ofPlatform).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('not exchangeable'),
    });
    expect((await issues()).map(({ actorId }) => actorId)).toEqual(['owner-of-acme']);
  });

  it('cap L1 is audited once a subject, environment and hour, from however many processes', async () => {
    const replica = await open();
    const both = [controlPlane, replica, controlPlane, replica];
    await Promise.all(both.map((each) => each.service.as(user('mia')).issueToken(environmentId)));
    await as('rob').issueToken(environmentId);
    expect((await issues()).map(({ actorId }) => actorId)).toEqual(['mia', 'rob']);
    world.clock.advance(HOUR_MS - 1);
    await as('mia').issueToken(environmentId);
    expect(await issues()).toHaveLength(2);
    world.clock.advance(1);
    const { accessToken } = await as('mia').issueToken(environmentId);
    const [, , entry] = await issues();
    expect(entry).toMatchObject({ actorKind: 'user', actorId: 'mia', targetKind: 'environment', environmentId });
    expect(entry?.detail).toEqual({
      jti: (await read({ accessToken })).jti,
      expiresAt: new Date(world.clock.nowMs + 300_000).toISOString(),
    });
    expect(await controlPlane.service.auditEvents.verify(organizationId)).toMatchObject({ ok: true });
  });

  it('cap T16 while the key encryptor is down none is issued, and those that were verify', async () => {
    let down = false;
    const faulty = async (real: Promise<SecretEncryptor>): Promise<SecretEncryptor> => {
      const encryptor = await real;
      return {
        ...encryptor,
        unwrapDek: async (...call) => {
          if (down) throw new ControlPlaneError('encryptor_unavailable', 'down');
          return encryptor.unwrapDek(...call);
        },
      };
    };
    controlPlane = await open({
      encryptor: ({ firstStart }) => faulty(keyFileEncryptor(world.directory, firstStart)),
    });
    const before = await as('mia').issueToken(environmentId);
    down = true;
    await expect(as('mia').issueToken(environmentId)).rejects.toMatchObject({
      code: 'encryptor_unavailable',
      status: 503,
    });
    expect(await read(before)).toMatchObject({ sub: 'mia' });
    down = false;
    expect(await read(await as('mia').issueToken(environmentId))).toMatchObject({ sub: 'mia' });
  });

  it('cap T8 a hundred rotations while tokens are issued and verified, with key sets of up to 300 s before: none is refused', async () => {
    const id = await addServiceAccount(world, { organizationId, environmentId });
    const service = controlPlane.service.as(callerOf({ kind: 'service', id, organizationId }));
    let live: { accessToken: string; untilMs: number }[] = [];
    const signers = new Set<string | undefined>();
    let checked = 0;
    for (let round = 0; round < 100; round += 1) {
      world.clock.advance(PUBLISHED_MS - 300_000);
      const cached = await keySet();
      world.clock.advance(300_000);
      const lifetimeSeconds = round % 10 === 0 ? 3_600 : 600;
      const [rotated, ...issued] = await Promise.all([
        controlPlane.service.signingKeys.rotate(),
        ...Array.from({ length: 3 }, () => service.issueToken(environmentId, { lifetimeSeconds })),
      ]);
      issued.push(await service.issueToken(environmentId));
      expect(decodeProtectedHeader(issued.at(-1)?.accessToken ?? '').kid).toBe(rotated.kid);
      const nowMs = world.clock.nowMs;
      const fresh = issued.map(({ accessToken, expiresIn }) => ({ accessToken, untilMs: nowMs + expiresIn * 1_000 }));
      live = [...live.filter(({ untilMs }) => untilMs > nowMs), ...fresh];
      const current = await keySet();
      for (const { accessToken } of live) {
        signers.add(decodeProtectedHeader(accessToken).kid);
        await verified(world, cached, accessToken);
        await verified(world, current, accessToken);
        checked += 2;
      }
    }
    expect(signers.size).toBeGreaterThanOrEqual(100);
    expect(checked).toBeGreaterThan(1_000);
  });

  it('cap T9 a revoked key: its tokens verify no more with the set of now, and new ones are issued at once', async () => {
    const old = await as('mia').issueToken(environmentId);
    const { kid = '' } = decodeProtectedHeader(old.accessToken);
    await controlPlane.service.signingKeys.revoke(kid);
    await expect(read(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect((await controlPlane.service.tokenEpochs()).items).toContainEqual({ kid });
    const next = await as('mia').issueToken(environmentId);
    expect(await read(next)).toMatchObject({ sub: 'mia' });
  });

  it('sec S3 cap T10 what is issued while rights are withdrawn carries an epoch that is too low, or is not issued', async () => {
    const { main } = await world.inspect();
    for (let round = 0; round < 25; round += 1) {
      const id = `user-${round}`;
      await addMember(world, environmentId, id, 'maker');
      const withdrawn = transact(main, async (tx) => {
        await tx.query.deleteFrom('sys_environment_member').where('user_id', '=', id).execute();
        await raiseEpoch(tx, environmentId, id);
      });
      const tokens = Array.from({ length: 4 }, () =>
        as(id)
          .issueToken(environmentId)
          .catch(() => null),
      );
      const issued = await Promise.all([
        ...tokens,
        withdrawn.then(() =>
          as(id)
            .issueToken(environmentId)
            .catch(() => null),
        ),
      ]);
      expect(issued.at(-1)).toBeNull();
      for (const token of issued) if (token) expect((await read(token)).ep).toEqual([0, 0]);
    }
    await addMember(world, environmentId, 'user-0', 'reader');
    expect((await read(await as('user-0').issueToken(environmentId))).ep).toEqual([0, 1]);
  });

  it('cap T10 a role on the platform that ends, of a user or of an account whose key is revoked, withdraws tokens everywhere', async () => {
    const { service } = controlPlane;
    const owned = { granteeType: 'user', granteeId: 'root', role: 'administrator' } as const;
    const { id: grantId } = await service.platformGrants.add(owned);
    expect((await read(await as('root').issueToken(environmentId, { scope: 'env:data.read' }))).ep).toEqual([0, 0]);
    await service.platformGrants.remove(grantId);
    const { targetId: id } = await service.serviceAccounts.create({ platform: true }, { name: 'root' });
    const { view: key } = await service.serviceAccounts.createKey(id);
    await service.platformGrants.add({ granteeType: 'service', granteeId: id, role: 'administrator' });
    const machine = service.as(callerOf({ kind: 'service', id }));
    expect((await read(await machine.issueToken(environmentId, { scope: 'env:data.read' }))).ep).toEqual([0, 0]);
    await service.serviceAccounts.revokeKey(id, key.keyId);
    expect((await read(await machine.issueToken(environmentId, { scope: 'env:data.read' }))).ep).toEqual([0, 0, 1]);
    expect((await service.tokenEpochs()).items).toEqual([
      { environmentId: '*', subject: 'root', epoch: 1 },
      { environmentId: '*', subject: id, epoch: 1 },
    ]);
    // A membership of their own issues tokens that are good again.
    await addMember(world, environmentId, 'root', 'reader');
    expect((await read(await as('root').issueToken(environmentId))).ep).toEqual([0, 0, 1]);
  });

  it('cap T10 an environment that is suspended and resumed issues tokens of a new epoch', async () => {
    const { service } = controlPlane;
    expect((await read(await as('mia').issueToken(environmentId))).ep).toEqual([0, 0]);
    await finish(service, service.environments.suspend(environmentId));
    await finish(service, service.environments.resume(environmentId));
    expect((await read(await as('mia').issueToken(environmentId))).ep).toEqual([1, 0]);
    expect((await service.tokenEpochs()).items).toEqual([{ environmentId, subject: '', epoch: 1 }]);
  });
});
