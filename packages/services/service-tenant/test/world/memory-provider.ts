import { createHash, randomBytes } from 'node:crypto';
import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type AdapterErrorCode,
  type AdministratorFacet,
  type Authorization,
  type CredentialsFacet,
  type DatabaseAdapter,
  type DatabaseHandle,
  type DatabaseLocation,
  type DatabaseTarget,
  openAll,
  type Placement,
  Secret,
  type SqlRow,
  type SqlValue,
  type VerifyRefused,
} from '@envplane/spec';
import Database from 'better-sqlite3';

/** What a secret is accepted for. */
interface Login {
  authorization: Authorization;
  /** Null: it was minted. */
  slot: 0 | 1 | null;
  expiresAtMs: number;
}

/** Somebody who is in. The secret is not asked for again. */
interface Session {
  login: Login;
  open: boolean;
}

/** One database of the provider: contents, who may log in, who is in, whether tenants are cut off. */
interface MemoryDatabase {
  objectId: string;
  data: Database.Database;
  /** SHA-256 of each secret that is accepted, and what it allows. Like a server, it never holds the secret itself. */
  verifiers: Map<string, Login>;
  sessions: Set<Session>;
  cut: boolean;
}

/** Boundaries of this driver, with the protocol step each belongs to. */
export const memoryEffects = {
  'me.observe': 'P3',
  'me.create': 'P4',
  'me.set': 'P6',
  'me.mint': 'P6',
  'me.login': 'P7',
  'me.refused': 'R7',
  'me.withdraw': 'T1',
  'me.end': 'R9',
  'me.cut': 'D2',
  'me.uncut': 'D2',
  'me.drop': 'D4',
  'me.copy': 'V1',
  'me.administrator-login': 'R3',
  'me.administrator-set': 'R2',
  'me.administrator-end': 'R9',
} as const;

const TOKEN_LIFE_MS = 90 * 24 * 3_600_000;

/**
 * A provider whose databases have a credential of their own. It outlives every control plane of a test, checks each login,
 * and refuses a caller whose fence epoch is behind (F3).
 */
export class MemoryProvider {
  readonly databases = new Map<string, MemoryDatabase>();
  readonly fences = new Map<string, number>();
  /** Its clock, epoch ms: tokens expire by it. */
  nowMs: () => number = Date.now;
  /** Off: the provider does whatever reaches it, however late (F4). */
  fencing = true;
  /** Whether all tokens of a database can be ended at once. Asked when a control plane opens. */
  withdraws = true;
  /** How often that was done. */
  withdrawals = 0;
  /** Servers by the address a placement gives: who each is, what its administrator needs, and why it cannot be used. */
  readonly servers = new Map<
    string,
    {
      identity: string;
      administrator: string | null;
      refusal: AdapterErrorCode | null;
      /** The highest epoch an administrator was set with. */
      epoch?: number;
      /** How often sessions of the administrator were ended. */
      ended?: number;
    }
  >([['memory', { identity: 'memory', administrator: null, refusal: null }]]);
  /** Every mutating call is refused with this. */
  refusal: AdapterErrorCode | null = null;
  /** The next mutating calls are refused with these, one each. */
  readonly refusals: AdapterErrorCode[] = [];

  admit(target: DatabaseTarget, context: AdapterContext): void {
    if (context.signal.aborted) throw new AdapterError('outcome_unknown', 'The call was aborted.');
    const refusal = this.refusals.shift() ?? this.refusal;
    if (refusal) throw new AdapterError(refusal, 'The provider refuses.');
    if (this.fencing && context.fenceEpoch < (this.fences.get(target.databaseName) ?? 0)) {
      throw new AdapterError('outcome_unknown', 'A newer claim has been here.', { isStale: true });
    }
    this.fences.set(target.databaseName, context.fenceEpoch);
  }

  /** @throws AdapterError `unavailable` when nothing is there, `conflict` when it is not the target's */
  own(target: DatabaseTarget): MemoryDatabase {
    const database = this.databases.get(target.databaseName);
    if (!database) throw new AdapterError('unavailable', 'There is no such database.');
    if (database.objectId !== target.objectId) throw new AdapterError('conflict', 'The name is taken.');
    return database;
  }

  create(target: DatabaseTarget, data: Database.Database): void {
    const { databaseName, objectId } = target;
    this.databases.set(databaseName, { objectId, data, verifiers: new Map(), sessions: new Set(), cut: false });
  }

  login(databaseName: string, secret: Secret | undefined): Login & { database: MemoryDatabase } {
    const database = this.databases.get(databaseName);
    if (!database || database.cut) throw new AdapterError('unavailable', 'The database refuses connections.');
    const login = database.verifiers.get(verifierOf(secret?.reveal() ?? ''));
    if (!login || login.expiresAtMs <= this.nowMs()) throw new AdapterError('unauthorized', 'The login is refused.');
    return { database, ...login };
  }
}

const verifierOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The adapter of a `MemoryProvider`; its secrets are chosen by us or minted by the provider. */
export function memoryAdapter(
  provider: MemoryProvider,
  kind: 'caller_set' | 'provider_minted' = 'caller_set',
): DatabaseAdapter {
  const locationOf = (target: DatabaseTarget): DatabaseLocation => ({
    databaseUrl: `memory:${target.databaseName}`,
    externalUid: target.databaseName,
  });
  const adapter: DatabaseAdapter = {
    driver: 'memory',
    guarantees: 'full',
    maxNameLength: 35,
    // Longer than a lease, so that it is renewed before the call.
    createTimeoutMs: 60_000,
    settleMs: 0,
    leavesBehind: ['memory that was freed, until it is used again'],
    credentials: kind === 'caller_set' ? callerSet(provider) : providerMinted(provider),
    checkPlacement: async ({ settings, administrator }) => {
      const server = provider.servers.get(String(settings['address'] ?? 'memory'));
      if (!server) throw new AdapterError('unavailable', 'There is no such server.');
      if (server.refusal) throw new AdapterError(server.refusal, 'The server refuses.');
      if ((administrator?.reveal() ?? null) !== server.administrator) {
        throw new AdapterError('unauthorized', 'The login of the administrator is refused.');
      }
      return { identity: server.identity };
    },
    createDatabase: (target, { mustExist }, context) =>
      context.effect('me.create', () => {
        provider.admit(target, context);
        if (!provider.databases.has(target.databaseName) && !mustExist) {
          provider.create(target, new Database(':memory:'));
        }
        provider.own(target);
        return locationOf(target);
      }),
    findDatabase: (target, context) =>
      context
        .effect('me.observe', () => {
          const database = provider.databases.get(target.databaseName);
          if (!database) return { kind: 'absent' as const };
          if (database.objectId !== target.objectId) return { kind: 'foreign' as const };
          return { kind: 'ours' as const, ...locationOf(target) };
        })
        .catch((error: unknown) => {
          if (error instanceof AdapterError) return { kind: 'unknown' as const, error };
          throw error;
        }),
    deleteDatabase: (target, context) =>
      context.effect('me.drop', () => {
        provider.admit(target, context);
        if (!provider.databases.has(target.databaseName)) return;
        endSessions(provider.own(target), () => true);
        provider.databases.delete(target.databaseName);
      }),
    verifyDatabase: (target, credential, context) =>
      context.effect('me.login', () => {
        const { database, authorization } = provider.login(target.databaseName, credential?.secret);
        if (authorization !== credential?.authorization) {
          throw new AdapterError('unsupported', 'The login allows something else than it is for.');
        }
        database.data.exec('BEGIN; CREATE TABLE _probe (value); INSERT INTO _probe VALUES (1); ROLLBACK');
        try {
          provider.login(target.databaseName, new Secret('not the secret'));
        } catch {
          return;
        }
        throw new AdapterError('unsupported', 'Anybody may log in.');
      }),
    describeConnection: (_target, databaseUrl, credential) => ({
      url: databaseUrl,
      user: 'tenant',
      ...(credential && { secret: credential.secret }),
    }),
    connect: async (target, _url, credential) => openHandle(provider, target.databaseName, credential),
    suspend: {
      suspendDatabase: (target, context) => setCut(provider, target, context, 'me.cut', true),
      resumeDatabase: (target, context) => setCut(provider, target, context, 'me.uncut', false),
    },
    administrator: administratorOf(provider),
    copy: {
      mode: 'online',
      copyDatabase: (source, target, { schemaOnly }, context) =>
        context.effect('me.copy', () => {
          provider.admit(target, context);
          const from = provider.own(source);
          if (!provider.databases.has(target.databaseName)) provider.create(target, copyOf(from.data, schemaOnly));
          provider.own(target);
          return locationOf(target);
        }),
    },
  };
  return adapter;
}

function administratorOf(provider: MemoryProvider): AdministratorFacet {
  const enter = ({ settings, administrator }: Placement) => {
    const server = provider.servers.get(String(settings['address'] ?? 'memory'));
    if (!server) throw new AdapterError('unavailable', 'There is no such server.');
    if (server.refusal) throw new AdapterError(server.refusal, 'The server refuses.');
    return { server, isIn: server.administrator === (administrator?.reveal() ?? null) };
  };
  const admitted = (placement: Placement) => {
    const { server, isIn } = enter(placement);
    if (!isIn) throw new AdapterError('unauthorized', 'The login of the administrator is refused.');
    return server;
  };
  return {
    generateSecret: () => new Secret(`canary-administrator-${randomBytes(24).toString('base64url')}`),
    nameOf: () => 'administrator',
    setAdministrator: (placement, next, context) =>
      context.effect('me.administrator-set', () => {
        const server = admitted(placement);
        if (context.fenceEpoch < (server.epoch ?? 0))
          throw new AdapterError('outcome_unknown', 'A newer one was here.');
        Object.assign(server, { administrator: next.reveal(), epoch: context.fenceEpoch });
      }),
    isAdministratorAccepted: (placement, context) =>
      context.effect('me.administrator-login', () => enter(placement).isIn),
    endAdministratorSessions: (placement, context) =>
      context.effect('me.administrator-end', () => {
        const server = admitted(placement);
        server.ended = (server.ended ?? 0) + 1;
      }),
  };
}

