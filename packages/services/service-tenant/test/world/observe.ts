import type { AdapterCredential, Authorization, DatabaseHandle, SecretEncryptor } from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import { noMeter } from '../../src/metrics.ts';
import type { DatabaseCredentialRow } from '../../src/objects/index.ts';
import { currentCredential, openCredential, targetOf } from '../../src/provisioning/pass-context.ts';
import { createDataKeys } from '../../src/secrets/data-keys.ts';
import { createEncryptorSet } from '../../src/secrets/encryptor-set.ts';
import { findConnectable } from '../../src/store/connect.ts';
import { findInstallation } from '../../src/store/installation.ts';
import { createKeyStore } from '../../src/store/key-store.ts';
import type { Stores } from '../../src/store/open-stores.ts';
import type { Owned, TestDriver } from './drivers.ts';

/** A credential as somebody may still hold it, whatever became of it since. */
export interface Remembered {
  environmentId: string;
  login(): Promise<DatabaseHandle>;
}

/** What can be seen of environments in the store and at their providers, without asking a control plane. */
export interface Observed {
  /** @throws Error for a driver that is not part of it */
  driverOf(row: { driver: string }): TestDriver;
  /** The stores, for looking at rows. */
  inspect(): Promise<Stores>;
  /** What exists at the providers; see `TestDriver`. */
  survey(): Promise<string[]>;
  /** Logs in to an environment's database as its tenant, with what the rows say and nothing else. `full_access` unless given. */
  login(environmentId: string, authorization?: Authorization): Promise<DatabaseHandle>;
  /** Opens what is sealed now and keeps it, as a client that was given it does. Of credentials seen before nothing is lost. */
  remember(): Promise<void>;
  /** Every secret that was remembered, by the id of its credential, with a way to log in with it. */
  readonly remembered: ReadonlyMap<string, Remembered>;
}

export function observe(
  drivers: readonly TestDriver[],
  inspect: () => Promise<Stores>,
  encryptor: () => Promise<SecretEncryptor>,
): Observed {
  const remembered = new Map<string, Remembered>();
  let opened: Promise<SecretEncryptor> | undefined;
  let installationId: string | undefined;

  function driverOf(row: { driver: string }): TestDriver {
    const driver = drivers.find((each) => each.driver === row.driver);
    if (!driver) throw new Error(`there is no driver ${row.driver}`);
    return driver;
  }

  /** What it takes to log in, read from the store. */
  async function access(environmentId: string, authorization: Authorization) {
    const { main, keys } = await inspect();
    const found = await findConnectable(main, environmentId, authorization);
    installationId ??= (await findInstallation(main))?.installation_id;
    if (!found || !installationId) throw new Error('there is no such environment');
    opened ??= encryptor();
    // Anew each time: one that is remembered would open what is wrapped in the store no more.
    const dataKeys = createDataKeys({
      encryptors: createEncryptorSet(await opened),
      keyStore: createKeyStore(keys),
      installationId,
      uuid: uuidv7,
      meter: noMeter,
    });
    const context = { installationId, dataKeys };
    const driver = driverOf(found.database);
    const target = targetOf(context, found.database, {
      ...found.placement,
      administrator: driver.place?.administrator ?? null,
    });
    const connect = (credential: AdapterCredential | null) =>
      driver.adapter().connect(target, found.database.database_url ?? '', credential);
    return { found, context, connect };
  }

  return {
    driverOf,
    inspect,
    survey: async () => {
      const owned = await ownedBy(inspect);
      return (await Promise.all(drivers.map((driver) => driver.survey(owned)))).flat().sort();
    },
    login: async (environmentId, authorization = 'full_access') => {
      const { found, context, connect } = await access(environmentId, authorization);
      return connect(await openCredential(context, environmentId, currentCredential(found, authorization)));
    },
    remembered,
    remember: async () => {
      const { main } = await inspect();
      const { rows } = await main.select<DatabaseCredentialRow & { environment_id: string }>(
        `select c.*, d.environment_id from sys_database_credential c
         join sys_environment_database d on d.id = c.environment_database_id
         where c.secret_ciphertext <> '' and d.environment_id is not null and d.database_url is not null`,
        [],
      );
      for (const { environment_id: environmentId, ...row } of rows) {
        if (remembered.has(row.id)) continue;
        const { context, connect } = await access(environmentId, row.authorization);
        const credential = await openCredential(context, environmentId, row);
        remembered.set(row.id, { environmentId, login: () => connect(credential) });
      }
    },
  };
}

/** @throws Error before the first control plane was opened, when there is no installation yet */
export async function ownedBy(inspect: Observed['inspect']): Promise<Owned> {
  const { main } = await inspect();
  const installation = await findInstallation(main);
  if (!installation) throw new Error('nothing was opened yet');
  const { rows } = await main.select<{ database_name: string }>('select database_name from sys_external_name', []);
  return {
    prefix: `ep${installation.installation_id}`,
    names: rows.map(({ database_name: name }) => name),
  };
}
