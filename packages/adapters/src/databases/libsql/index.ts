import type { DatabaseAdapter } from '@envplane/spec';
import { adoptNamespaces } from './adopt.ts';
import { connect, describeConnection } from './connect.ts';
import { copyDatabase } from './copy.ts';
import { createDatabase } from './create.ts';
import { signingKeys } from './credential.ts';
import { findDrift } from './drift.ts';
import { effect } from './effects.ts';
import { identifyDatabase } from './identify.ts';
import { findDatabase } from './observe.ts';
import { checkPlacement } from './placement.ts';
import { deleteDatabase } from './remove.ts';
import { measureDatabase } from './stats.ts';
import { setBlocked } from './suspend.ts';
import { verifyDatabase } from './verify.ts';

export { type LibsqlEffect, libsqlEffects } from './effects.ts';

/** A request that was delayed on its way may still arrive for this long: the server cannot be told to refuse it (F4). */
const SETTLE_MS = 15 * 60_000;

/**
 * One namespace of a libSQL server (sqld) an environment. A placement is a server:
 *
 * | setting | |
 * |---|---|
 * | `url` | origin of the data port |
 * | `adminUrl` | origin of the admin port; keep it on a private network |
 * | `domain` | optional: every namespace is reached as `https://<name>.<domain>` (wildcard DNS and certificate) |
 *
 * Both ports take `http` on loopback and `https` everywhere else. The administrator of the placement is `user:pass` of the admin
 * port. The server must run with `--enable-namespaces`, `--disable-default-namespace`, `--admin-auth-key` and a JWT key of its
 * own; `checkPlacement` refuses others.
 *
 * The server has no list of its namespaces, so there is no `inventory`.
 */
export function libsqlAdapter(): DatabaseAdapter {
  return {
    driver: 'libsql',
    guarantees: 'full',
    maxNameLength: 40,
    createTimeoutMs: 20_000,
    settleMs: SETTLE_MS,
    leavesBehind: [
      'backups that the server keeps in a bucket (bottomless): it is told to remove them, which is not seen from here; versions of objects stay as the bucket keeps them',
      'snapshots and backups of the disk of the server, until they expire',
    ],
    credentials: signingKeys,
    limits: { storage: 'enforced' },
    copy: { mode: 'online', copyDatabase },
    suspend: {
      suspendDatabase: (target, context) => setBlocked(target, true, context),
      resumeDatabase: (target, context) => setBlocked(target, false, context),
    },
    recovery: { identifyDatabase },
    adopt: adoptNamespaces,
    stats: { measureDatabase },
    drift: { findDrift },

    checkPlacement,
    createDatabase,
    findDatabase,
    deleteDatabase,
    verifyDatabase: (target, credential, context) =>
      effect(context, 'ns.login', () => verifyDatabase(target, credential, context)),
    limitsConnections: true,
    socketsOutlive: true,
    describeConnection,
    connect: async (target, databaseUrl, credential) => connect(target, databaseUrl, credential),
  };
}
