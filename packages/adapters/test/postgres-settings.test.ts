import { inspect } from 'node:util';
import { Secret } from '@envplane/spec';
import { makeCertificates } from '@envplane/testkit';
import { describe, expect, it } from 'vitest';
import { postgresAdapter } from '../src/databases/postgres/index.ts';
import { scramVerifier } from '../src/databases/postgres/scram.ts';
import { databaseUrlOf, placeOf } from '../src/databases/postgres/settings.ts';

const administrator = new Secret('the administrator password');

function placement(settings: Record<string, unknown>, secret: Secret | null = administrator) {
  return { id: 'pl', name: 'cluster', driver: 'postgres', region: 'local', settings, administrator: secret };
}

describe('settings of a placement', () => {
  it('sec S17 an authority is taken with sslmode=verify-full alone', async () => {
    const { authority } = await makeCertificates(['db.example']);
    const verified = 'postgres://a@db.example/postgres?sslmode=verify-full';
    expect(placeOf(placement({ url: verified, ca: authority })).server.tls).toEqual({ mode: 'verify', ca: authority });
    const refusal = expect.objectContaining({ name: 'AdapterError', code: 'invalid_request' });
    expect(() => placeOf(placement({ url: 'postgres://a@127.0.0.1/postgres', ca: authority }))).toThrow(refusal);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['an unknown setting', { url: 'postgres://a@127.0.0.1/postgres', password: 'x' }],
    ['a password in the URL', { url: 'postgres://a:secret@127.0.0.1/postgres' }],
    ['no administrator', { url: 'postgres://127.0.0.1/postgres' }],
    ['no host', { url: 'postgres://a@/postgres' }],
    ['several hosts', { url: 'postgres://a@one,two/postgres?sslmode=verify-full' }],
    ['another protocol', { url: 'mysql://a@127.0.0.1/postgres' }],
    ['no URL', { url: '127.0.0.1' }],
    ['another parameter', { url: 'postgres://a@127.0.0.1/postgres?options=-csearch_path%3Dx' }],
    ['a second parameter', { url: 'postgres://a@db.example/postgres?sslmode=verify-full&host=other' }],
    ['an empty authority', { url: 'postgres://a@db.example/postgres?sslmode=verify-full', ca: '' }],
    ['an authority that is no certificate', { url: 'postgres://a@db.example/postgres?sslmode=verify-full', ca: 'x' }],
    ['a connection limit of nothing', { url: 'postgres://a@127.0.0.1/postgres', connectionLimit: 0 }],
  ])('refuse %s', async (_title, settings) => {
    const refusal: unknown = await postgresAdapter()
      .checkPlacement(placement(settings))
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
    expect(inspect(refusal, { depth: null, showHidden: true }).split('\n')[0]).not.toContain('secret@');
  });

  it.each([
    'postgres://a@db.example/postgres',
    'postgres://a@db.example/postgres?sslmode=disable',
    'postgres://a@db.example/postgres?sslmode=require',
    'postgres://a@db.example/postgres?sslmode=verify-ca',
    'postgres://a@10.0.0.1/postgres',
    'postgres://a@127.0.0.1.example/postgres',
    'postgres://a@localhost.example/postgres',
    'postgres://a@[::2]/postgres',
  ])('sec S17 refuse %s: beyond loopback only sslmode=verify-full', async (url) => {
    const check = postgresAdapter().checkPlacement(placement({ url }));
    await expect(check).rejects.toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
  });

  it('need the administrator password', async () => {
    const check = postgresAdapter().checkPlacement(placement({ url: 'postgres://a@127.0.0.1/postgres' }, null));
    await expect(check).rejects.toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
  });

  it.each([
    ['postgres://a@localhost/postgres', 'postgres://localhost:5432/n'],
    ['postgresql://a@127.0.0.1:6000', 'postgres://127.0.0.1:6000/n'],
    ['postgres://a@[::1]:6000/postgres', 'postgres://[::1]:6000/n'],
    ['postgres://a@db.example/postgres?sslmode=verify-full', 'postgres://db.example:5432/n?sslmode=verify-full'],
  ])('%s: a database is at %s', (url, expected) => {
    expect(databaseUrlOf(placeOf(placement({ url })), 'n')).toBe(expected);
  });

  it('a server that is not there is not definitive', async () => {
    const check = postgresAdapter().checkPlacement(placement({ url: 'postgres://a@127.0.0.1:1/postgres' }));
    await expect(check).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable', definitive: false });
  });
});

describe('SCRAM verifier', () => {
  const credential = { credentialId: 'c', version: 1, authorization: 'full_access', slot: 0 } as const;

  it('sec S10 is the same for the same credential, another for another, and does not hold the secret', async () => {
    const secret = new Secret('a'.repeat(43));
    const verifier = await scramVerifier({ ...credential, secret });
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[\w+/]{22}==\$[\w+/]{43}=:[\w+/]{43}=$/);
    expect(await scramVerifier({ ...credential, secret })).toBe(verifier);
    expect(await scramVerifier({ ...credential, version: 2, secret })).not.toBe(verifier);
    expect(verifier).not.toContain(secret.reveal());
  });
});
