import { randomInt, randomUUID } from 'node:crypto';
import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type Authorization,
  type DatabaseTarget,
  type Secret,
} from '@envplane/spec';
import { z } from 'zod';
import { runStatements } from './client.ts';
import { demand, mint, OWN_TOKEN_SECONDS } from './connect.ts';
import { databaseUrlOf, namespaceOf, placeOf } from './place.ts';
import { generateSigningKey } from './tokens.ts';

type Address = Parameters<typeof runStatements>[0];

/**
 * The contract's `verifyDatabase`. With full access it writes and reads in a transaction that is rolled back, and sees refused
 * no token, a token for another namespace and one of a key that nobody set; with a read-only credential it reads, and sees
 * refused no token and a write.
 */
export async function verifyDatabase(
  target: DatabaseTarget,
  credential: AdapterCredential | null,
  { signal }: AdapterContext,
): Promise<void> {
  const namespace = namespaceOf(target);
  const at = { databaseUrl: databaseUrlOf(placeOf(target.placement), namespace), namespace, signal };
  const given = demand(credential);
  const tokenOf = (claim: Partial<AdapterCredential>, name = namespace) =>
    mint(name, { ...given, ...claim }, OWN_TOKEN_SECONDS).token;
  const own = tokenOf({});
  const forbidden =
    given.authorization === 'full_access'
      ? [
          expectRefusal(at, tokenOf({}, `${namespace}-other`), READ),
          expectRefusal(at, tokenOf({ secret: generateSigningKey() }), READ),
        ]
      : [expectRefusal(at, own, harmlessWrite())];
  const attempts = await Promise.allSettled([
    logIn(at, own, given.authorization),
    expectRefusal(at, null, READ),
    ...forbidden,
  ]);
  for (const attempt of attempts) if (attempt.status === 'rejected') throw attempt.reason;
}

/** The contract's `verifyRefused`: a token that the key signs now opens nothing. */
export async function verifyRefused(
  target: DatabaseTarget,
  credential: AdapterCredential,
  { signal }: AdapterContext,
): Promise<void> {
  const namespace = namespaceOf(target);
  const at = { databaseUrl: databaseUrlOf(placeOf(target.placement), namespace), namespace, signal };
  const { status } = await runStatements(at, mint(namespace, credential, OWN_TOKEN_SECONDS).token, [READ]);
  if (status === 401) return;
  throw new AdapterError('unavailable', 'The database does not refuse the old credential.');
}

async function logIn(at: Address, token: Secret, authorization: Authorization): Promise<void> {
  const written = String(randomInt(1, 2 ** 31));
  // The header is written, not a row: a database that is full by its limit is still fit.
  const statements =
    authorization === 'full_access'
      ? ['BEGIN IMMEDIATE', `PRAGMA user_version = ${written}`, 'PRAGMA user_version', 'ROLLBACK']
      : [`SELECT ${written}`];
  const { status, body } = await runStatements(at, token, statements);
  // A credential that was just set and is refused may be on its way; only the admin port settles anything.
  if (REFUSALS.includes(status)) throw new AdapterError('unavailable', 'The database refuses the credential.');
  if (status !== 200) throw new AdapterError('outcome_unknown', 'The server answered with an error.');
  if (!valuesOf(body).includes(written)) {
    throw new AdapterError('unavailable', 'The database did not return what was written.');
  }
}

async function expectRefusal(at: Address, token: Secret | null, statement: string): Promise<void> {
  const { status } = await runStatements(at, token, [statement]);
  if (REFUSALS.includes(status)) return;
  if (status === 200) throw new AdapterError('unsupported', 'The database lets in what it must refuse.');
  throw new AdapterError('outcome_unknown', 'The server answered with an error.');
}

/** For a token of another namespace the server answers 404. */
const REFUSALS = [401, 403, 404];

const READ = 'SELECT 1';

/** A write that changes nothing, should it be let through: no table has this name. */
export function harmlessWrite(): string {
  return `DROP TABLE IF EXISTS "${randomUUID()}"`;
}

const resultSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ok'),
    response: z.object({
      result: z.object({ rows: z.array(z.array(z.object({ value: z.unknown() }))) }).optional(),
    }),
  }),
  z.object({ type: z.literal('error') }),
]);
const answerSchema = z.object({ results: z.array(resultSchema) });

/** The first value of each statement's rows. @throws AdapterError `unavailable` where one failed, a suspended database for one */
function valuesOf(body: string): unknown[] {
  return answerSchema.parse(JSON.parse(body)).results.map((result) => {
    if (result.type === 'error') throw new AdapterError('unavailable', 'The database does not work as it should.');
    return result.response.result?.rows[0]?.[0]?.value;
  });
}
