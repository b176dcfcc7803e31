import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Host applications that the plugin is tested in, by the version of their packages. */
export const HOSTS = ['17.4.0', '16.1.0', '4.0.4'] as const;
export type HostVersion = (typeof HOSTS)[number];

/** Written beside the packages, so that Node finds them. */
const ENTRY = ['core', 'driver-sql', 'objectql', 'plugin-hono-server']
  .map((name) => `export * from '@objectstack/${name}';\n`)
  .join('');

const manifests = fileURLToPath(new URL('../../hosts/', import.meta.url));
const installed = fileURLToPath(new URL('../../../../node_modules/.cache/envplane-hosts/', import.meta.url));

/**
 * Installs the packages of a host where nothing of the workspace sees them, unless they are there: what its lock file names, no
 * script run. Processes that do so at the same time end with one installation.
 *
 * @param sqlite folder of better-sqlite3, which the host's SQL driver finds as its own
 * @returns path of a module that exports what a host is made of
 * @throws Error when the registry cannot be reached
 */
export async function installHost(version: HostVersion, sqlite: string): Promise<string> {
  const manifest = join(manifests, version);
  const hash = createHash('sha256').update(await readFile(join(manifest, 'package-lock.json')));
  const folder = join(installed, `${version}-${hash.update(ENTRY).digest('hex').slice(0, 12)}`);
  const module = join(folder, 'host.mjs');
  if (await exists(module)) return module;
  await mkdir(installed, { recursive: true });
  const unfinished = await mkdtemp(join(installed, 'unfinished-'));
  try {
    await cp(manifest, unfinished, { recursive: true });
    const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline'];
    await promisify(execFile)('npm', ['ci', ...flags], { cwd: unfinished });
    await rm(join(unfinished, 'node_modules/better-sqlite3'), { recursive: true, force: true });
    await symlink(sqlite, join(unfinished, 'node_modules/better-sqlite3'), 'dir');
    await writeFile(join(unfinished, 'host.mjs'), ENTRY);
    await rename(unfinished, folder).catch(async (error) => {
      if (!(await exists(module))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return module;
}

/** The official client of a host that `installHost` installed: path of its module. */
export const clientOfHost = (module: string): string =>
  join(dirname(module), 'node_modules/@objectstack/client/dist/index.mjs');

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
