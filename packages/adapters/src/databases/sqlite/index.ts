import { resolve } from 'node:path';
import type { DatabaseAdapter } from '@envplane/spec';
import { adoptFiles } from './adopt.ts';
import { archiveDatabase, restoreDatabase } from './archive.ts';
import { connect, verifyDatabase } from './connect.ts';
import { copyDatabase } from './copy.ts';
import { createDatabase } from './create.ts';
import { findDrift } from './drift.ts';
import { effect } from './effects.ts';
import { identifyDatabase } from './identify.ts';
import { listDatabases } from './inventory.ts';
import { findDatabase } from './observe.ts';
import { checkPlacement } from './placement.ts';
import { deleteDatabase } from './remove.ts';
import { measureDatabase } from './stats.ts';

export { type SqliteEffect, sqliteEffects } from './effects.ts';

/**
 * One SQLite file an environment, under `rootDirectory` on a file system of this host. Isolation is the connection and file
 * permission: contents lie in clear on disk, and a process of the same user can open them.
 */
export function sqliteAdapter(options: { rootDirectory: string }): DatabaseAdapter {
  const root = resolve(options.rootDirectory);
  return {
    driver: 'sqlite',
    dialect: 'sqlite',
    guarantees: 'full',
    maxNameLength: 40,
    createTimeoutMs: 10_000,
    settleMs: 0,
    leavesBehind: [
      'blocks of the deleted file on the disk, until they are overwritten',
      'snapshots and backups of the directory, until they expire',
    ],
    credentials: { kind: 'none' },
    limits: { storage: 'measured' },
    copy: {
      mode: 'online',
      copyDatabase: (source, target, what, context) => copyDatabase(root, source, target, what, context),
    },
    archive: {
      archiveDatabase: (target, context) => archiveDatabase(root, target, context),
      restoreDatabase: (target, context) => restoreDatabase(root, target, context),
    },
    inventory: {
      listDatabases: (_placement, installationId, context) => listDatabases(root, installationId, context),
    },
    recovery: { identifyDatabase: (_placement, database, context) => identifyDatabase(root, database, context) },
    adopt: adoptFiles,
    stats: { measureDatabase: (target, _credential, context) => measureDatabase(root, target, context) },
    drift: { findDrift: (target, _accepted, context) => findDrift(root, target, context) },

    checkPlacement: () => checkPlacement(root),
    createDatabase: (target, what, context) => createDatabase(root, target, what, context),
    findDatabase: (target, context) => findDatabase(root, target, context),
    deleteDatabase: (target, context) => deleteDatabase(root, target, context),
    verifyDatabase: (target, credential, context) =>
      effect(context, 'sq.login', () => verifyDatabase(root, target, credential)),
    describeConnection: (_target, databaseUrl) => ({ url: databaseUrl }),
    connect: async (target, databaseUrl, credential) => connect(root, target, databaseUrl, credential),
  };
}
