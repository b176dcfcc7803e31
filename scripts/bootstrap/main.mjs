import { check } from './check.mjs';
import { prepare } from './prepare.mjs';
import { root, run, say } from './run.mjs';

/** What each script runs once dependencies are installed and the sources are compiled. Each returns an exit code. */
const commands = {
  start: (args) => node('packages/services/control-plane/bin/envplane.js', 'dev', ...args),
  test: (args) => node('node_modules/vitest/vitest.mjs', 'run', ...args),
  check,
  build: () => 0,
  generate: (args) => node('node_modules/tsx/dist/cli.mjs', 'scripts/generate.ts', ...args),
  bench: (args) => node('node_modules/tsx/dist/cli.mjs', 'bench/index.ts', ...args),
  'bench:reliability': (args) => node('node_modules/tsx/dist/cli.mjs', 'bench/reliability/index.ts', ...args),
  'bench:rotation': (args) => node('node_modules/tsx/dist/cli.mjs', 'bench/rotation/index.ts', ...args),
};

const node = (...args) => run(process.execPath, args, { cwd: root });

export async function main([name = '', ...args]) {
  if (!Object.hasOwn(commands, name)) {
    say(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
    process.exitCode = 2;
    return;
  }
  // Whoever only wants to run the service does not wait for tests and benchmarks to be compiled.
  const project = name === 'start' ? 'packages/services/control-plane' : '.';
  process.exitCode = (await prepare(project)) || (await commands[name](args));
}
