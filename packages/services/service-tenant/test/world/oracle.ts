import type { DatabaseHandle } from '@envplane/spec';
import type { EnvironmentDatabaseRow, EnvironmentKeyRow } from '../../src/objects/index.ts';
import { authorizationsOf } from '../../src/provisioning/pass-context.ts';
import { isDoomed } from '../../src/provisioning/rotation.ts';
import { projectStatus } from '../../src/provisioning/status.ts';
import type { ControlPlaneTables } from '../../src/store/tables.ts';
import type { Observed } from './observe.ts';

const STUCK = ['failed', 'conflict', 'lost'];

/**
 * Compares the state of the world with the rows once nothing is under way, and says in one sentence each what does not
 * agree: orphans, doubles, missing databases, left-over files, secrets that cannot be read or do not work, keys, names,
 * operations, status, audit. It looks at files, logins and rows, never at what was called.
 */
export async function violations(
  world: Observed,
  { service }: Verifier,
  { isSettling = false }: { isSettling?: boolean } = {},
): Promise<string[]> {
  const read = await readRows(world);
  const rows = isSettling ? withoutSettling(read) : read;
  return [
    ...(await checkObjects(world, rows)),
    ...checkPhases(rows),
    ...checkCredentials(world, rows),
    ...checkOperations(rows),
    ...checkKeys(rows),
    ...checkOwners(rows),
    ...(await checkLogins(world, rows)),
    ...(await checkOldLogins(world, rows)),
    ...(await checkAudit(rows, service.auditEvents)),
  ];
}

/** Who can say whether a chain is whole: a control plane, in this process or in another. */
export interface Verifier {
  service: {
    auditEvents: { verify(organizationId: string | undefined): Promise<{ ok: boolean; firstBadSeq?: number }> };
  };
}

/**
 * What is gone, and watched for a while so that no late request of its provider brings it back, is to be gone; what a credential that
 * was replaced still waits for is said to run.
 */
function withoutSettling(rows: Rows): Rows {
  const gone = new Set(rows.databases.filter(({ phase }) => phase === 'settling').map((row) => row.environment_id));
  return {
    ...rows,
    databases: rows.databases.filter(({ phase }) => phase !== 'settling'),
    environments: rows.environments.filter(({ id }) => !gone.has(id)),
    operations: rows.operations.filter(
      ({ id, environment_id: of }) =>
        !(of !== null && gone.has(of)) &&
        !rows.credentials.some((row) => row.operation_id === id && row.drain_at !== null),
    ),
  };
}

type Rows = Awaited<ReturnType<typeof readRows>>;

export async function readRows(world: Observed) {
  const { main, keys } = await world.inspect();
  const all = async <Table extends keyof ControlPlaneTables>(table: Table) =>
    (await main.select<ControlPlaneTables[Table]>(`select * from ${table}`, [])).rows;
  const [organizations, environments, databases, credentials, members, operations, tombstones, names, chains] =
    await Promise.all([
      all('sys_organization'),
      all('sys_environment'),
      all('sys_environment_database'),
      all('sys_database_credential'),
      all('sys_environment_member'),
      all('sys_operation'),
      all('sys_tombstone'),
      all('sys_external_name'),
      all('sys_audit_head'),
    ]);
  const { rows: dataKeys } = await keys.select<EnvironmentKeyRow>('select * from sys_environment_key', []);
  return {
    organizations,
    environments,
    databases,
    credentials,
    members,
    operations,
    tombstones,
    names,
    chains,
    keys: dataKeys,
  };
}

