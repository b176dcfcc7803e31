import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { capture, root, say, withProgress } from './run.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.bootstrap-stamp');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Installs the dependencies when something they depend on has changed, and compiles a project with what it needs. Returns an
 * exit code, 0 when both are in place. Idempotent; several runs may start at once.
 */
export function prepare(project) {
  return withLock(
    join(root, '.bootstrap.lock'),
    async () => (await install()) || (await build(project)),
    (pid) => say(`waiting for another run that is installing or compiling (pid ${pid})`),
  );
}

async function install() {
  const stamp = computeStamp();
  if (installedStamp() === stamp) return 0;

  say('installing dependencies (the first time this compiles better-sqlite3: one or two minutes)');
  const startedAt = Date.now();
  rmSync(stampFile, { force: true });
  const installed = await pnpm('install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only');
  if (installed.code !== 0) return failed('installing dependencies', installed);

  // An install after a failed native build can exit 0 without having built anything.
  if (!(await opensSqlite())) {
    const rebuilt = await pnpm('-r', 'rebuild', 'better-sqlite3');
    if (rebuilt.code !== 0 || !(await opensSqlite())) return failed('compiling better-sqlite3', rebuilt);
  }
  rmSync(npmLeftover, { force: true });
  writeFileSync(stampFile, stamp);
  say(`dependencies installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return 0;
}

async function build(project) {
  const colour = process.stdout.isTTY ? ['--pretty'] : [];
  const { code, output } = await withProgress(
    () => 'compiling',
    () => capture(process.execPath, [join(modules, 'typescript/bin/tsc'), '-b', project, ...colour], { cwd: root }),
  );
  process.stdout.write(output);
  return code;
}

/** npm's own record of a tree. Its presence means that `npm install` has run over ours and moved things about. */
const npmLeftover = join(modules, '.package-lock.json');

function installedStamp() {
  if (!existsSync(join(modules, '.modules.yaml')) || existsSync(npmLeftover) || !existsSync(stampFile))
    return undefined;
  return readFileSync(stampFile, 'utf8');
}

/** Changes with everything that decides what an install puts on the disk. */
function computeStamp() {
  const manifests = ['.', 'packages', 'packages/services', 'scripts', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}/package.json`),
  );
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`\n${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function pnpm(...args) {
  let activity = 'preparing the install';
  return withProgress(
    () => activity,
    () =>
      capture('npx', ['-y', packageManager, ...args], {
        cwd: root,
        env: { ...process.env, ...nodeHeaders() },
        onLine(line) {
          if (line.startsWith('Progress: ')) activity = line;
          else if (/ (install|rebuild|postinstall): /.test(line)) activity = 'compiling native modules';
        },
      }),
  );
}

/**
 * Points node-gyp at the headers that came with this Node; without them it would fetch them from nodejs.org.
 * NOTE: pnpm does not hand on `nodedir` from a user's .npmrc, only from the environment.
 */
function nodeHeaders() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  const present = existsSync(join(prefix, 'include/node/node_api.h'));
  return present && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}

/** Whether the native module loads and works, tried in a child so that a broken binary cannot take this process down. */
async function opensSqlite() {
  const program = "new (require('better-sqlite3'))(':memory:').close()";
  const { code } = await capture(process.execPath, ['-e', program], { cwd: join(root, 'packages/adapters') });
  return code === 0;
}

function failed(what, { code, output }) {
  say(output.trim().split('\n').slice(-40).join('\n'));
  say(`\n${what} failed; the last lines are above.`);
  if (/better-sqlite3|gyp/.test(output)) {
    say(`better-sqlite3 is compiled on this machine. That needs python3, make, g++ and the headers of Node ${process.version}:
  Debian, Ubuntu   apt-get install python3 make g++
  Fedora           dnf install python3 make gcc-c++
  macOS            xcode-select --install
  headers          npm_config_nodedir=<folder with include/node>, when they cannot be downloaded
Then run the same command again.`);
  }
  return code || 1;
}