function callerSet(provider: MemoryProvider): CredentialsFacet {
  return {
    kind: 'caller_set',
    credentialKind: 'password',
    authorizations: ['full_access', 'read_only'],
    generateSecret: () => new Secret(`canary-${randomBytes(24).toString('base64url')}`),
    applyCredentials: async (target, credentials, context) => {
      const opened = await openAll(credentials);
      return context.effect('me.set', () => {
        provider.admit(target, context);
        provider.own(target).verifiers = new Map(
          opened.map(({ secret, authorization, slot }) => [
            verifierOf(secret.reveal()),
            { authorization, slot, expiresAtMs: Number.POSITIVE_INFINITY },
          ]),
        );
      });
    },
    endSessions: (target, slots, context) =>
      context.effect('me.end', () => {
        provider.admit(target, context);
        const isIn = ({ login }: Session) =>
          slots.some(({ authorization, slot }) => authorization === login.authorization && slot === login.slot);
        endSessions(provider.own(target), isIn);
      }),
    verifyRefused: verifyRefused(provider),
  };
}

const verifyRefused =
  (provider: MemoryProvider): VerifyRefused =>
  (target, { secret }, context) =>
    context.effect('me.refused', () => {
      try {
        provider.login(target.databaseName, secret);
      } catch {
        return;
      }
      throw new AdapterError('unavailable', 'The login still works.');
    });

function endSessions(database: MemoryDatabase, isMeant: (session: Session) => boolean): void {
  for (const session of [...database.sessions].filter(isMeant)) {
    session.open = false;
    database.sessions.delete(session);
  }
}

function providerMinted(provider: MemoryProvider): CredentialsFacet {
  return {
    kind: 'provider_minted',
    authorizations: ['full_access', 'read_only'],
    mintCredential: (target, { authorization }, context) =>
      context.effect('me.mint', () => {
        provider.admit(target, context);
        const token = `canary-token-${randomBytes(24).toString('base64url')}`;
        const expiresAtMs = provider.nowMs() + TOKEN_LIFE_MS;
        provider.own(target).verifiers.set(verifierOf(token), { authorization, slot: null, expiresAtMs });
        return { secret: new Secret(token), expiresAtMs };
      }),
    ...(provider.withdraws && {
      withdrawal: {
        reach: 'database',
        withdrawCredentials: (target, context) =>
          context.effect('me.withdraw', () => {
            provider.admit(target, context);
            const database = provider.own(target);
            provider.withdrawals += 1;
            database.verifiers.clear();
            endSessions(database, () => true);
          }),
      },
    }),
    verifyRefused: verifyRefused(provider),
  };
}

async function setCut(
  provider: MemoryProvider,
  target: DatabaseTarget,
  context: AdapterContext,
  name: 'me.cut' | 'me.uncut',
  cut: boolean,
): Promise<void> {
  await context.effect(name, () => {
    provider.admit(target, context);
    const database = provider.own(target);
    database.cut = cut;
    if (cut) endSessions(database, () => true);
  });
}

function copyOf(data: Database.Database, schemaOnly: boolean): Database.Database {
  if (!schemaOnly) return new Database(data.serialize());
  const copy = new Database(':memory:');
  for (const sql of data
    .prepare<unknown[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL')
    .pluck()
    .all()) {
    copy.exec(sql);
  }
  return copy;
}

/** Who was let in with a password stays until the session is ended; a token is shown with each statement. */
function openHandle(
  provider: MemoryProvider,
  databaseName: string,
  credential: AdapterCredential | null,
): DatabaseHandle {
  const { database, ...login } = provider.login(databaseName, credential?.secret);
  const session: Session = { login, open: true };
  database.sessions.add(session);
  const run = (sql: string, params: readonly SqlValue[] = []) => {
    if (!session.open) throw new AdapterError('unavailable', 'The connection is closed.');
    const { authorization } = login.slot === null ? provider.login(databaseName, credential?.secret) : login;
    const statement = database.data.prepare<unknown[], SqlRow>(sql);
    if (authorization === 'read_only' && !statement.readonly) {
      throw new AdapterError('unauthorized', 'This login may only read.');
    }
    return statement.reader
      ? { rows: statement.all(...params), rowCount: 0 }
      : { rows: [], rowCount: statement.run(...params).changes };
  };
  return {
    query: async <Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) => run(sql, params).rows as Row[],
    one: async <Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) =>
      (run(sql, params).rows[0] ?? null) as Row | null,
    exec: async (sql, params) => ({ rowCount: run(sql, params).rowCount }),
    tx: () => Promise.reject(new AdapterError('unsupported', 'No transactions here.')),
    close: async () => endSessions(database, (other) => other === session),
  };
}
