import { randomBytes } from 'node:crypto';
import {
  type AdapterCredential,
  AdapterError,
  type CredentialsFacet,
  type DatabaseAdapter,
  type DatabaseHandle,
  openAll,
  Secret,
  type VerifyRefused,
} from '@envplane/spec';
import { describeDatabaseFacets, describeIsolation } from '@envplane/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { sqliteHarness } from './sqlite-harness.ts';

/** SQLite behind a door that asks for a password, so that the suite's cases for credentials and suspension run without a server. */
function behindPassword(inner: DatabaseAdapter, kind: 'caller_set' | 'provider_minted'): DatabaseAdapter {
  const accepted = new Map<string, string[]>();
  /** Ids of the credentials that were set. */
  const known = new Map<string, string[]>();
  const suspended = new Set<string>();
  const newSecret = () => new Secret(randomBytes(24).toString('base64url'));
  const verifyRefused: VerifyRefused = async ({ databaseName }, { secret }) => {
    if (accepted.get(databaseName)?.includes(secret.reveal())) {
      throw new AdapterError('unavailable', 'The password is accepted.');
    }
  };
  const credentials: CredentialsFacet =
    kind === 'caller_set'
      ? {
          kind,
          credentialKind: 'password',
          authorizations: ['full_access'],
          generateSecret: newSecret,
          async applyCredentials(target, credentials) {
            const all = await openAll(credentials);
            accepted.set(
              target.databaseName,
              all.map(({ secret }) => secret.reveal()),
            );
            known.set(
              target.databaseName,
              all.map(({ credentialId }) => credentialId),
            );
          },
          verifyRefused,
        }
      : {
          kind,
          authorizations: ['full_access'],
          async mintCredential(target) {
            const secret = newSecret();
            accepted.set(target.databaseName, [...(accepted.get(target.databaseName) ?? []), secret.reveal()]);
            return { secret, expiresAtMs: Date.now() + 60_000 };
          },
          verifyRefused,
        };

  function logIn(databaseName: string, credential: AdapterCredential | null): void {
    const isKnown = accepted.get(databaseName)?.includes(credential?.secret.reveal() ?? '');
    if (suspended.has(databaseName) || !isKnown) {
      throw new AdapterError('unauthorized', 'The password is refused.');
    }
  }
  return {
    ...inner,
    credentials,
    drift: {
      async findDrift(target, expected, context) {
        const found = (await inner.drift?.findDrift(target, expected, context)) ?? [];
        if (kind === 'provider_minted' || expected === null) return found;
        const set = known.get(target.databaseName) ?? [];
        const isSet = ({ credentialId }: { credentialId: string }) => set.includes(credentialId);
        const strangers = set.filter((id) => expected.every(({ credentialId }) => credentialId !== id));
        const missing = expected.filter((each) => each.isActive && !isSet(each));
        const grants = (detail: string) => ({ kind: 'grants' as const, detail });
        return [
          ...found,
          ...(strangers.length > 0 ? [grants('too many')] : []),
          ...(missing.length > 0 ? [grants('too few')] : []),
        ];
      },
    },
    suspend: {
      async suspendDatabase(target) {
        suspended.add(target.databaseName);
      },
      async resumeDatabase(target) {
        suspended.delete(target.databaseName);
      },
    },
    async verifyDatabase(target, credential, context) {
      logIn(target.databaseName, credential);
      await inner.verifyDatabase(target, null, context);
    },
    async connect(target, databaseUrl, credential) {
      const ask = () => logIn(target.databaseName, credential);
      ask();
      const handle = await inner.connect(target, databaseUrl, null);
      return {
        ...asking(handle, ask),
        tx: (body) =>
          handle.tx(async (tx) => {
            const result = await body(asking(tx, ask));
            ask();
            return result;
          }),
        close: () => handle.close(),
      };
    },
  };
}

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;

/** Every statement asks for the password again: whoever is in is put out with it. */
function asking(statements: Statements, ask: () => void): Statements {
  return {
    query: async (...statement) => {
      ask();
      return statements.query(...statement);
    },
    one: async (...statement) => {
      ask();
      return statements.one(...statement);
    },
    exec: async (...statement) => {
      ask();
      return statements.exec(...statement);
    },
  };
}

describe.each(['caller_set', 'provider_minted'] as const)('%s', (kind) => {
  const harness = sqliteHarness();
  beforeAll(async () => {
    await harness.adapter.checkPlacement(harness.placement);
  });
  afterAll(() => harness.close());
  const guarded = { ...harness, adapter: behindPassword(harness.adapter, kind) };
  describeDatabaseFacets(guarded);
  describeIsolation(guarded);
});
