import type { BlastRadius } from '../cloud/operation.zod.ts';
import type { Secret } from '../secret.ts';
import type {
  AdapterContext,
  AdapterCredential,
  Authorization,
  ConnectionInfo,
  CredentialToAccept,
  DatabaseHandle,
  DatabaseLocation,
  DatabaseTarget,
  Observation,
  Placement,
} from './adapter-call.ts';

/** The database has no credential of its own: who may reach it is decided by where it lies. */
export interface NoCredentials {
  readonly kind: 'none';
}

/** We choose the secret, seal and commit it, and then tell the provider (I2). */
export interface CallerSetCredentials {
  readonly kind: 'caller_set';
  /** What a secret of this driver looks like, stored with the credential. */
  readonly credentialKind: 'password' | 'signing_key';
  /** Authorizations the database itself can enforce. */
  readonly authorizations: readonly Authorization[];
  /** A new secret of at least 192 random bits. */
  generateSecret(): Secret;
  /**
   * Makes the provider accept exactly these: the slots that are not named are closed, whatever was in them. The full state
   * each time, so that what a late or lost call left is put right by the next one (F4). Idempotent: setting the same secret
   * again changes nothing, and sessions go on. Interrupted, it may have set some of them. A database that is suspended stays so.
   * What is proved already is set again where it is gone, or where the provider is told everything each time (`openAll`).
   */
  applyCredentials(
    target: DatabaseTarget,
    credentials: readonly CredentialToAccept[],
    context: AdapterContext,
  ): Promise<void>;
  /**
   * Ends the sessions of these closed slots. Absent where each request shows its credential, and where nothing can end what does not (`socketsOutlive`).
   * Idempotent.
   */
  endSessions?(target: DatabaseTarget, slots: readonly CredentialSlot[], context: AdapterContext): Promise<void>;
  verifyRefused: VerifyRefused;
}

/** A place at the provider that one secret at a time can stand in. */
export type CredentialSlot = Pick<AdapterCredential, 'authorization' | 'slot'>;

/**
 * Proves by trying to log in that a credential opens nothing any more.
 * @throws AdapterError `unavailable` while it still does, or when that cannot be told
 */
export type VerifyRefused = (
  target: DatabaseTarget,
  credential: AdapterCredential,
  context: AdapterContext,
) => Promise<void>;

/** The provider chooses the secret. Every one MUST expire, so that a lost one dies by itself (I2). */
export interface ProviderMintedCredentials {
  readonly kind: 'provider_minted';
  /**
   * The one secret there is comes with `createDatabase`: it does not expire, and no other can be had. Only for wrapped adapters
   * that know nothing else.
   */
  readonly comesWithDatabase?: true;
  readonly authorizations: readonly Authorization[];
  mintCredential(
    target: DatabaseTarget,
    request: { authorization: Authorization },
    context: AdapterContext,
  ): Promise<{ secret: Secret; expiresAtMs: number }>;
  /** Absent where a secret can only be waited out. */
  readonly withdrawal?: CredentialWithdrawal;
  verifyRefused: VerifyRefused;
}

/** Secrets that cannot be refused one by one, ended together. */
export interface CredentialWithdrawal {
  /** What loses its secrets with it. Whoever asks is told before anything is done. */
  readonly reach: BlastRadius['kind'];
  /**
   * Ends every secret of the database at once, whoever has it. NOT idempotent: called again it ends what was minted since. It may
   * return before the last server refuses them; `verifyRefused` tells.
   */
  withdrawCredentials(target: DatabaseTarget, context: AdapterContext): Promise<void>;
}

export type CredentialsFacet = NoCredentials | CallerSetCredentials | ProviderMintedCredentials;

/** Copies a database into a new one. */
export interface CopyFacet {
  /** `online`: the source keeps serving. `source_closed`: the source must be cut while it is copied. */
  readonly mode: 'online' | 'source_closed';
  /** Creates `target` from `source`, both on one placement. Idempotent by name like `createDatabase`; the marker is the target's own. */
  copyDatabase(
    source: DatabaseTarget,
    target: DatabaseTarget,
    options: { schemaOnly: boolean },
    context: AdapterContext,
  ): Promise<DatabaseLocation>;
}

/** The provider itself refuses the tenant while suspended. Without this facet only the gate refuses. */
export interface SuspendFacet {
  /** Cuts every tenant off and ends live sessions. Idempotent. */
  suspendDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void>;
  /** Undoes it. Idempotent. */
  resumeDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void>;
}

/** Puts an archived database out of reach in a way of its own. Without this facet archiving uses `suspend`, or only the gate. */
export interface ArchiveFacet {
  /** Moves the database out of reach, all bytes kept. Idempotent. */
  archiveDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void>;
  /** Undoes it. Idempotent. */
  restoreDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void>;
}

/** Lists what exists under our prefix, for the sweeper. */
export interface InventoryFacet {
  listDatabases(
    placement: Placement,
    installationId: string,
    context: AdapterContext,
  ): AsyncIterable<{ databaseName: string; externalUid: string }>;
}

/** A database of ours that no row knows, with what rows for it must say. */
export interface KnownByMarker extends DatabaseLocation {
  /** The object that it was made as; its marker says so. */
  objectId: string;
  /** The scope it lies in; null where the name alone finds it. */
  organizationScope: string | null;
}

