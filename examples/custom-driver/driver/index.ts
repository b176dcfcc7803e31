import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type DatabaseAdapter,
  type DatabaseLocation,
  type DatabaseTarget,
  openAll,
  Secret,
} from '@envplane/spec';
import {
  claimFile,
  type File,
  foreign,
  isLogin,
  openFile,
  ownerAt,
  probe,
  requireOwner,
  setLogins,
  toAdapterError,
  withFile,
} from './file.ts';
import { handleOn } from './handle.ts';

/**
 * One SQLite file an environment under `rootDirectory`, which must be on a local file system. Each file holds a login of its
 * own, and `connect` checks it; a process of the same user can open the file without.
 */
export function fileboxAdapter({ rootDirectory }: { rootDirectory: string }): DatabaseAdapter {
  const root = resolve(rootDirectory);

  /** Nothing but a generated name becomes part of a path. */
  function pathOf({ databaseName, organizationScope }: DatabaseTarget): string {
    if (![databaseName, organizationScope].every((name) => /^[a-z0-9]{20,40}$/.test(name))) {
      throw new AdapterError('invalid_request', 'The name of the database or of its scope is not a generated one.');
    }
    return join(root, `${databaseName}.db`);
  }

  function withOwn<T>(target: DatabaseTarget, use: (file: File) => T): T {
    return withFile(pathOf(target), (file) => {
      requireOwner(file, target.objectId);
      return use(file);
    });
  }

  function locationOf(target: DatabaseTarget): DatabaseLocation {
    return { databaseUrl: pathToFileURL(pathOf(target)).href, externalUid: target.objectId };
  }

  return {
    driver: 'filebox',
    guarantees: 'full',
    maxNameLength: 40,
    createTimeoutMs: 10_000,
    settleMs: 0,
    leavesBehind: ['backups of the directory, until they expire'],

    credentials: {
      kind: 'caller_set',
      credentialKind: 'password',
      authorizations: ['full_access'],
      generateSecret,
      applyCredentials: async (target, credentials, context) => {
        const all = await openAll(credentials);
        return change(context, 'filebox.set-login', () => withOwn(target, (file) => setLogins(file, all)));
      },
      verifyRefused: (target, credential, context) =>
        look(context, 'filebox.verify-refused', () =>
          withOwn(target, (file) => {
            if (isLogin(file, credential)) throw new AdapterError('unavailable', 'The old secret opens the file.');
          }),
        ),
    },

    stats: {
      measureDatabase: (target, _credential, context) =>
        look(context, 'filebox.measure', () => withOwn(target, ({ name }) => ({ sizeBytes: statSync(name).size }))),
    },

    checkPlacement: async () =>
      attempt(() => {
        mkdirSync(root, { recursive: true, mode: 0o700 });
        if ((statSync(root).mode & 0o077) !== 0) {
          throw new AdapterError('invalid_request', 'The data directory is open to other users; chmod it to 0700.');
        }
        return { identity: withFile(join(root, 'placement.db'), (file) => claimFile(file, randomUUID()), true) };
      }),

    createDatabase: (target, { mustExist }, context) =>
      change(context, 'filebox.create', () => {
        if (!mustExist) withFile(pathOf(target), (file) => claimFile(file, target.objectId), true);
        return withOwn(target, () => locationOf(target));
      }),

    async findDatabase(target, context) {
      try {
        const owner = await look(context, 'filebox.observe', () => ownerAt(pathOf(target)));
        if (owner === null) return { kind: 'absent' };
        return owner === target.objectId ? { kind: 'ours', ...locationOf(target) } : { kind: 'foreign' };
      } catch (error) {
        if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
        return { kind: 'unknown', error: toAdapterError(error) };
      }
    },

    deleteDatabase: (target, context) =>
      change(context, 'filebox.delete', () => {
        const path = pathOf(target);
        const owner = ownerAt(path);
        if (owner !== null && owner !== target.objectId) throw foreign();
        // The database goes last: until then it is found as ours, and an interrupted delete is repeated.
        rmSync(`${path}-journal`, { force: true });
        rmSync(path, { force: true });
        syncDirectory(root);
      }),

    verifyDatabase: (target, credential, context) =>
      look(context, 'filebox.verify', () =>
        withOwn(target, (file) => {
          const { slot } = logIn(file, credential);
          probe(file);
          if (isLogin(file, { slot, secret: generateSecret() })) {
            throw new AdapterError('unsupported', 'Any secret opens the database.');
          }
        }),
      ),

    describeConnection: (_target, databaseUrl, credential) => ({
      url: databaseUrl,
      ...(credential && { secret: credential.secret }),
    }),

    connect: async (target, _databaseUrl, credential) =>
      attempt(() => {
        const file = openFile(pathOf(target));
        try {
          requireOwner(file, target.objectId);
          logIn(file, credential);
          return handleOn(file);
        } catch (error) {
          file.close();
          throw error;
        }
      }),
  };
}

function generateSecret(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

function logIn(file: File, credential: AdapterCredential | null): AdapterCredential {
  if (credential && isLogin(file, credential)) return credential;
  throw new AdapterError('unauthorized', 'The login is refused.');
}

/** One look at the disk, under its failpoint name. */
function look<T>(context: AdapterContext, name: string, run: () => T): Promise<T> {
  return context.effect(name, () => attempt(run, context.signal));
}

/** One change of the disk, for the holder of the claim only (F3). */
function change<T>(context: AdapterContext, name: string, run: () => T): Promise<T> {
  return context.fenced(name, () => attempt(run, context.signal));
}

function attempt<T>(run: () => T, signal?: AbortSignal): T {
  try {
    signal?.throwIfAborted();
    return run();
  } catch (error) {
    throw toAdapterError(error);
  }
}

/** Waits until removed names are off the disk. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
