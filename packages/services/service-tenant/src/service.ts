import type {
  AuditFilter,
  CreatePlacementBody,
  DatabaseAdapter,
  DatabaseHandle,
  IssueTokenBody,
  MoveEncryptionKeysBody,
  Permission,
  Principal,
  ProvisionEnvironmentRequest,
  ProvisionEnvironmentResponse,
  ProvisionOrganizationRequest,
  ProvisionOrganizationResponse,
  RequestTrace,
  RotateAdministratorBody,
  UpdatePlacementBody,
} from '@envplane/spec';
import { actAs } from './access/act-as.ts';
import { authorize, type Scope } from './access/authorize.ts';
import { bindGrants, bindMembers, bindPlatformGrants, bindServiceAccounts } from './access/bound.ts';
import { type Caller, IN_PROCESS } from './access/caller.ts';
import { mapIdentity } from './access/identities.ts';
import { describeCaller, listMyEnvironments, listPermissions } from './access/me.ts';
import { listAuditEvents, verifyAudit } from './audit/read-audit.ts';
import type { VerifyOptions } from './audit/verify-chain.ts';
import { rotateCredentialOf } from './credentials/rotate-credential-of.ts';
import { type Deps, depsOf } from './deps.ts';
import { listDriverNames, listDrivers } from './drivers.ts';
import {
  listEncryptionKeys,
  moveDataKeys,
  rewrapDataKeys,
  rotateEncryptionKey,
} from './encryption-keys/encryption-keys.ts';
import { bindCredentials, bindEnvironments } from './environments/bound.ts';
import { provisionEnvironment } from './environments/provision-environment.ts';
import type { PageRequest } from './environments/read-environments.ts';
import { whenProvisioned } from './environments/when-provisioned.ts';
import { bindInventory } from './inventory/bound.ts';
import { cancelOperation, retryOperation } from './operations/change-operations.ts';
import { getOperation, listOperations, waitForOperation, watchOperation } from './operations/read-operations.ts';
import { bindOrganizations } from './organizations/bound.ts';
import { provisionOrganization } from './organizations/provision-organization.ts';
import { checkPlacement } from './placements/check-placement.ts';
import { createPlacement } from './placements/create-placement.ts';
import { activatePlacement, drainPlacement, retirePlacement } from './placements/drain-placement.ts';
import { getPlacement, listPlacements } from './placements/read-placements.ts';
import { registerAdapter } from './placements/register-adapter.ts';
import { rotateAdministrator } from './placements/rotate-administrator.ts';
import { updatePlacement } from './placements/update-placement.ts';
import type { MutationOptions } from './request.ts';
import { checkGate } from './routing/check-gate.ts';
import { type Admission, refuse } from './routing/gate.ts';
import { type AskedEnvironment, resolveEnvironment } from './routing/resolve-environment.ts';
import { activateEnvironment, activeEnvironment } from './sessions/active-environment.ts';
import { readTokenEpochs } from './tokens/epoch-feed.ts';
import { issueToken } from './tokens/mint.ts';
import { listSigningKeys, readKeySet, revokeSigningKey, rotateSigningKey } from './tokens/signing-keys.ts';
import { listStoreCalls, type StoreCallFilter } from './tracing/read-store-calls.ts';
import { getTrace } from './tracing/read-trace.ts';
import { Trace } from './tracing/trace.ts';
import { operationView } from './views/views.ts';

/** The id that hosts know their own environment by. */
const SYSTEM_ENVIRONMENT_ID = '00000000-0000-0000-0000-000000000001';

/**
 * Everything the control plane does, as one caller may ask for it. Every verb authorizes, checks its input, commits its
 * intent in one transaction and returns; `operations.wait` follows what the reconciler makes of it.
 */
export class EnvironmentProvisioningService {
  readonly #deps: Deps;
  readonly #caller: Caller;

  constructor(deps: Deps, caller: Caller = IN_PROCESS) {
    this.#deps = deps;
    this.#caller = caller;
  }

