import type { DatabaseAdapter, ProviderMintedCredentials } from '@envplane/spec';
import { adoptDatabases } from './adopt.ts';
import { connect, describeConnection, verifyDatabase, verifyRefused } from './connect.ts';
import { copyDatabase } from './copy.ts';
import { createDatabase } from './create.ts';
import { mintCredential, withdrawCredentials } from './credentials.ts';
import { findDrift } from './drift.ts';
import { identifyDatabase } from './identify.ts';
import { listDatabases } from './inventory.ts';
import { findDatabase } from './observe.ts';
import { MAX_NAME_LENGTH } from './place.ts';
import { checkPlacement } from './placement.ts';
import { deleteDatabase } from './remove.ts';
import { measureDatabase } from './stats.ts';
import { setBlocked } from './suspend.ts';

export { type TursoEffect, tursoEffects } from './effects.ts';

/** A request that was delayed on its way may still arrive for this long: the provider cannot be told to refuse it (F4). */
const SETTLE_MS = 15 * 60_000;

/**
 * One database of Turso Cloud an environment. A placement is a group:
 *
 * | setting | |
 * |---|---|
 * | `organization` | slug of the organization, at most 36 characters |
 * | `group` | name of the group, which decides the region |
 * | `apiUrl` | optional: https origin of the Platform API, `https://api.turso.tech` |
 *
 * The administrator of the placement is a platform token, best one of the group alone, with the scopes `read`, `db:create`,
 * `db:delete`, `db:configure` and `db:mint-token`. Only an emergency needs `db:rotate-creds`, and is refused without it (S36).
 *
 * `fetch` is what every request goes through, to the API and to databases; it must speak TLS to the host it is asked for.
 */
export function tursoAdapter(options: { fetch?: typeof globalThis.fetch } = {}): DatabaseAdapter {
  const fetch = options.fetch ?? globalThis.fetch;
  return {
    driver: 'turso',
    guarantees: 'full',
    maxNameLength: MAX_NAME_LENGTH,
    createTimeoutMs: 60_000,
    settleMs: SETTLE_MS,
    leavesBehind: ['backups of Turso, for the time of its plan'],
    credentials: databaseTokens(fetch),
    limits: { storage: 'enforced' },
    copy: {
      mode: 'online',
      copyDatabase: (source, target, what, context) => copyDatabase(fetch, source, target, what, context),
    },
    suspend: {
      suspendDatabase: (target, context) => setBlocked(fetch, target, true, context),
      resumeDatabase: (target, context) => setBlocked(fetch, target, false, context),
    },
    inventory: {
      listDatabases: (placement, installationId, context) => listDatabases(fetch, placement, installationId, context),
    },
    recovery: {
      identifyDatabase: (placement, database, context) => identifyDatabase(fetch, placement, database, context),
    },
    adopt: adoptDatabases(fetch),
    stats: { measureDatabase: (target, _credential, context) => measureDatabase(fetch, target, context) },
    drift: { findDrift: (target, _accepted, context) => findDrift(fetch, target, context) },

    // Not seen at the cloud; it is the same server and the same protocol.
    socketsOutlive: true,
    checkPlacement: (placement) => checkPlacement(fetch, placement),
    createDatabase: (target, what, context) => createDatabase(fetch, target, what, context),
    findDatabase: (target, context) => findDatabase(fetch, target, context),
    deleteDatabase: (target, context) => deleteDatabase(fetch, target, context),
    verifyDatabase: (target, credential, context) => verifyDatabase(fetch, target, credential, context),
    describeConnection,
    connect: async (target, databaseUrl, credential) => connect(fetch, target, databaseUrl, credential),
  };
}

/**
 * Tokens of one database, minted by the provider, good for 90 days.
 *
 * LIMIT: **one token cannot be revoked.** The provider can only end all tokens of a database at once, by rotating its keys. In an
 * emergency that is what happens; otherwise a replaced token stays good until it expires.
 *
 * LIMIT: the vendor's API reference says that the call ends the tokens of that database, its command line ends those of the whole
 * group instead. Which it is was not seen at the cloud; the tokens of the database are called refused when they are seen refused.
 */
function databaseTokens(fetch: typeof globalThis.fetch): ProviderMintedCredentials {
  return {
    kind: 'provider_minted',
    authorizations: ['full_access', 'read_only'],
    mintCredential: (target, request, context) => mintCredential(fetch, target, request, context),
    withdrawal: {
      reach: 'database',
      withdrawCredentials: (target, context) => withdrawCredentials(fetch, target, context),
    },
    verifyRefused: (target, credential, context) => verifyRefused(fetch, target, credential, context),
  };
}
