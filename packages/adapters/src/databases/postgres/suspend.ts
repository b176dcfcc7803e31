import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import type { AdministratorPool } from './administrator-pool.ts';
import { effect } from './effects.ts';
import { type FencedWork, underFence } from './fence.ts';
import { identifier, literal, loginsOf } from './names.ts';
import { standing } from './observe.ts';
import { arrayOf, closeLogins, enterable } from './roles.ts';

/** How long the server waits for one session to end, in ms. */
const SESSION_END_MS = 5_000;

/** The contract's `suspendDatabase`: no login lets anybody in, and whoever is in is put out, since sessions survive NOLOGIN (S18). */
export async function suspendDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  await underFence(pool, target, context, async (work) => {
    const { session, script, names, found } = work;
    standing(found);
    await effect(context, 'pg.cut', async () => script(await closeLogins(session, names)));
    await effect(context, 'pg.terminate', () => terminate(work, loginsOf(names)));
  });
}

/** The contract's `resumeDatabase`: the same logins with the same secrets. One that was revoked stays closed. */
export async function resumeDatabase(
  pool: AdministratorPool,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  await underFence(
    pool,
    target,
    context,
    async ({ session, script, names, found }) => {
      standing(found);
      await effect(context, 'pg.reopen', async () => {
        const logins = await enterable(session, names);
        await script(logins.map((login) => `ALTER ROLE ${identifier(login)} LOGIN`));
      });
    },
    { isOneTransaction: true },
  );
}

/** Ends every session of these logins and waits until they are gone. @throws AdapterError `unavailable` when one stays */
export async function terminate({ session, script }: FencedWork, logins: readonly string[]): Promise<void> {
  const ofLogins = `FROM pg_stat_activity WHERE usename = ANY (${literal(arrayOf(logins))}::name[])`;
  const results = await script<{ ended: boolean }>([
    `SELECT pg_terminate_backend(pid, ${SESSION_END_MS}) AS ended ${ofLogins}`,
  ]);
  const rows = results.at(-1) ?? [];
  // Of one that ended by itself in this moment the server says that it could not be ended.
  const isOneLeft = rows.some(({ ended }) => !ended) && (await session.rows(`SELECT 1 ${ofLogins}`)).length > 0;
  if (isOneLeft) throw new AdapterError('unavailable', 'A session of the tenant has not ended yet.');
}
