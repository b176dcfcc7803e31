import type { DatabaseAdapter } from '@envplane/spec';
import { administratorPool } from './administrator-pool.ts';
import { administratorSecret } from './administrator-secret.ts';
import { adoptDatabases } from './adopt.ts';
import { connect, describeConnection, verifyDatabase, verifyRefused } from './connect.ts';
import { copyDatabase } from './copy.ts';
import { createDatabase } from './create.ts';
import { applyCredentials, endSessions, generateSecret } from './credentials.ts';
import { findDrift } from './drift.ts';
import { findDatabase } from './find.ts';
import { identifyDatabase } from './identify.ts';
import { listDatabases } from './inventory.ts';
import { checkPlacement } from './placement.ts';
import { deleteDatabase } from './remove.ts';
import { measureDatabase } from './stats.ts';
import { resumeDatabase, suspendDatabase } from './suspend.ts';

export { type PostgresEffect, postgresEffects } from './effects.ts';

/**
 * One database of a PostgreSQL server an environment, from version 15 on. Tenants own a schema, not the database. A placement's
 * settings are described at `placeOf`. Sessions of the administrator wait
 * some seconds for their next use; `close` ends them.
 */
export function postgresAdapter(): DatabaseAdapter & { close(): Promise<void> } {
  const pool = administratorPool();
  return {
    driver: 'postgres',
    dialect: 'postgres',
    guarantees: 'full',
    maxNameLength: 40,
    createTimeoutMs: 20_000,
    settleMs: 0,
    leavesBehind: [
      'base backups and archived WAL of the server, until they expire',
      'the WAL and the log of the server, and its standbys until they have replayed the drop',
    ],
    credentials: {
      kind: 'caller_set',
      credentialKind: 'password',
      authorizations: ['full_access', 'read_only'],
      generateSecret,
      applyCredentials: (...call) => applyCredentials(pool, ...call),
      endSessions: (...call) => endSessions(pool, ...call),
      verifyRefused,
    },
    limits: { storage: 'measured' },
    copy: { mode: 'source_closed', copyDatabase: (...call) => copyDatabase(pool, ...call) },
    suspend: {
      suspendDatabase: (...call) => suspendDatabase(pool, ...call),
      resumeDatabase: (...call) => resumeDatabase(pool, ...call),
    },
    inventory: { listDatabases: (...call) => listDatabases(pool, ...call) },
    recovery: { identifyDatabase: (...call) => identifyDatabase(pool, ...call) },
    adopt: adoptDatabases(pool),
    administrator: administratorSecret,
    stats: { measureDatabase: (target, _credential, context) => measureDatabase(pool, target, context) },
    drift: { findDrift: (...call) => findDrift(pool, ...call) },

    checkPlacement,
    createDatabase: (...call) => createDatabase(pool, ...call),
    findDatabase: (...call) => findDatabase(pool, ...call),
    deleteDatabase: (...call) => deleteDatabase(pool, ...call),
    verifyDatabase,
    describeConnection,
    connect,
    close: () => pool.close(),
  };
}