/** Every object that exists has a row that wants it there, and every row has the object it says it has. */
async function checkObjects(world: Observed, rows: Rows): Promise<string[]> {
  // A stuck object is where it got stuck, and so is one that was archived while it was made; that it is nothing else is all that can be said.
  const isHalfMade = (row: EnvironmentDatabaseRow) => row.phase === 'archived' && row.confirmed_at === null;
  const isStuck = (row: EnvironmentDatabaseRow) => STUCK.includes(row.phase) || isHalfMade(row);
  const expected = rows.databases.flatMap((row) => (isStuck(row) ? [] : expectedObject(row)));
  const stuck = new Set(rows.databases.filter(isStuck).map((row) => row.database_name));
  const survey = await world.survey();
  const found = survey.filter((object) => !stuck.has(object.split(' ')[1] ?? ''));
  return [
    ...found.filter((object) => !expected.includes(object)).map((object) => `orphan: ${object}`),
    ...expected.filter((object) => !found.includes(object)).map((object) => `missing: ${object}`),
  ];
}

function expectedObject(row: EnvironmentDatabaseRow): string[] {
  const isFile = row.driver === 'sqlite';
  if (row.phase === 'ready' || (row.phase === 'suspended' && isFile)) return [`live ${row.database_name}`];
  if (row.phase === 'suspended') return [`cut ${row.database_name}`];
  if (row.phase !== 'archived') return [];
  return [`${isFile ? 'archived' : 'cut'} ${row.database_name}`];
}

/** I9: at rest, stuck with a reason, or gone; and the status is what phase and wish make of it. */
function checkPhases(rows: Rows): string[] {
  return rows.databases.flatMap((row) => {
    const wishedPhase = { active: 'ready', suspended: 'suspended', archived: 'archived', absent: 'tombstone' };
    const environment = rows.environments.find(({ id }) => id === row.environment_id);
    const issues: string[] = [];
    if (!STUCK.includes(row.phase) && row.phase !== wishedPhase[row.desired_state]) {
      issues.push(`not at rest: ${row.phase} while ${row.desired_state} is wished`);
    }
    if (STUCK.includes(row.phase) && row.last_error_code === null) issues.push(`stuck without a reason: ${row.phase}`);
    if (row.lease_owner !== null) issues.push('a lease is held by nobody');
    if (!environment) issues.push('a database without an environment');
    else if (environment.status !== projectStatus(row)) {
      issues.push(`status ${environment.status} of ${row.phase}/${row.desired_state}`);
    }
    if (!rows.names.some((name) => name.database_name === row.database_name)) issues.push('a name that was not taken');
    return issues;
  });
}

/**
 * I6: what serves tenants, or did, has one credential in use for each authorization its driver enforces, none on its way in, and on
 * its way out only tokens, which nobody can refuse. What is not accepted any more cannot be opened either.
 */
function checkCredentials(world: Observed, rows: Rows): string[] {
  const serving = rows.databases.filter((row) => row.provisioned_at !== null && !STUCK.includes(row.phase));
  return serving.flatMap((row) => {
    const credentials = rows.credentials.filter((credential) => credential.environment_database_id === row.id);
    const adapter = world.driverOf(row).adapter();
    const isOut = (state: string) =>
      ['failed', 'revoked', ...(adapter.credentials.kind === 'provider_minted' ? ['retiring'] : [])].includes(state);
    const states = credentials
      .filter(({ state }) => !isOut(state))
      .map(({ authorization, state }) => `${authorization} ${state}`)
      .sort();
    const expected = authorizationsOf(adapter).map((authorization) => `${authorization} active`);
    const refused = credentials.filter(({ status }) => status === 'revoked');
    return [
      ...(states.join() === expected.join() ? [] : [`credentials are ${states.join() || 'none'}`]),
      ...refused
        .filter((credential) => credential.secret_ciphertext !== '')
        .map(({ state }) => `the secret of a ${state} credential is still there`),
      ...credentials
        // What gave way to an archive is ended when the database is in use again; until then nobody is let in with it.
        .filter((credential) => row.phase === 'ready' || !isDoomed(credential))
        .filter(({ state, urgency }) => state === 'active' && urgency !== null)
        .map(() => 'a credential is to be replaced and nobody does it'),
    ];
  });
}

