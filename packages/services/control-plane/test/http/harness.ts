import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { type ControlPlane, type ControlPlaneOptions, openControlPlane } from '@envplane/service-tenant';
import {
  type AdapterCredential,
  AdapterError,
  type DatabaseAdapter,
  type EnvironmentView,
  type IdentityProvider,
  type Logger,
  type OrganizationView,
  Secret,
} from '@envplane/spec';
import type { Hono } from 'hono';
import { hashToken } from '../../src/config.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { platformToken } from '../../src/identity/platform-token.ts';
import { checkAnswer } from './conformance.ts';

/** Every secret there is in these tests begins like this, so that one search finds them all. */
export const CANARY = 'canary-';
export const TOKEN = `${CANARY}token-of-the-platform-administrator`;

/** `iss` of the environment tokens. */
export const ISSUER = 'https://envplane.test';

/** An answer, its body parsed when it is JSON. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export interface RequestOptions {
  /** A string or bytes are sent as they are, everything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Null sends none. */
  token?: string | null;
}

export interface Harness {
  app: Hono;
  /** Holds the store and the databases. */
  directory: string;
  controlPlane: ControlPlane;
  /** Everything that was logged, as it would be written. */
  logLines: string[];
  /** What the driver `guarded` does before it creates a database and before it looks for one; nothing unless replaced. */
  guarded: { beforeCreate(): Promise<void>; beforeFind(): Promise<void> };
  /** Makes the driver `guarded` wait before it creates a database, until the returned function is called. */
  hold(): () => void;
  /** Sends a request in process; the answer is checked against the document. */
  call<Body = Record<string, unknown>>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>;
  /** A new organization with its default environment. */
  organization(slug: string, driver?: string): Promise<OrganizationView>;
  environment(organization: string, slug: string, driver?: string): Promise<EnvironmentView>;
  /** How often a database of the driver `sqlite` was connected to. */
  opened: { connections: number };
  close(): Promise<void>;
}

/**
 * @param nowMs replaces the clock of the store
 * @param engine replaces parts of the control plane
 */
export async function startHarness(
  options: Partial<AppOptions> = {},
  nowMs: () => number = Date.now,
  engine: Partial<ControlPlaneOptions> = {},
): Promise<Harness> {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-http-'));
  const logLines: string[] = [];
  const write = (fields: object, message: string) => void logLines.push(JSON.stringify({ ...fields, message }));
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const opened = { connections: 0 };
  const unhindered = async () => {};
  const guarded: Harness['guarded'] = { beforeCreate: unhindered, beforeFind: unhindered };
  const controlPlane = await openControlPlane({
    store: `file:${directory}/control-plane.db`,
    adapters: [
      countingConnections(sqliteAdapter({ rootDirectory: `${directory}/environments` }), opened),
      guardedAdapter(`${directory}/guarded`, guarded),
    ],
    encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: `${directory}/key.json`, createIfMissing: firstStart }),
    // Keys of this algorithm are made in no time.
    tokens: { issuer: () => ISSUER, algorithm: 'EdDSA' },
    logger,
    nowMs,
    ...engine,
  });
  const identity: IdentityProvider[] = [platformToken(hashToken(TOKEN))];
  const app = createApp({
    controlPlane,
    identity,
    logger,
    version: '1.2.3',
    metricsArePublic: true,
    isDraining: () => false,
    ...options,
  });

  async function call<Body>(method: string, path: string, request: RequestOptions = {}): Promise<Answer<Body>> {
    const { body, token = TOKEN } = request;
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await app.request(path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    const answer = { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
    checkAnswer(method, path, answer);
    return answer;
  }

  return {
    app,
    directory,
    controlPlane,
    logLines,
    guarded,
    opened,
    hold: () => {
      const waiting: (() => void)[] = [];
      guarded.beforeCreate = () => new Promise((resolve) => waiting.push(resolve));
      return () => {
        guarded.beforeCreate = unhindered;
        for (const resolve of waiting) resolve();
      };
    },
    call,
    organization: async (slug, driver = 'sqlite') => {
      const body = { slug, displayName: slug, ownerUserId: 'ada', defaultEnvironment: { driver } };
      return (await call<OrganizationView>('POST', '/v1/organizations', { body })).body;
    },
    environment: async (organization, slug, driver = 'sqlite') => {
      const body = { slug, envType: 'development', driver };
      return (await call<EnvironmentView>('POST', `/v1/organizations/${organization}/environments`, { body })).body;
    },
    close: async () => {
      await controlPlane.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function countingConnections(adapter: DatabaseAdapter, opened: Harness['opened']): DatabaseAdapter {
  return {
    ...adapter,
    connect: (...parameters) => {
      opened.connections += 1;
      return adapter.connect(...parameters);
    },
  };
}

/** SQLite files behind a password, as a server would have it: the way of a secret can be followed. */
function guardedAdapter(rootDirectory: string, behaviour: Harness['guarded']): DatabaseAdapter {
  const files = sqliteAdapter({ rootDirectory });
  return {
    ...files,
    driver: 'guarded',
    credentials: {
      kind: 'caller_set',
      credentialKind: 'password',
      authorizations: ['full_access'],
      generateSecret: () => new Secret(`${CANARY}${randomBytes(24).toString('hex')}`),
      applyCredentials: async () => undefined,
      verifyRefused: async () => undefined,
    },
    checkPlacement: async (placement) => {
      const { address } = placement.settings;
      if (address === 'down') throw new AdapterError('unavailable', 'The server does not answer.');
      if (address === 'picky') throw new AdapterError('unauthorized', 'The login of the administrator is refused.');
      return address === undefined ? files.checkPlacement(placement) : { identity: String(address) };
    },
    createDatabase: async (...call) => {
      await behaviour.beforeCreate();
      return files.createDatabase(...call);
    },
    findDatabase: async (...call) => {
      await behaviour.beforeFind();
      return files.findDatabase(...call);
    },
    verifyDatabase: (target, _credential, context) => files.verifyDatabase(target, null, context),
    describeConnection: (_target, url, credential: AdapterCredential | null) => ({
      url,
      user: 'tenant',
      ...(credential && { secret: credential.secret }),
    }),
    connect: (target, url) => files.connect(target, url, null),
  };
}
