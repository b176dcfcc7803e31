import type { IdentityOutcome } from '@envplane/spec';
import { afterEach, expect, it, vi } from 'vitest';
import { testIdentity, withUser } from '../src/identity/test-identity.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const request = { method: 'GET', headers: new Headers() };
const whoIs = () => testIdentity().authenticate(request);
const user = (id: string): IdentityOutcome => ({
  outcome: 'principal',
  principal: { kind: 'user', id, issuer: 'test', subject: id },
});

it('cap K1 refuses to load in production, and to work when it was loaded before', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  expect(() => testIdentity()).toThrow('NODE_ENV=production');
  vi.resetModules();
  await expect(import('../src/identity/test-identity.ts')).rejects.toThrow('NODE_ENV=production');
  await expect(import('../src/index.ts')).rejects.toThrow('NODE_ENV=production');
});

it('cap K2 nobody is signed in outside of withUser', async () => {
  expect(await whoIs()).toEqual({ outcome: 'none' });
});

it('cap K2 withUser nests and restores', async () => {
  await withUser('ada', async () => {
    expect(await whoIs()).toEqual(user('ada'));
    await withUser('bob', async () => expect(await whoIs()).toEqual(user('bob')));
    await expect(withUser('eve', () => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
    expect(await whoIs()).toEqual(user('ada'));
  });
  expect(await whoIs()).toEqual({ outcome: 'none' });
});

it('cap K2 parallel users do not mix', async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `user-${n}`);
  const seen = await Promise.all(
    ids.map((id) =>
      withUser(id, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return whoIs();
      }),
    ),
  );
  expect(seen).toEqual(ids.map(user));
});

it('any principal can be the one', async () => {
  const principal = { kind: 'service', id: 's', issuer: 'envplane', subject: 's', organizationId: 'acme' } as const;
  expect(await withUser(principal, whoIs)).toEqual({ outcome: 'principal', principal });
});