/** Tells of a database what its rows said, when they were lost. */
export interface RecoveryFacet {
  /**
   * Null when nothing lies under the name, or nothing complete that this installation made. Changes nothing.
   * @throws AdapterError when it cannot be told
   */
  identifyDatabase(
    placement: Placement,
    database: { installationId: string; databaseName: string },
    context: AdapterContext,
  ): Promise<KnownByMarker | null>;
}

/** Tells how large a database is. */
export interface StatsFacet {
  /** Changes nothing. @param credential one in use, for providers that tell a size to who logs in; null where there is none */
  measureDatabase(
    target: DatabaseTarget,
    credential: AdapterCredential | null,
    context: AdapterContext,
  ): Promise<DatabaseMeasurements>;
}

/** How large a database is, and how full. */
export interface DatabaseMeasurements {
  sizeBytes: number;
  /** Sessions of the database's own logins, and how many it may have; absent where the provider has none or does not tell. */
  sessions?: { open: number; limit: number };
}

/** A login or key that a database may let in. */
export interface AcceptedCredential extends Pick<AdapterCredential, 'credentialId' | 'authorization' | 'slot'> {
  /** It must be let in: one that is being replaced, or replaces another, need not be there. */
  isActive: boolean;
}

/** What somebody changed of a database behind the control plane. */
export interface Drift {
  /** `grants`: who may do what; `settings`: anything else that `createDatabase` sets. */
  kind: 'grants' | 'settings';
  /** One sentence of ours, without names and addresses. */
  detail: string;
}

/** Tells whether a database is as it was left. Without this facet only its being there and its logins can be proved. */
export interface DriftFacet {
  /**
   * What of a database of ours is not as `createDatabase` with `mustExist` and setting the credentials would make it; empty when
   * nothing is. Changes nothing.
   * @param accepted every credential that may be let in, as far as the provider can tell them apart; null while they may change
   * @throws AdapterError when it cannot be told, also when the database is not there
   */
  findDrift(
    target: DatabaseTarget,
    accepted: readonly AcceptedCredential[] | null,
    context: AdapterContext,
  ): Promise<readonly Drift[]>;
}

/** How the storage limit holds. */
export interface LimitsFacet {
  /** `enforced`: the database refuses growth. `measured`: the control plane can only report it. */
  readonly storage: 'enforced' | 'measured';
}

/**
 * The administrator of a placement can give itself another secret, chosen by us. There is one at a time: the server forgets the
 * earlier one in the same moment. A placement is taken as it is to be entered: `administrator` is the secret that is shown.
 */
export interface AdministratorFacet {
  /** A new secret of at least 192 random bits. */
  generateSecret(): Secret;
  /** As whom the administrator of a placement with such settings logs in. */
  nameOf(settings: Placement['settings']): string;
  /**
   * Enters and makes `next` the secret from then on. Idempotent. Does nothing once it was called with a higher `fenceEpoch` (F3).
   * @throws AdapterError `unauthorized` when the server does not let the administrator in
   */
  setAdministrator(placement: Placement, next: Secret, context: AdapterContext): Promise<void>;
  /** Whether the server lets the administrator in, told by logging in. @throws AdapterError when it cannot be told */
  isAdministratorAccepted(placement: Placement, context: AdapterContext): Promise<boolean>;
  /** Enters and ends every other session of the administrator: they outlive the secret they were opened with. Idempotent. */
  endAdministratorSessions(placement: Placement, context: AdapterContext): Promise<void>;
}

/** A database that somebody else made, served where it is. */
export interface AdoptedDatabase {
  /** As `locate` gave it. */
  databaseUrl: string;
  placement: Placement;
  /** What the provider called it when it was taken over; null before. Another one under the same address is foreign. */
  externalUid: string | null;
}

/**
 * Serves databases that somebody else made, with the login they came with. They are recognised by their address and by what the
 * provider calls them, never by a marker: nothing is written into one, and no call of this facet changes, moves or removes it.
 */
export interface AdoptFacet {
  /** Whether such a database is entered with a login; where it is not, the token that stands beside its address is of no use. */
  readonly login: 'none' | 'needed';
  /**
   * Where an address leads; null when it is none of this placement. `identity` is the same for two addresses of one database.
   * Looks at local files at most.
   * @throws AdapterError `invalid_request` for an address that can never be served
   */
  locate(placement: Placement, address: string): { databaseUrl: string; identity: string } | null;
  /**
   * What to log in with, from the address and the token that stood beside it; null where there was none.
   * @throws AdapterError `invalid_request` when something is missing, or the two contradict each other
   */
  loginOf(address: string, token: Secret | null): Secret;
  /** Like `findDatabase`. What carries the mark of any control plane is foreign. */
  find(database: AdoptedDatabase, context: AdapterContext): Promise<Observation>;
  /**
   * Proves that the login reads and may write, without a change that lasts.
   * @throws AdapterError `unauthorized` when it is refused, `unsupported` when it may only read, or more than its own database
   */
  verify(database: AdoptedDatabase, login: Secret | null, context: AdapterContext): Promise<void>;
  /** Like `describeConnection`. */
  describe(database: AdoptedDatabase, login: Secret | null): ConnectionInfo;
  /** Like `connect`. */
  connect(database: AdoptedDatabase, login: Secret | null): Promise<DatabaseHandle>;
}
