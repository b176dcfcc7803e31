import {
  type AdapterContext,
  AdapterError,
  type AdoptFacet,
  type DatabaseAdapter,
  type DatabaseTarget,
} from '@envplane/spec';

/**
 * An adapter for one database that was taken over. It finds, proves and opens it, and has no way to make, change, move or remove
 * it: suspending and archiving are the gate's alone.
 */
export function servingAdopted(adapter: DatabaseAdapter, databaseUrl: string): DatabaseAdapter {
  const adopt = adoptOf(adapter);
  const database = ({ placement, externalUid }: DatabaseTarget) => ({ databaseUrl, placement, externalUid });
  const { driver, dialect, guarantees, maxNameLength, createTimeoutMs } = adapter;
  return {
    ...{ driver, guarantees, maxNameLength, createTimeoutMs },
    ...(dialect !== undefined && { dialect }),
    settleMs: 0,
    leavesBehind: ['the database itself, which was taken over and stays as it is'],
    // The login it came with is nobody's here to set or to refuse.
    credentials: { kind: 'none' },

    checkPlacement: (placement) => adapter.checkPlacement(placement),
    createDatabase: async (target, _options, context) => {
      const found = await adopt.find(database(target), context);
      if (found.kind === 'ours') return found;
      if (found.kind === 'foreign') throw new AdapterError('conflict', 'Another database stands under the address.');
      throw new AdapterError('unavailable', 'The database is not where it should be.');
    },
    findDatabase: (target, context) => adopt.find(database(target), context),
    deleteDatabase: async () => {
      throw new AdapterError('unsupported', 'A database that was taken over is not removed.');
    },
    verifyDatabase: (target, credential, context) =>
      adopt.verify(database(target), credential?.secret ?? null, context),
    describeConnection: (target, _url, credential) => adopt.describe(database(target), credential?.secret ?? null),
    connect: (target, _url, credential) => adopt.connect(database(target), credential?.secret ?? null),
  };
}

/** @throws AdapterError `unsupported` */
export function adoptOf({ adopt, driver }: DatabaseAdapter): AdoptFacet {
  if (!adopt) throw new AdapterError('unsupported', `The driver ${driver} takes over no databases.`);
  return adopt;
}

/** Looks and logs in, without a fence: nothing is changed. */
export function lookingContext(signal: AbortSignal, effect: AdapterContext['effect']): AdapterContext {
  return {
    signal,
    fenceEpoch: 0,
    effect,
    fenced: () => Promise.reject(new TypeError('what changes nothing does not need the fence')),
  };
}
