import {
  type AdapterContext,
  AdapterError,
  type CreatedDatabase,
  type DatabaseAdapter,
  type DatabaseHandle,
  type DatabaseTarget,
  Secret,
} from '@envplane/spec';

/** An adapter of the ObjectStack protocol. Newer forms call the environment a project, and can delete. */
export interface UpstreamAdapter {
  readonly driver: string;
  createDatabase(request: {
    environmentId: string;
    projectId: string;
    databaseName: string;
    region: string;
    storageLimitMb: number;
  }): Promise<{ databaseUrl: string; plaintextSecret: string }>;
  /** Succeeds for a database that is not there. */
  deleteDatabase?(request: { projectId: string; databaseName: string; databaseUrl?: string }): Promise<unknown>;
}

/** What is known of the adapter beyond what it can do. Each gives back a guarantee. */
export interface UpstreamAdapterOptions {
  /** Looks a database up by name; null when there is none. */
  findDatabase?(databaseName: string): Promise<{ databaseUrl: string } | null>;
  /** Creating again by the same name gives the same database, and a secret that opens it. */
  idempotent?: boolean;
  /** Proves that the secret opens the database. @throws when it does not */
  verify?(database: { databaseName: string; secret: Secret }): Promise<void>;
  /** Opens a connection, for who asks the control plane for one instead of for an address. */
  connect?(database: { databaseUrl: string; secret: Secret }): Promise<DatabaseHandle>;
}

/**
 * Makes a database adapter of one that only creates. What it cannot do is not promised; see `docs/hosts.md`:
 *
 * - A creation whose answer is lost is not repeated without `findDatabase` or `idempotent`: it fails as `outcome_unknown`.
 * - Nothing is looked at without `findDatabase`: a database that is gone is not noticed.
 * - Nothing is proved without `verify`: ready means that it was created.
 * - The secret comes with the database, does not expire and is not replaced. Suspending closes the gate alone.
 * - Without `deleteDatabase` a purge does not end.
 */
export function wrapUpstreamAdapter(adapter: UpstreamAdapter, options: UpstreamAdapterOptions = {}): DatabaseAdapter {
  const { driver } = adapter;
  const find = options.findDatabase;

  async function createDatabase(
    target: DatabaseTarget,
    { mustExist }: { mustExist: boolean },
    context: AdapterContext,
  ): Promise<CreatedDatabase> {
    const known = find && (await context.effect('up.find', () => call(() => find(target.databaseName))));
    if (known && (mustExist || !options.idempotent)) {
      if (mustExist) return { databaseUrl: addressOf(known.databaseUrl).url, externalUid: target.externalUid ?? '' };
      throw new AdapterError(
        'unauthorized',
        'The database was created, and the secret to it was lost with the answer.',
      );
    }
    if (mustExist && find) throw new AdapterError('unavailable', 'The database is not where it should be.');
    const { environmentId, databaseName, storageLimitMb, placement } = target;
    const request = { environmentId, projectId: environmentId, databaseName, region: placement.region, storageLimitMb };
    const made = await context.effect('up.create', () => call(() => adapter.createDatabase(request)));
    const { url, user, password } = addressOf(made.databaseUrl);
    const secret = made.plaintextSecret || password;
    if (!secret || (password !== '' && password !== secret)) {
      throw new AdapterError('invalid_request', 'The adapter returned no secret, or two that differ.');
    }
    // The name that goes with the secret is none; the row keeps it as what the provider calls the database's own.
    return { databaseUrl: url, externalUid: user, secret: new Secret(secret) };
  }

  return {
    driver,
    guarantees: 'reduced',
    // The shortest there is: nobody knows what the provider takes.
    maxNameLength: 26,
    createTimeoutMs: 60_000,
    settleMs: find ? 15 * 60_000 : 0,
    leavesBehind: ['whatever the provider keeps of a deleted database, which is not known here'],
    ...(!find && { blind: { createsOnce: options.idempotent !== true } }),
    credentials: {
      kind: 'provider_minted',
      comesWithDatabase: true,
      authorizations: ['full_access'],
      mintCredential: async () => {
        throw new AdapterError('unsupported', 'The adapter gives a database one secret, and no other.');
      },
      verifyRefused: async () => {
        throw new AdapterError('unsupported', 'The adapter cannot refuse a secret.');
      },
    },
    checkPlacement: async () => ({ identity: driver }),
    createDatabase,
    findDatabase: async (target, context) => {
      if (!find) return { kind: 'unknown', error: new AdapterError('unsupported', 'The adapter cannot look.') };
      try {
        const found = await context.effect('up.find', () => call(() => find(target.databaseName)));
        if (!found) return { kind: 'absent' };
        return { kind: 'ours', databaseUrl: addressOf(found.databaseUrl).url, externalUid: target.externalUid ?? '' };
      } catch (error) {
        return { kind: 'unknown', error };
      }
    },
    deleteDatabase: async ({ environmentId, databaseName }, context) => {
      const remove = adapter.deleteDatabase?.bind(adapter);
      if (!remove) throw new AdapterError('unsupported', 'The adapter cannot delete a database.');
      await context.effect('up.delete', () => call(() => remove({ projectId: environmentId, databaseName })));
    },
    verifyDatabase: async ({ databaseName }, credential, context) => {
      const { verify } = options;
      if (!verify || !credential) return;
      await context.effect('up.verify', () => call(() => verify({ databaseName, secret: credential.secret })));
    },
    describeConnection: (target, url, credential) => ({
      url,
      ...(target.externalUid && { user: target.externalUid }),
      ...(credential && { secret: credential.secret }),
    }),
    connect: async (target, databaseUrl, credential) => {
      const { connect } = options;
      if (!connect || !credential) {
        throw new AdapterError(
          'unsupported',
          'The adapter opens no connections; ask for the address and connect there.',
        );
      }
      return call(() => connect({ databaseUrl: withUser(databaseUrl, target.externalUid), secret: credential.secret }));
    },
  };
}

/** What it says when it fails is not passed on: it may hold an address or a secret, and proves nothing about what happened. */
async function call<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    throw new AdapterError('outcome_unknown', 'The adapter reported an error.');
  }
}

/** A token in a query is as secret as one anywhere. */
const SECRET_PARAMETERS = new Set([
  'authtoken',
  'auth_token',
  'access_token',
  'token',
  'jwt',
  'secret',
  'password',
  'sslpassword',
  'apikey',
  'api_key',
]);

/** These only sound like it: how and where to log in, and the path of a file. */
const PLAIN_PARAMETERS = new Set([
  'authsource',
  'authmechanism',
  'gssapiauthentication',
  'require_auth',
  'sslkey',
  'sslkeypath',
  'allowpublickeyretrieval',
]);

/** An address without what is secret in it. @throws AdapterError `invalid_request` */
function addressOf(text: string): { url: string; user: string; password: string } {
  if (!URL.canParse(text)) throw new AdapterError('invalid_request', 'The adapter returned no address.');
  const url = new URL(text);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_PARAMETERS.has(name.toLowerCase())) url.searchParams.delete(name);
    else if (/token|secret|password|key|auth/i.test(name) && !PLAIN_PARAMETERS.has(name.toLowerCase())) {
      throw new AdapterError(
        'invalid_request',
        `The adapter returned an address with the parameter ${name.slice(0, 50)}, of which nobody knows whether it is secret; return the secret as plaintextSecret.`,
      );
    }
  }
  return { url: url.href, user, password };
}

function withUser(databaseUrl: string, user: string | null): string {
  if (!user) return databaseUrl;
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(user);
  return url.href;
}
