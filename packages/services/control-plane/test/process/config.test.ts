import { describe, expect, it } from 'vitest';
import { describeSettings, hashToken, readClientEnvironment, readConfig } from '../../src/config.ts';
import { isLoopback } from '../../src/loopback.ts';
import { administratorSecret } from '../../src/placement-config.ts';

const SERVERS = {
  ENVPLANE_POSTGRES_ADMIN_URL: 'postgres://admin:canary%25%40@db:5432/postgres?sslmode=verify-full',
  ENVPLANE_LIBSQL_URL: 'https://data.example',
  ENVPLANE_LIBSQL_ADMIN_URL: 'https://admin.example',
  ENVPLANE_LIBSQL_ADMIN_KEY: 'admin:canary',
  TURSO_ORG_NAME: 'acme',
  TURSO_API_TOKEN: 'canary',
  TURSO_GROUP: 'default',
};

const TOKEN = 'a-token-of-more-than-thirty-two-characters';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4600,
      environmentsPerSecond: 10,
      dataDirectory: `${process.cwd()}/.envplane`,
      storeUrl: `file:${process.cwd()}/.envplane/control-plane.db`,
      adminToken: undefined,
      defaultDriver: 'sqlite',
      oidc: undefined,
      logLevel: 'info',
      otlpEndpoint: undefined,
      failpoints: undefined,
    });
  });

  it('takes what is set, and an empty variable as unset', () => {
    const config = readConfig({
      ENVPLANE_PORT: '0',
      ENVPLANE_HOST: '',
      ENVPLANE_STORE_URL: 'postgres://somebody@db/envplane',
      ENVPLANE_ADMIN_TOKEN: TOKEN,
      ENVPLANE_LOG_FORMAT: 'pretty',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      storeUrl: 'postgres://somebody@db/envplane',
      logFormat: 'pretty',
    });
    expect(config.adminToken).toEqual({ hash: hashToken(TOKEN), isShort: false });
  });

  it.each([
    [{ ENVPLANE_PORTS: '1' }, 'ENVPLANE_PORTS'],
    [{ ENVPLANE_KMS_KEY: 'x' }, 'ENVPLANE_KMS_KEY is not a setting'],
    [{ ENVPLANE_PORT: '65536' }, 'ENVPLANE_PORT'],
    [{ ENVPLANE_PORT: '-1' }, 'ENVPLANE_PORT'],
    [{ ENVPLANE_ENVIRONMENTS_PER_SECOND: '0' }, 'ENVPLANE_ENVIRONMENTS_PER_SECOND must be a whole number'],
    [{ ENVPLANE_STORE_URL: 'mysql://x' }, 'ENVPLANE_STORE_URL'],
    [{ ENVPLANE_ENCRYPTOR: 'none' }, 'ENVPLANE_ENCRYPTOR'],
    [{ ENVPLANE_LOG_LEVEL: 'loud' }, 'ENVPLANE_LOG_LEVEL'],
    [{ ENVPLANE_ADMIN_TOKEN: 'two words' }, 'ENVPLANE_ADMIN_TOKEN'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('refuses %o and names the variable', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(name);
  });

  it('cap EN1 wraps with a key file unless told otherwise; a KMS key beside it is for moving there or away', () => {
    expect(readConfig({})).toMatchObject({ encryptor: 'local', kms: undefined });
    const key = { ENVPLANE_KMS_KEY_ID: 'alias/envplane' };
    expect(readConfig(key)).toMatchObject({ encryptor: 'local', kms: { keyId: 'alias/envplane' } });
    const endpoint = { ENVPLANE_KMS_ENDPOINT: 'https://vpce-1.kms.eu-central-1.vpce.amazonaws.com' };
    expect(readConfig({ ...key, ...endpoint, ENVPLANE_ENCRYPTOR: 'aws-kms' })).toMatchObject({
      encryptor: 'aws-kms',
      kms: { keyId: 'alias/envplane', endpoint: endpoint.ENVPLANE_KMS_ENDPOINT },
    });
  });

  it.each([
    [{ ENVPLANE_ENCRYPTOR: 'aws-kms' }, 'ENVPLANE_KMS_KEY_ID is needed with ENVPLANE_ENCRYPTOR=aws-kms'],
    [{ ENVPLANE_KMS_ENDPOINT: 'https://kms' }, 'ENVPLANE_KMS_KEY_ID is needed beside ENVPLANE_KMS_ENDPOINT'],
    [{ ENVPLANE_KMS_KEY_ID: 'two words' }, 'ENVPLANE_KMS_KEY_ID must be the id, the ARN or an alias'],
    [{ ENVPLANE_KMS_KEY_ID: 'x', ENVPLANE_KMS_ENDPOINT: 'http://kms.example' }, 'must be an https URL, except on'],
    [{ ENVPLANE_KMS_KEY_ID: 'x', ENVPLANE_KMS_ENDPOINT: 'https://a:canary@kms' }, 'must have no user'],
  ])('refuses the KMS key of %o and says what would be right', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message);
    expect(() => readConfig(environment)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    );
  });

  it('makes a placement of each server that is described, its secret left in the environment', () => {
    const { placements } = readConfig(SERVERS);
    expect(placements).toEqual([
      { name: 'sqlite', driver: 'sqlite' },
      {
        name: 'postgres',
        driver: 'postgres',
        settings: { url: 'postgres://admin@db:5432/postgres?sslmode=verify-full' },
        administratorVariable: 'ENVPLANE_POSTGRES_ADMIN_URL',
      },
      {
        name: 'libsql',
        driver: 'libsql',
        settings: { url: 'https://data.example', adminUrl: 'https://admin.example' },
        administratorVariable: 'ENVPLANE_LIBSQL_ADMIN_KEY',
      },
      {
        name: 'turso',
        driver: 'turso',
        settings: { organization: 'acme', group: 'default' },
        administratorVariable: 'TURSO_API_TOKEN',
      },
    ]);
    const secretOf = (name: keyof typeof SERVERS) => administratorSecret(name, SERVERS[name])?.reveal();
    expect(secretOf('ENVPLANE_POSTGRES_ADMIN_URL')).toBe('canary%@');
    expect(secretOf('ENVPLANE_LIBSQL_ADMIN_KEY')).toBe('admin:canary');
    expect(secretOf('TURSO_API_TOKEN')).toBe('canary');
    expect(readConfig({ TURSO_API_TOKEN: 'of another program' }).placements).toHaveLength(1);
  });

  it.each([
    [{ ENVPLANE_POSTGRES_ADMIN_URL: 'postgres://admin@db' }, 'ENVPLANE_POSTGRES_ADMIN_URL'],
    [{ ENVPLANE_POSTGRES_ADMIN_URL: 'mysql://admin:x@db' }, 'ENVPLANE_POSTGRES_ADMIN_URL'],
    [{ ENVPLANE_LIBSQL_URL: 'https://data.example' }, 'ENVPLANE_LIBSQL_ADMIN_URL'],
    [{ ENVPLANE_LIBSQL_URL: 'ftp://data.example' }, 'ENVPLANE_LIBSQL_URL'],
    [{ ENVPLANE_LIBSQL_ADMIN_KEY: 'nocolon' }, 'ENVPLANE_LIBSQL_ADMIN_KEY'],
    [{ TURSO_ORG_NAME: 'acme', TURSO_API_TOKEN: 'x' }, 'TURSO_GROUP'],
    [{ TURSO_API_URL: 'http://api.example' }, 'TURSO_API_URL'],
    [{ ENVPLANE_PLACEMENT: 'x' }, 'ENVPLANE_PLACEMENT'],
  ])('refuses the server of %o and names the variable', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(name);
  });

  it('cap T18 makes an issuer of its address and audience, the primary one', () => {
    const environment = { ENVPLANE_OIDC_ISSUER: 'https://issuer.example/realm', ENVPLANE_OIDC_AUDIENCE: 'envplane' };
    expect(readConfig(environment).oidc).toEqual({
      issuer: 'https://issuer.example/realm',
      audience: 'envplane',
      primary: true,
    });
    expect(readConfig({ ...environment, ENVPLANE_OIDC_ISSUER: 'http://127.0.0.1:8080' }).oidc?.primary).toBe(true);
    expect(readConfig({}).oidc).toBeUndefined();
  });

  it.each([
    [{ ENVPLANE_OIDC_ISSUER: 'https://issuer.example' }, 'ENVPLANE_OIDC_AUDIENCE is needed beside'],
    [{ ENVPLANE_OIDC_AUDIENCE: 'envplane' }, 'ENVPLANE_OIDC_ISSUER is needed beside'],
    [{ ENVPLANE_OIDC_ISSUER: 'issuer.example' }, 'ENVPLANE_OIDC_ISSUER must be an https URL'],
    [{ ENVPLANE_OIDC_ISSUER: 'http://issuer.example' }, 'ENVPLANE_OIDC_ISSUER must be an https URL'],
    [
      { ENVPLANE_OIDC_ISSUER: 'https://a:canary@issuer.example' },
      'ENVPLANE_OIDC_ISSUER must be an https URL without user info',
    ],
    [{ ENVPLANE_OIDC_ISSUER: 'https://issuer.example?x=1' }, 'ENVPLANE_OIDC_ISSUER must have no query'],
    [
      { ENVPLANE_OIDC_ISSUER: 'https://issuer.example', ENVPLANE_OIDC_AUDIENCE: 'env:1' },
      'ENVPLANE_OIDC_AUDIENCE must not begin with env:',
    ],
  ])('refuses the issuer of %o, names the variable and says what would be right', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message);
    expect(() => readConfig(environment)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    );
  });

  it('takes a domain for generated hostnames, in its normal form', () => {
    expect(readConfig({}).rootDomain).toBeUndefined();
    expect(readConfig({ ENVPLANE_ROOT_DOMAIN: 'Apps.Example.com.' }).rootDomain).toBe('apps.example.com');
    for (const ENVPLANE_ROOT_DOMAIN of ['a b', 'example.com:443', 'https://example.com', '-a.test', '*.example.com']) {
      expect(() => readConfig({ ENVPLANE_ROOT_DOMAIN })).toThrow('ENVPLANE_ROOT_DOMAIN must be a DNS name');
    }
  });

  it('cap O3 a region is a label', () => {
    expect(readConfig({}).region).toBeUndefined();
    expect(readConfig({ ENVPLANE_REGION: 'eu-west.1_a' }).region).toBe('eu-west.1_a');
    for (const ENVPLANE_REGION of ['eu west', 'x'.repeat(101), 'a\nb']) {
      expect(() => readConfig({ ENVPLANE_REGION })).toThrow('ENVPLANE_REGION must be at most 100 letters');
    }
  });

  it('cap T2 signs with RS256 unless told otherwise, under the public address without a slash at its end', () => {
    expect(readConfig({})).toMatchObject({ publicUrl: undefined, tokenAlgorithm: 'RS256' });
    const set = { ENVPLANE_PUBLIC_URL: 'https://envplane.example/api//', ENVPLANE_TOKEN_ALG: 'EdDSA' };
    expect(readConfig(set)).toMatchObject({ publicUrl: 'https://envplane.example/api', tokenAlgorithm: 'EdDSA' });
    for (const ENVPLANE_TOKEN_ALG of ['HS256', 'none', 'rs256']) {
      expect(() => readConfig({ ENVPLANE_TOKEN_ALG })).toThrow('must be one of RS256, ES256, EdDSA');
    }
    for (const path of ['ftp://envplane.example', 'https://a:b@envplane.example', 'https://envplane.example/?x', 'x']) {
      expect(() => readConfig({ ENVPLANE_PUBLIC_URL: path }), path).toThrow('ENVPLANE_PUBLIC_URL must');
    }
  });

  it('lets variables pass that hold the secret of a placement', () => {
    expect(() => readConfig({ ENVPLANE_PLACEMENT_DB_2: 'x' })).not.toThrow();
  });

  it('sec S35 refuses failpoints in production', () => {
    const environment = { ENVPLANE_FAILPOINTS: 'cp.accept=delay' };
    expect(readConfig(environment).failpoints).toBe('cp.accept=delay');
    expect(() => readConfig({ ...environment, NODE_ENV: 'production' })).toThrow('ENVPLANE_FAILPOINTS');
  });

  it('a token that can be guessed is refused where others can reach the listener', () => {
    expect(readConfig({ ENVPLANE_ADMIN_TOKEN: 'short' }).adminToken?.isShort).toBe(true);
    expect(() => readConfig({ ENVPLANE_ADMIN_TOKEN: 'short', ENVPLANE_HOST: '0.0.0.0' })).toThrow('32 characters');
    expect(readConfig({ ENVPLANE_ADMIN_TOKEN: TOKEN, ENVPLANE_HOST: '0.0.0.0' }).adminToken?.isShort).toBe(false);
  });

  it('never repeats a secret in a refusal', () => {
    const canary = 'canary of a token';
    expect(() => readConfig({ ENVPLANE_ADMIN_TOKEN: canary })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(canary) }),
    );
  });
});

