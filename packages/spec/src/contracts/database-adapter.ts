import type {
  AdapterContext,
  AdapterCredential,
  ConnectionInfo,
  CreatedDatabase,
  DatabaseHandle,
  DatabaseTarget,
  Observation,
  Placement,
  PlacementFindings,
  SqlDialect,
} from './adapter-call.ts';
import type {
  AdministratorFacet,
  AdoptFacet,
  ArchiveFacet,
  CopyFacet,
  CredentialsFacet,
  DriftFacet,
  InventoryFacet,
  LimitsFacet,
  RecoveryFacet,
  StatsFacet,
  SuspendFacet,
} from './adapter-facets.ts';

/**
 * The code for one driver: three verbs, idempotent by name, and facets. Holding a facet is the permission to call it;
 * `GET /v1/drivers` is computed from the facets.
 *
 * An adapter MUST throw nothing but `AdapterError`, MUST NOT keep state that a restart would lose, MUST NOT put a secret
 * into a location, an error or a log, and MUST refuse every object that is not ours.
 */
export interface DatabaseAdapter {
  /** The driver key: `sqlite`, `postgres`, … */
  readonly driver: string;
  /**
   * How tenants' statements are read, for the log of store calls, which shows them without their literals. `sqlite` only where
   * text in double quotes never falls back to a string. Left out, only what is the same in every reading is shown.
   */
  readonly dialect?: SqlDialect;
  /** `reduced` for wrapped third-party adapters that cannot observe; shown to users. */
  readonly guarantees: 'full' | 'reduced';
  /**
   * The adapter cannot look: what is there is taken from the row, and a missing database is not noticed. `createsOnce`: creating
   * again could make a second one, so a creation whose outcome is not known fails, and a person decides. Only for wrapped adapters.
   */
  readonly blind?: { readonly createsOnce: boolean };
  /** Longest physical name the provider takes, at least 26. */
  readonly maxNameLength: number;
  /** How long creating or dropping a database may take before its outcome counts as unknown, in ms. */
  readonly createTimeoutMs: number;
  /** After a confirmed absence, how long a late request may still bring the object back, in ms. 0 where the provider can fence. */
  readonly settleMs: number;
  /**
   * What may still hold a tenant's data after `deleteDatabase`, for the receipt of a purge: one phrase each, for people, saying until
   * when where that is known. Without names and addresses.
   */
  readonly leavesBehind: readonly string[];
  readonly credentials: CredentialsFacet;
  readonly copy?: CopyFacet;
  readonly suspend?: SuspendFacet;
  readonly archive?: ArchiveFacet;
  readonly inventory?: InventoryFacet;
  readonly recovery?: RecoveryFacet;
  readonly stats?: StatsFacet;
  readonly drift?: DriftFacet;
  readonly limits?: LimitsFacet;
  readonly adopt?: AdoptFacet;
  readonly administrator?: AdministratorFacet;

  /**
   * Refuses a placement that cannot keep the driver's guarantees (network file system, missing right). Called at start.
   */
  checkPlacement(placement: Placement): Promise<PlacementFindings>;
  /**
   * Creates and hardens the database, or adopts and hardens the one that is already ours. The same location either way.
   * With `mustExist` (the object was confirmed before, I5) it hardens and never creates.
   * @throws AdapterError `conflict` when the name is taken by something that is not ours.
   */
  createDatabase(
    target: DatabaseTarget,
    options: { mustExist: boolean },
    context: AdapterContext,
  ): Promise<CreatedDatabase>;
  /** Looks, changes nothing, never throws for what it cannot tell: that is `unknown`. */
  findDatabase(target: DatabaseTarget, context: AdapterContext): Promise<Observation>;
  /** Removes the database and everything beside it. Succeeds when it is already gone. @throws AdapterError `conflict` when it is not ours. */
  deleteDatabase(target: DatabaseTarget, context: AdapterContext): Promise<void>;
  /**
   * Proves readiness as the tenant would meet it: log in, write and read in a transaction that is rolled back, and see one
   * forbidden act refused. `credential` is null for kind `none`.
   */
  verifyDatabase(target: DatabaseTarget, credential: AdapterCredential | null, context: AdapterContext): Promise<void>;
  /**
   * Each call of `describeConnection` makes a secret of its own, which the database refuses after the time that is asked for at the
   * latest. Left out where what is handed out is the credential itself.
   */
  readonly limitsConnections?: true;
  /**
   * A socket that was opened with a credential is served on when that is refused, until its client or a proxy closes it: the server looks
   * at a credential when a socket is opened, and never again. Left out where nothing outlives a credential, or what does can be ended.
   */
  readonly socketsOutlive?: true;
  /**
   * What a caller needs to connect with the stock client of the driver's ecosystem. Makes no call. `lifetimeSeconds` (120 to
   * 86,400) is given to who `limitsConnections` alone.
   */
  describeConnection(
    target: DatabaseTarget,
    databaseUrl: string,
    credential: AdapterCredential | null,
    lifetimeSeconds?: number | undefined,
  ): ConnectionInfo;
  /** Opens a connection as the tenant. */
  connect(target: DatabaseTarget, databaseUrl: string, credential: AdapterCredential | null): Promise<DatabaseHandle>;
  /** Ends what the adapter holds open, such as idle sessions of an administrator. The control plane it was given to calls it when it closes. */
  close?(): Promise<void>;
}