  // Bound when they are asked for: a request needs one of them.
  get organizations() {
    return bindOrganizations(this.#deps, this.#caller);
  }

  get environments() {
    return bindEnvironments(this.#deps, this.#caller);
  }

  /** Every permission there is, and which roles hold it. */
  permissions() {
    return listPermissions(this.#deps);
  }

  /** The caller, and where they may go. */
  get me() {
    return {
      describe: () => describeCaller(this.#deps, this.#caller),
      environments: (page: PageRequest) => listMyEnvironments(this.#deps, this.#caller, page),
      /** The environment that requests of the caller's session are for when they name none. */
      activeEnvironment: () => activeEnvironment(this.#deps, this.#caller),
      activateEnvironment: (environmentId: string | null) =>
        activateEnvironment(this.#deps, this.#caller, environmentId),
    };
  }

  /** Who may reach the data of an environment: the one decision behind every data request. */
  get gate() {
    const deps = this.#deps;
    const caller = this.#caller;
    return {
      check: (of: Principal, environmentId: string, permission: string) =>
        checkGate(deps, { ...caller, principal: of }, environmentId, permission),
      /** What the store says now of the caller. @throws ControlPlaneError as the refusal says */
      require: async (environmentId: string, permission: string): Promise<Admission> => {
        const verdict = await checkGate(deps, caller, environmentId, permission, { fresh: true });
        if (!verdict.allowed) throw refuse(verdict);
        return verdict;
      },
    };
  }

  /** From a request to its environment. */
  get routing() {
    const deps = this.#deps;
    return {
      /** @param caller null for nobody @throws ControlPlaneError as `resolveEnvironment` of `routing/` */
      resolve: (caller: Caller | null, asked: AskedEnvironment) => resolveEnvironment(deps, caller, asked),
      /** Id of the environment of a hostname; null for a hostname of none. @throws ControlPlaneError `store_unavailable` */
      findByHostname: (host: string) => deps.hostnames.find(host),
      /** Asks the store again for what it remembers of hostnames. */
      forget: () => deps.hostnames.forget(),
    };
  }

  get members() {
    return bindMembers(this.#deps, this.#caller);
  }

  get serviceAccounts() {
    return bindServiceAccounts(this.#deps, this.#caller);
  }

  /** Roles of service accounts in environments. */
  get grants() {
    return bindGrants(this.#deps, this.#caller);
  }

  get platformGrants() {
    return bindPlatformGrants(this.#deps, this.#caller);
  }

  /**
   * For identity providers: the user that a subject of an issuer is.
   * @param trace of the request that it is asked for
   * @throws ControlPlaneError `store_unavailable`
   */
  mapIdentity(issuer: string, subject: string, trace?: RequestTrace): Promise<string> {
    return mapIdentity(this.within(trace).#deps, issuer, subject);
  }

  /** Credentials of environments' databases; their secrets leave by `environments.describeConnection` alone. */
  get credentials() {
    return bindCredentials(this.#deps, this.#caller);
  }

  get operations() {
    return bindOperations(this.#deps, this.#caller);
  }

  get auditEvents() {
    return bindAuditEvents(this.#deps, this.#caller);
  }

  /**
   * Decides whether the caller holds a permission, for who has to know before a verb is called.
   * @param permission of a list any one is enough; null asks only whether the caller is inside
   * @throws ControlPlaneError `not_found`, `permission_denied`
   */
  async authorize(permission: Permission | readonly Permission[] | null, scope: Scope): Promise<void> {
    if ('environmentId' in scope) this.#deps.trace?.about(scope.environmentId);
    await authorize(this.#deps, this.#caller, permission, scope);
  }

  /** The caller as a user, for requests in that user's name. @throws ControlPlaneError `permission_denied`, `validation_failed` */
  actAs(userId: string): Promise<Caller> {
    return actAs(this.#deps, this.#caller, { userId });
  }

  /**
   * The same service for another caller.
   * @param trace of `beginTrace`: what is asked of stores, encryptor and providers is recorded as that request's
   * @throws TypeError for what `beginTrace` did not make
   */
  as(caller: Caller, trace?: RequestTrace): EnvironmentProvisioningService {
    if (trace === undefined) return new EnvironmentProvisioningService(this.#deps, caller);
    if (!(trace instanceof Trace)) throw new TypeError('a request is followed by what beginTrace made');
    return new EnvironmentProvisioningService(depsOf(this.#deps, trace), caller);
  }

  /** The same service, and the same caller, for one request; for none when there is no trace. @throws TypeError as `as` */
  within(trace: RequestTrace | undefined): EnvironmentProvisioningService {
    return this.as(this.#caller, trace);
  }

  /** What this process asked of its stores lately. */
  get storeCalls() {
    return {
      list: (filter: StoreCallFilter, page: PageRequest) => listStoreCalls(this.#deps, this.#caller, filter, page),
    };
  }

  /** Where the time of the last requests went. */
  get traces() {
    return { get: (requestId: string) => getTrace(this.#deps, this.#caller, requestId) };
  }

  /**
   * Makes an organization (when described) with its default environment and that environment's database, and returns when
   * the database is ready.
   * @throws ControlPlaneError as `provisionOrganization` of `organizations/`; `operation_pending` when it takes longer than
   *   30 s, `operation_failed` when it failed, both with the operation id
   */
  async provisionOrganization(request: ProvisionOrganizationRequest): Promise<ProvisionOrganizationResponse> {
    const began = performance.now();
    const accepted = await provisionOrganization(this.#deps, this.#caller, request);
    const defaultEnvironment = await whenProvisioned(this.#deps, accepted, began);
    return {
      defaultEnvironment,
      durationMs: defaultEnvironment.durationMs,
      operationId: defaultEnvironment.operationId,
    };
  }

  /**
   * What a host's runtime asks for at start: the environment that it is itself. It has no database and no credential, and
   * nothing is made. Idempotent.
   */
  async provisionSystemEnvironment() {
    const system = { id: SYSTEM_ENVIRONMENT_ID, isSystem: true };
    return { project: system, environment: system, warnings: [] as string[] };
  }

  /** The name that earlier hosts know it by. */
  provisionSystemProject() {
    return this.provisionSystemEnvironment();
  }

  /**
   * Replaces the credential of a database, named by the id of the database, and returns what is known of the new one.
   * @param plaintext is not used: the secret is chosen here or by the provider
   * @throws ControlPlaneError as `rotateCredentials`; `not_found`; `operation_pending`, `operation_failed`
   */
  rotateCredential(environmentDatabaseId: string, plaintext?: string) {
    return rotateCredentialOf(this.#deps, this.#caller, environmentDatabaseId, plaintext);
  }

  /** Makes an environment with its database, and returns when it is ready. @throws ControlPlaneError as `provisionOrganization` */
  async provisionEnvironment(request: ProvisionEnvironmentRequest): Promise<ProvisionEnvironmentResponse> {
    const began = performance.now();
    return whenProvisioned(this.#deps, await provisionEnvironment(this.#deps, this.#caller, request), began);
  }

  /**
   * The live connection to an environment's database; shared, so do not close it.
   * @throws ControlPlaneError `not_found`, `permission_denied`, `environment_not_active`
   */
  async connect(environmentId: string): Promise<DatabaseHandle> {
    return this.environments.connect(await this.environments.authorizeConnection(environmentId));
  }

  /** A token for one environment, for the caller. @throws ControlPlaneError as `issueToken` of `tokens/` */
  issueToken(environmentId: string, body?: IssueTokenBody) {
    return issueToken(this.#deps, this.#caller, environmentId, body);
  }

  get signingKeys() {
    return bindSigningKeys(this.#deps, this.#caller);
  }

  /** Key-encryption keys, and the data keys under them. */
  get encryptionKeys() {
    return bindEncryptionKeys(this.#deps, this.#caller);
  }

  /** Which environment tokens were withdrawn. @throws ControlPlaneError `permission_denied`, `cursor_invalid` */
  tokenEpochs(cursor?: string) {
    return readTokenEpochs(this.#deps, this.#caller, cursor);
  }

  /**
   * Adds a driver while the process runs, with a placement of its name. It is there until the process ends, so that each process
   * adds it when it starts. One that only creates is wrapped first (`wrapUpstreamAdapter`).
   * @throws ControlPlaneError `permission_denied`; TypeError when the driver has an adapter; Error for a placement that cannot be used
   */
  registerAdapter(adapter: DatabaseAdapter): Promise<void> {
    return registerAdapter(this.#deps, this.#caller, adapter);
  }

  drivers() {
    return listDrivers(this.#deps, this.#caller);
  }

  /** Below which environments get a DNS name that are given none; null: they have none. */
  get rootDomain(): string | null {
    return this.#deps.settings.rootDomain;
  }

  /** The drivers that environments can be made with. */
  driverNames() {
    return listDriverNames(this.#deps);
  }

  get placements() {
    return bindPlacements(this.#deps, this.#caller);
  }

  /** The databases that exist, compared with the rows. */
  get inventory() {
    return bindInventory(this.#deps, this.#caller);
  }
}

function bindPlacements(deps: Deps, caller: Caller) {
  return {
    create: (body: CreatePlacementBody, options?: MutationOptions) => createPlacement(deps, caller, body, options),
    get: (idOrName: string) => getPlacement(deps, caller, idOrName),
    list: () => listPlacements(deps, caller),
    update: (idOrName: string, body: UpdatePlacementBody, options?: MutationOptions) =>
      updatePlacement(deps, caller, idOrName, body, options),
    drain: (idOrName: string, options?: MutationOptions) => drainPlacement(deps, caller, idOrName, options),
    activate: (idOrName: string, options?: MutationOptions) => activatePlacement(deps, caller, idOrName, options),
    retire: (idOrName: string, options?: MutationOptions) => retirePlacement(deps, caller, idOrName, options),
    check: (idOrName: string) => checkPlacement(deps, caller, idOrName),
    rotateAdministrator: (idOrName: string, body?: RotateAdministratorBody, options?: MutationOptions) =>
      rotateAdministrator(deps, caller, idOrName, body, options),
  };
}

function bindOperations(deps: Deps, caller: Caller) {
  return {
    get: (id: string) => getOperation(deps, caller, id),
    list: (filter: { organizationId?: string; environmentId?: string; status?: string }, page: PageRequest) =>
      listOperations(deps, caller, filter, page),
    /** Waits at most `waitMs` for the operation to finish and returns it as it is then. */
    wait: async (id: string, waitMs: number, signal?: AbortSignal) => {
      await authorize(deps, caller, 'env:operations.read', { operationId: id });
      return operationView(await waitForOperation(deps, id, waitMs, signal));
    },
    watch: (id: string, afterVersion: number, signal: AbortSignal) =>
      watchOperation(deps, caller, id, afterVersion, signal),
    retry: (id: string, options?: MutationOptions) => retryOperation(deps, caller, id, options),
    cancel: (id: string, options?: MutationOptions) => cancelOperation(deps, caller, id, options),
  };
}

function bindSigningKeys(deps: Deps, caller: Caller) {
  return {
    /** The public keys; for everybody. */
    keySet: () => readKeySet(deps),
    list: () => listSigningKeys(deps, caller),
    rotate: (options?: MutationOptions) => rotateSigningKey(deps, caller, options),
    revoke: (kid: string, options?: MutationOptions) => revokeSigningKey(deps, caller, kid, options),
  };
}

function bindEncryptionKeys(deps: Deps, caller: Caller) {
  return {
    list: () => listEncryptionKeys(deps, caller),
    rotate: (options?: MutationOptions) => rotateEncryptionKey(deps, caller, options),
    rewrap: (options?: MutationOptions) => rewrapDataKeys(deps, caller, options),
    move: (body: MoveEncryptionKeysBody, options?: MutationOptions) => moveDataKeys(deps, caller, body, options),
  };
}

function bindAuditEvents(deps: Deps, caller: Caller) {
  return {
    list: (filter: AuditFilter, page: PageRequest) => listAuditEvents(deps, caller, filter, page),
    verify: (organizationId: string | undefined, options?: VerifyOptions) =>
      verifyAudit(deps, caller, organizationId, options),
  };
}
