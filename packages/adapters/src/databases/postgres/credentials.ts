import { randomBytes } from 'node:crypto';
import {
  type AdapterContext,
  type AdapterCredential,
  type CredentialSlot,
  type CredentialToAccept,
  type DatabaseTarget,
  openAll,
  Secret,
} from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { underFence } from './fence.ts';
import { identifier, literal, type Names, namesOf, TENANT_SCHEMA } from './names.ts';
import { standing } from './observe.ts';
import { newRole, stayWithin } from './roles.ts';
import { scramVerifier } from './scram.ts';
import { terminate } from './suspend.ts';

const SECRET_BYTES = 32;

/** Defaults of a tenant's session, which it may change: limits that hold belong to the cluster or to a pooler (S16). */
const SESSION_DEFAULTS = {
  search_path: TENANT_SCHEMA,
  statement_timeout: '60s',
  idle_in_transaction_session_timeout: '60s',
};

/** The contract's `generateSecret`: a password of 256 random bits. */
export function generateSecret(): Secret {
  return new Secret(randomBytes(SECRET_BYTES).toString('base64url'));
}

/**
 * The contract's `applyCredentials`. Both slots act as the same role, so what one has created the other can use. The server lets in
 * whoever knows a secret from then on and nobody else, and no login that would reach more than its own database (S13); sessions of an
 * earlier secret stay until `endSessions` (S18). A database that is suspended stays so: it is the end of its suspension that lets them in.
 */
export async function applyCredentials(
  pool: AdministratorPool,
  target: DatabaseTarget,
  credentials: readonly CredentialToAccept[],
  context: AdapterContext,
): Promise<void> {
  const names = namesOf(target);
  const verified = async (some: Promise<AdapterCredential[]>) =>
    Promise.all((await some).map(async (credential) => ({ credential, verifier: await scramVerifier(credential) })));
  const unproved = credentials.filter((each) => !isProved(each));
  // Opened and computed while the fence is waited for.
  const expected = verified(prepareAll(unproved));
  // Who waits for them hears what is wrong; until then the fence may refuse.
  expected.catch(() => undefined);
  const stored = unproved.some(isUnstored) ? () => openAll(unproved) : undefined;
  await underFence(
    pool,
    target,
    context,
    async ({ place, script, found }) => {
      const { logins, suspended } = standing(found);
      const open = credentials.map((each) => loginOf(names, each));
      const gone = credentials.filter((each) => isProved(each) && !logins.includes(loginOf(names, each)));
      const set = [...(await expected), ...(await verified(openAll(gone)))];
      const entering = set.map(({ credential }) => loginOf(names, credential));
      const statements = [
        ...logins.filter((login) => !open.includes(login)).flatMap((login) => shutOut(names, login)),
        ...open.filter((login) => !logins.includes(login)).flatMap((login) => newRole(names, login)),
        ...set.flatMap(({ credential, verifier }) =>
          letIn(names, credential, verifier, suspended ? 'NOLOGIN' : 'LOGIN'),
        ),
        ...(entering.length > 0 ? [stayWithin(place, entering)] : []),
      ];
      await effect(context, 'pg.set', () => script(statements, stored));
    },
    { isOneTransaction: true },
  );
}

const prepareAll = (credentials: readonly CredentialToAccept[]): Promise<AdapterCredential[]> =>
  Promise.all(credentials.map(async (each) => ('open' in each ? (each.prepare?.() ?? each.open()) : each)));

const isUnstored = (credential: CredentialToAccept): boolean => 'prepare' in credential;
const isProved = (credential: CredentialToAccept): boolean => 'open' in credential && credential.isProved;

function letIn(names: Names, credential: AdapterCredential, verifier: string, right: 'LOGIN' | 'NOLOGIN'): string[] {
  const login = loginOf(names, credential);
  const role = credential.authorization === 'full_access' ? names.owner : names.reader;
  const inDatabase = `ALTER ROLE ${identifier(login)} IN DATABASE ${identifier(names.database)} SET`;
  return [
    `GRANT ${identifier(role)} TO ${identifier(login)}`,
    `GRANT CONNECT ON DATABASE ${identifier(names.database)} TO ${identifier(login)}`,
    ...Object.entries({ role, ...SESSION_DEFAULTS }).map(
      ([name, value]) => `${inDatabase} ${name} = ${literal(value)}`,
    ),
    `ALTER ROLE ${identifier(login)} ${right} PASSWORD ${literal(verifier)}`,
  ];
}

/** Closes a login and forgets its secret. Without CONNECT it also stays closed when a suspension ends. */
function shutOut(names: Names, login: string): string[] {
  return [
    `ALTER ROLE ${identifier(login)} NOLOGIN PASSWORD NULL`,
    `REVOKE CONNECT ON DATABASE ${identifier(names.database)} FROM ${identifier(login)}`,
  ];
}

/** The contract's `endSessions`. */
export async function endSessions(
  pool: AdministratorPool,
  target: DatabaseTarget,
  slots: readonly CredentialSlot[],
  context: AdapterContext,
): Promise<void> {
  await underFence(
    pool,
    target,
    context,
    async (work) => {
      standing(work.found);
      const logins = slots.map((slot) => loginOf(work.names, slot));
      await effect(context, 'pg.terminate', () => terminate(work, logins));
    },
    { isOneTransaction: true },
  );
}

/** The login that a credential belongs to. */
export function loginOf(names: Names, { authorization, slot }: CredentialSlot): string {
  return names.logins[authorization][slot];
}
