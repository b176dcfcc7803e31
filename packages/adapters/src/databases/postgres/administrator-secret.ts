import type { AdapterContext, AdministratorFacet, Placement, Secret } from '@envplane/spec';
import { asAdministrator } from './administrator.ts';
import { generateSecret } from './credentials.ts';
import { effect } from './effects.ts';
import { codeOf, stale } from './errors.ts';
import { passFence } from './fence.ts';
import { FENCE_DATABASE, literal } from './names.ts';
import { administratorVerifier } from './scram.ts';
import type { Session } from './session.ts';
import { placeOf } from './settings.ts';

/** How long the server waits for one session to end, in ms. */
const SESSION_END_MS = 5_000;

/** What the server answers to a wrong password, and to a role that may not log in. */
const REFUSED = ['28P01', '28000'];

/**
 * The contract's facet. A role may always set its own password, and nobody has to grant it anything for that; two roles that set
 * each other's would be members of each other, which the server refuses from version 16 on (ADR 55).
 */
export const administratorSecret: AdministratorFacet = {
  generateSecret,
  nameOf: ({ url }) => decodeURIComponent(new URL(String(url)).username),
  setAdministrator,
  isAdministratorAccepted,
  endAdministratorSessions,
};

/** Fence and password are one transaction: a late call of an earlier rotation finds the fence passed, and changes nothing. */
async function setAdministrator(placement: Placement, next: Secret, context: AdapterContext): Promise<void> {
  const { user } = placeOf(placement).administrator;
  const verifier = await administratorVerifier(placement.id, next, context.fenceEpoch);
  await inFenceDatabase(placement, context, 'pg.administrator-set', (session) =>
    session.transaction(async () => {
      const passed = await session.rows(passFence(`administrator ${user}`, context.fenceEpoch));
      if (passed.length !== 1) throw stale();
      await session.run(`ALTER ROLE CURRENT_USER PASSWORD ${literal(verifier)}`);
    }),
  );
}

function isAdministratorAccepted(placement: Placement, context: AdapterContext): Promise<boolean> {
  return inFenceDatabase(placement, context, 'pg.administrator-login', async (session) => {
    try {
      await session.run('SELECT 1');
      return true;
    } catch (error) {
      if (REFUSED.includes(codeOf(error))) return false;
      throw error;
    }
  });
}

/** Sessions of this service are among them: what they were doing is done again. */
async function endAdministratorSessions(placement: Placement, context: AdapterContext): Promise<void> {
  await inFenceDatabase(placement, context, 'pg.administrator-end', (session) =>
    session.rows(
      `SELECT pg_terminate_backend(pid, $1::bigint) FROM pg_stat_activity
       WHERE usename = current_user AND pid <> pg_backend_pid()`,
      [SESSION_END_MS],
    ),
  );
}

/** Not of the pool: whether a login is accepted is seen by logging in. */
function inFenceDatabase<T>(
  placement: Placement,
  context: AdapterContext,
  name: Parameters<typeof effect>[1],
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const place = placeOf(placement);
  return effect(context, name, () => asAdministrator(place, FENCE_DATABASE, context.signal, use));
}
