import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { uuidv7 } from 'uuidv7';
import { noMeter } from '../../src/metrics.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow, MigrationLedgerRow } from '../../src/objects/index.ts';
import type { ControlPlane } from '../../src/open-control-plane.ts';
import { openCredential } from '../../src/provisioning/pass-context.ts';
import { createDataKeys } from '../../src/secrets/data-keys.ts';
import { createEncryptorSet } from '../../src/secrets/encryptor-set.ts';
import { findInstallation } from '../../src/store/installation.ts';
import { createKeyStore } from '../../src/store/key-store.ts';
import { openStores } from '../../src/store/open-stores.ts';

/** What a row of version 4 must have become. */
export interface Expected {
  sourceId: string;
  /** Null: it must not have become anything. */
  status: string | null;
  /** What its database holds, where it must serve. */
  note?: string;
  /** Plain, where it has a login. */
  token?: string;
}

/**
 * Compares version 5 with what was in version 4, and says in one sentence each what does not agree: rows without or with two
 * environments, environments without a row, secrets that cannot be read, databases that do not open with their data.
 */
export async function disagreements(
  place: { storeUrl: string; keyFile: string; controlPlane: ControlPlane },
  expected: readonly Expected[],
): Promise<string[]> {
  const stores = await openStores(place.storeUrl);
  try {
    const { main } = stores;
    const { rows: ledger } = await main.select<MigrationLedgerRow>('select * from sys_migration_ledger', []);
    const { rows: databases } = await main.select<EnvironmentDatabaseRow>(
      `select * from sys_environment_database where adopted = ${main.dialect === 'sqlite' ? '1' : 'true'}`,
      [],
    );
    const { rows: environments } = await main.select<{
      id: string;
      status: string;
      organization_id: string;
      is_default: boolean;
    }>('select * from sys_environment', []);
    const { rows: credentials } = await main.select<DatabaseCredentialRow>('select * from sys_database_credential', []);
    const installation = await findInstallation(main);
    const installationId = installation?.installation_id ?? '';
    const dataKeys = createDataKeys({
      encryptors: createEncryptorSet(await localKeyEncryptor({ keyFile: place.keyFile, createIfMissing: false })),
      keyStore: createKeyStore(stores.keys),
      installationId,
      uuid: uuidv7,
      meter: noMeter,
    });
    const found: string[] = [];
    const entryOf = new Map(ledger.map((entry) => [entry.source_id, entry]));
    const environmentOf = new Map(environments.map((row) => [row.id, row]));
    const databaseOf = new Map(databases.map((row) => [row.environment_id, row]));
    const credentialOf = new Map(
      credentials.filter(({ state }) => state === 'active').map((row) => [row.environment_database_id, row]),
    );
    for (const { sourceId, status, note, token } of expected) {
      const entry = entryOf.get(sourceId);
      if (status === null) {
        if (entry) found.push(`row ${sourceId} became an environment`);
        continue;
      }
      const environment = environmentOf.get(entry?.environment_id ?? '');
      const database = databaseOf.get(environment?.id ?? '');
      if (!entry || !environment || !database) {
        found.push(`row ${sourceId} has no environment`);
        continue;
      }
      if (environment.status !== status) found.push(`row ${sourceId} is ${environment.status}, not ${status}`);
      const credential = credentialOf.get(database.id);
      if (!credential) found.push(`row ${sourceId} has no credential`);
      const opened = await openCredential({ installationId, dataKeys }, environment.id, credential).catch(
        () => 'unreadable' as const,
      );
      const plain = opened === 'unreadable' ? opened : (opened?.secret.reveal() ?? undefined);
      if (plain !== token)
        found.push(`the secret of row ${sourceId} is ${plain === 'unreadable' ? plain : 'another one'}`);
      if (note !== undefined) {
        const held = await readNote(place.controlPlane, environment.id);
        if (held !== note) found.push(`the database of row ${sourceId} holds ${held}`);
      }
    }
    const wanted = expected.filter(({ status }) => status !== null).length;
    if (ledger.length !== wanted) found.push(`${ledger.length} entries for ${wanted} rows`);
    if (databases.length !== wanted) found.push(`${databases.length} databases for ${wanted} rows`);
    if (credentials.length !== wanted) found.push(`${credentials.length} credentials for ${wanted} rows`);
    const defaults = environments.filter((row) => row.is_default).map((row) => row.organization_id);
    if (new Set(defaults).size !== defaults.length) found.push('an organization has two defaults');
    const owners = new Set(environments.map((row) => row.organization_id));
    if (defaults.length !== owners.size) found.push('an organization has no default');
    return found;
  } finally {
    await stores.close();
  }
}

async function readNote({ service }: ControlPlane, environmentId: string): Promise<unknown> {
  try {
    return (await (await service.connect(environmentId)).one('select text from note'))?.['text'];
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}