it('settings are shown with their source and without secrets', () => {
  const shown = describeSettings({
    ...SERVERS,
    ENVPLANE_ADMIN_TOKEN: TOKEN,
    ENVPLANE_STORE_URL: 'postgres://owner:canary@db:5432/envplane?sslpassword=canary',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:canary@collector/otlp',
  });
  expect(JSON.stringify(shown)).not.toMatch(new RegExp(`canary|${TOKEN}`));
  expect(shown).toContainEqual({
    name: 'ENVPLANE_STORE_URL',
    source: 'environment',
    value: 'postgres://db:5432/envplane',
  });
  expect(shown).toContainEqual({ name: 'ENVPLANE_ADMIN_TOKEN', source: 'environment', value: '[redacted]' });
  expect(shown).toContainEqual({ name: 'ENVPLANE_PORT', source: 'default', value: '4600' });
});

it('only addresses of this host are loopback', () => {
  expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].filter(isLoopback)).toHaveLength(4);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'example.org'].filter(isLoopback)).toEqual([]);
});

it('CI means that nobody is there to be asked', () => {
  expect(readClientEnvironment({ CI: '1' }).isCi).toBe(true);
  expect(readClientEnvironment({ CI: 'false' }).isCi).toBe(false);
  expect(readClientEnvironment({}).isCi).toBe(false);
});
