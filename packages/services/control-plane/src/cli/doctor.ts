import { timingSafeEqual } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { awsKmsEncryptor } from '@envplane/adapters/aws-kms';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import type { PlacementCheck, SecretEncryptor } from '@envplane/spec';
import { readTokenFile } from '../admin-token.ts';
import type { EnvplaneClient } from '../client/index.ts';
import {
  adminTokenFile,
  type Config,
  describeSettings,
  environmentsDirectory,
  localKeyFile,
  readConfig,
} from '../config.ts';
import { findHolder } from '../data-directory.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { failureText } from '../log.ts';
import { afterRestoreByService, afterRestoreOfOwnStore, checkOwnStore, inventoryChecks } from './doctor-store.ts';
import { print } from './output.ts';
import { dataOf, type GlobalOptions, openSession } from './session.ts';

/** `drift`: rows and world disagree. `skipped`: could not be looked at, and why. */
export interface Check {
  name: string;
  status: 'ok' | 'failed' | 'drift' | 'skipped';
  detail: string;
}

export interface DoctorOptions extends GlobalOptions {
  /** The store was restored from a backup. */
  afterRestore?: boolean;
}

/**
 * The command `doctor`: checks settings, files, store and databases, the latter through the service that holds them. Changes no
 * database, unless the store is declared restored: then what refuses its credentials is given others.
 * Exit code 1 when something is wrong, 7 when only rows and world disagree.
 */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const config = readConfig();
  const look = options.afterRestore ? checkAfterRestore : checkService;
  const service = await look(config, options).catch((error: unknown): Check[] => [
    { name: 'service', status: 'failed', detail: failureText(error) },
  ]);
  const checks = [...(await checkFiles(config)), ...(await checkKmsKey(config)), ...service];
  if (options.output === 'table') {
    await print({ items: describeSettings() }, 'setting', 'table');
    process.stdout.write('\n');
    await print({ items: checks }, 'check', 'table');
  } else {
    await print({ settings: describeSettings(), checks }, 'doctor', options.output);
  }
  if (checks.some(({ status }) => status === 'failed')) return EXIT.failed;
  return checks.some(({ status }) => status === 'drift') ? EXIT.drift : EXIT.ok;
}

async function checkFiles(config: Config): Promise<Check[]> {
  if (lookAt(config.dataDirectory) === undefined) {
    return [
      { name: 'data directory', status: 'skipped', detail: `${config.dataDirectory} is made by the first start` },
    ];
  }
  return [
    checkMode('data directory', config.dataDirectory, 0o700),
    ...(config.storeUrl.startsWith('file:') && hasStore(config)
      ? [checkMode('store file', config.storeUrl.slice('file:'.length), 0o600)]
      : []),
    ...(lookAt(environmentsDirectory(config)) ? [checkMode('environments', environmentsDirectory(config), 0o700)] : []),
    ...(await checkKeyFile(config)),
    await attempt('admin token', async () => {
      if (config.adminToken) return 'is set by ENVPLANE_ADMIN_TOKEN';
      readTokenFile(adminTokenFile(config));
      return adminTokenFile(config);
    }),
  ];
}

async function checkKeyFile(config: Config): Promise<Check[]> {
  const keyFile = localKeyFile(config);
  const isThere = lookAt(keyFile) !== undefined;
  if (config.encryptor !== 'local' && !isThere) return [];
  if (!hasStore(config) && !isThere)
    return [{ name: 'key file', status: 'skipped', detail: 'is made by the first start' }];
  return [
    await attempt('key file', async () => {
      await proveEncryptor(await localKeyEncryptor({ keyFile, createIfMissing: false }));
      return `${keyFile} wraps, unwraps and re-wraps`;
    }),
  ];
}

/** Reached, enabled and allowed: each thing that is ever asked of the key is done once. */
async function checkKmsKey({ kms }: Config): Promise<Check[]> {
  if (!kms) return [];
  return [
    await attempt('KMS key', async () => {
      const encryptor = await awsKmsEncryptor(kms);
      try {
        await encryptor.health();
        await proveEncryptor(encryptor);
        return `${kms.keyId} wraps, unwraps and re-wraps`;
      } finally {
        await encryptor.close?.();
      }
    }),
  ];
}

/** Certificates, tokens and logs are no use when clocks differ by more, in ms. */
const MAX_SKEW_MS = 30_000;
const PROBE = { installationId: 'doctor', subjectId: 'doctor', purpose: 'installation' } as const;

/** @throws ControlPlaneError `encryptor_unavailable` */
async function proveEncryptor(encryptor: SecretEncryptor): Promise<void> {
  const { plaintext, wrapped } = await encryptor.generateDek(PROBE);
  const forms = [wrapped, await encryptor.wrapDek(plaintext, PROBE), await encryptor.rewrapDek(wrapped, PROBE)];
  for (const form of forms) {
    if (!timingSafeEqual(await encryptor.unwrapDek(form, PROBE), plaintext))
      throw new Error('a key came back as another');
  }
}

function lookAt(path: string) {
  return lstatSync(path, { throwIfNoEntry: false });
}

function checkMode(name: string, path: string, wanted: number): Check {
  const status = lookAt(path);
  const mode = status ? status.mode & 0o777 : 0;
  const isRight = status !== undefined && status.uid === process.getuid?.() && (mode & 0o077) === 0;
  const detail = isRight ? path : `${path} has mode ${mode.toString(8)}; it must be ${wanted.toString(8)} and our own`;
  return { name, status: isRight ? 'ok' : 'failed', detail };
}

