/**
 * Every boundary at which the control plane can die or be told an error, with the step of docs/protocol.md it belongs to.
 * Adapters name their own; these are the store's and the key encryptor's.
 */
export const STORE_FAILPOINTS = {
  'cp.key-insert': 'P0',
  'cp.accept': 'P0',
  'cp.change': 'D0',
  'cp.claim': 'P1',
  'cp.renew': 'I8',
  'cp.phase': 'P2',
  'cp.stage-minted': 'P6',
  'cp.stage': 'R1',
  'cp.flip': 'R4',
  'cp.revoked': 'R8',
  'cp.drained': 'R9',
  'cp.withdrawn': 'T2',
  'cp.commit': 'P8',
  'cp.fail': 'I9',
  'cp.backoff': 'I4',
  'cp.delete-intent': 'D3',
  'cp.absent': 'D6',
  'cp.tombstone': 'D7',
  'cp.key-erase': 'D8',
  'cp.administrator-claim': 'R1',
  'cp.administrator-stage': 'R1',
  'cp.administrator-flip': 'R4',
  'cp.rewrap': 'K1',
  'cp.rewrap-commit': 'K2',
  'kek.keyset-write': 'K0',
  'kek.rewrap': 'K1',
} as const;

/** Those of a migration from version 4, which runs in a process of its own. */
export const MIGRATION_FAILPOINTS = {
  'cp.ledger-copy': 'M1',
  'cp.ledger-verify': 'M2',
  'cp.ledger-finalize': 'M5',
  'cp.ledger-rollback': 'M5',
  'v4.archive': 'M5',
} as const;

/** Those of comparing placements with the rows, which no operation waits for. */
export const SWEEP_FAILPOINTS = {
  'cp.sweep': 'Z0',
  'cp.quarantine': 'Z4',
  'cp.drop-again': 'Z4',
  'cp.restore-generation': 'A1',
} as const;

export type StoreFailpoint = keyof typeof STORE_FAILPOINTS;

/** Runs an effect under its failpoint name. In production it only calls `run`. */
export type EffectHook = <T>(name: string, run: () => T | Promise<T>) => Promise<T>;

export const plainEffect: EffectHook = async (_name, run) => run();