function checkOperations(rows: Rows): string[] {
  return rows.operations.flatMap((operation) => {
    if (operation.status === 'running' || operation.status === 'queued') return [`${operation.kind} still runs`];
    if (operation.status === 'failed' && !operation.error?.code) return [`${operation.kind} failed without a reason`];
    return [];
  });
}

/** The key of what lives is there, the key of what was purged is not. A key nobody ever used is harmless. */
function checkKeys(rows: Rows): string[] {
  const keyed = new Set(rows.keys.map((key) => key.environment_id));
  return [
    ...rows.environments.filter(({ id }) => !keyed.has(id)).map(() => 'the data key is missing'),
    ...rows.tombstones
      .filter((row) => row.kind === 'purged')
      .flatMap((row) => [
        ...(keyed.has(row.environment_id) ? ['the data key outlives its environment'] : []),
        ...(row.key_erased_at === null ? ['the erasure of the data key is not recorded'] : []),
        ...(rows.environments.some(({ id }) => id === row.environment_id) ? ['purged and still there'] : []),
        ...(rows.names.some((name) => name.database_name === row.database_name) ? [] : ['a name was forgotten']),
      ]),
  ];
}

function checkOwners(rows: Rows): string[] {
  const issues: string[] = [];
  for (const { id } of rows.environments) {
    const owners = rows.members.filter((member) => member.environment_id === id && member.role === 'owner');
    if (owners.length !== 1) issues.push(`${owners.length} owners`);
    if (!rows.databases.some((database) => database.environment_id === id)) issues.push('no database');
  }
  for (const { id } of rows.organizations) {
    const environments = rows.environments.filter((environment) => environment.organization_id === id);
    const defaults = environments.filter((environment) => environment.is_default);
    if (environments.length > 0 && defaults.length !== 1) issues.push(`${defaults.length} default environments`);
  }
  return issues;
}

/** A database that serves lets its tenant in with each secret of the rows. */
async function checkLogins(world: Observed, rows: Rows): Promise<string[]> {
  const issues: string[] = [];
  for (const row of rows.databases.filter(({ phase }) => phase === 'ready')) {
    const { environment_id: id } = row;
    if (id === null) continue;
    for (const authorization of authorizationsOf(world.driverOf(row).adapter())) {
      let handle: DatabaseHandle | undefined;
      try {
        handle = await world.login(id, authorization);
        await handle.query('SELECT 1');
      } catch (error) {
        issues.push(`no login: ${authorization}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await handle?.close();
      }
    }
  }
  return issues;
}

/** Of the secrets that somebody was given, those in use and in their grace open the database, and no other does. */
async function checkOldLogins(world: Observed, rows: Rows): Promise<string[]> {
  const issues: string[] = [];
  for (const [id, { environmentId, login }] of world.remembered) {
    const database = rows.databases.find((row) => row.environment_id === environmentId);
    if (database?.phase !== 'ready') continue;
    const state = rows.credentials.find((row) => row.id === id)?.state ?? 'forgotten';
    const works = await tryOut(login);
    const isAccepted = state === 'active' || state === 'retiring';
    if (works !== isAccepted) issues.push(`a ${state} credential ${works ? 'still works' : 'does not work'}`);
  }
  await world.remember();
  return issues;
}

async function tryOut(login: () => Promise<DatabaseHandle>): Promise<boolean> {
  let handle: DatabaseHandle | undefined;
  try {
    handle = await login();
    await handle.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await handle?.close();
  }
}

async function checkAudit(rows: Rows, chains: Verifier['service']['auditEvents']): Promise<string[]> {
  const issues: string[] = [];
  for (const { chain } of rows.chains) {
    const verdict = await chains.verify(chain === 'platform' ? undefined : chain);
    if (!verdict.ok) issues.push(`the audit chain is broken at ${verdict.firstBadSeq}`);
  }
  return issues;
}