async function attemptAll(name: string, check: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    return [{ name, status: 'failed', detail: failureText(error) }];
  }
}

async function attempt(name: string, check: () => Promise<string>): Promise<Check> {
  try {
    return { name, status: 'ok', detail: await check() };
  } catch (error) {
    return { name, status: 'failed', detail: failureText(error) };
  }
}

async function checkAfterRestore(config: Config, options: GlobalOptions): Promise<Check[]> {
  const { client, isNamed } = openSession(options);
  const isServed = isNamed || findHolder(config.dataDirectory) !== undefined;
  return isServed ? afterRestoreByService(client) : afterRestoreOfOwnStore(config);
}

/** Whether there is a store to look at; looking would make one. */
const hasStore = ({ storeUrl }: Config): boolean =>
  !storeUrl.startsWith('file:') || lookAt(storeUrl.slice('file:'.length)) !== undefined;

/** The store is looked at by the process that holds it; a second one in the same files would be in its way. */
async function checkService(config: Config, options: GlobalOptions): Promise<Check[]> {
  const holder = findHolder(config.dataDirectory);
  const { client, url, isNamed } = openSession(options);
  if (!holder && !isNamed) {
    const detail = 'none runs on the data directory';
    const none: Check = { name: 'service', status: 'skipped', detail };
    return hasStore(config) ? [none, ...(await attemptAll('store', () => checkOwnStore(config)))] : [none];
  }
  const checks: Check[] = [];
  const service = await attempt('service', async () => {
    const { data, error } = await client.GET('/readyz');
    const readiness = data ?? (error && 'checks' in error ? error : undefined);
    for (const [name, status] of Object.entries(readiness?.checks ?? {})) {
      // Which one is degraded is found out below.
      if (name === 'placements') continue;
      checks.push({ name, status: status === 'ok' ? 'ok' : 'failed', detail: `as the service at ${url} says` });
    }
    return holder ? `process ${holder.pid} at ${url}` : url;
  });
  if (service.status !== 'ok') return [service];
  return [
    service,
    ...checks,
    ...(await Promise.all([checkPlacements(client), checkEnvironments(client), checkInventory(client)])).flat(),
  ];
}

/** Each is looked at by the service, which has the administrator credentials: reachable, right version, enough rights, its clock. */
async function checkPlacements(client: EnvplaneClient): Promise<Check[]> {
  const { items } = dataOf(await client.GET('/v1/placements'));
  return Promise.all(
    items.map(async ({ id, name, status }): Promise<Check> => {
      if (status === 'retired') return { name: `placement ${name}`, status: 'skipped', detail: status };
      const path = { placement: id };
      const found = dataOf(await client.POST('/v1/placements/{placement}/check', { params: { path } }));
      return { name: `placement ${name}`, ...verdictOf(found) };
    }),
  );
}

/** What a look at a placement means. */
export function verdictOf(found: PlacementCheck): Pick<Check, 'status' | 'detail'> {
  const { ok, code, detail, durationMs, clockSkewMs, placement } = found;
  if (!ok) return { status: 'failed', detail: `${code}: ${detail}` };
  const seen = `${placement.status}, ${durationMs} ms`;
  const skewMs = Math.abs(clockSkewMs ?? 0);
  if (skewMs <= MAX_SKEW_MS) return { status: 'ok', detail: seen };
  return { status: 'drift', detail: `${seen}; its clock differs by ${Math.round(skewMs / 1_000)} s` };
}

/** Placements beside the rows. */
async function checkInventory(client: EnvplaneClient): Promise<Check[]> {
  return inventoryChecks(dataOf(await client.POST('/v1/inventory/check')));
}

/** Every environment that should serve is looked at where it lies. */
async function checkEnvironments(client: EnvplaneClient): Promise<Check[]> {
  const drifted: Check[] = [];
  let looked = 0;
  for await (const organization of allPages((query) => client.GET('/v1/organizations', { params: { query } }))) {
    const path = { org: organization.id };
    const pages = allPages((query) => client.GET('/v1/organizations/{org}/environments', { params: { path, query } }));
    for await (const { id, slug, status } of pages) {
      looked += 1;
      const name = `${organization.slug}/${slug}`;
      if (status === 'failed') drifted.push({ name, status: 'drift', detail: `failed; envplane env get ${id}` });
      if (status !== 'active') continue;
      const database = dataOf(await client.GET('/v1/environments/{env}/database', { params: { path: { env: id } } }));
      if (database.health !== 'ok')
        drifted.push({ name, status: 'drift', detail: `its database is ${database.health}` });
      const { sessions } = database;
      if (sessions && sessions.open >= sessions.limit) {
        drifted.push({ name, status: 'drift', detail: `all of its ${sessions.limit} sessions are taken` });
      }
      if (database.overLimit) {
        const detail = `it is larger than its limit of ${database.storageLimitMb} MB; envplane env update ${id} --storage-limit-mb <mb>`;
        drifted.push({ name, status: 'drift', detail });
      }
      for (const { detail } of database.drift ?? []) {
        drifted.push({ name, status: 'drift', detail: `${detail} envplane env reapply ${id}` });
      }
    }
  }
  return drifted.length > 0
    ? drifted
    : [{ name: 'databases', status: 'ok', detail: `${looked} environments looked at` }];
}

async function* allPages<Item>(
  read: (query: {
    limit: number;
    cursor?: string;
  }) => Promise<Parameters<typeof dataOf<{ items: Item[]; nextCursor: string | null }>>[0]>,
): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const page: { items: Item[]; nextCursor: string | null } = dataOf(
      await read({ limit: 200, ...(cursor && { cursor }) }),
    );
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}
