import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, root, say } from './run.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Lint, format, unused code, and what a consumer of the packages would meet. Types are checked by the build before. */
export async function check() {
  const steps = await Promise.all([
    step('biome', bin('biome'), ['ci', '--error-on-warnings', '--colors=off']),
    step('knip', bin('knip'), ['--no-progress']),
    packaging(),
  ]);
  const failures = steps.flat().filter(({ code }) => code !== 0);
  for (const { name, output } of failures) say(`\n── ${name}\n${output.trimEnd()}`);
  say(
    failures.length === 0
      ? `${steps.flat().length} checks passed`
      : `\nfailed: ${failures.map(({ name }) => name).join(', ')}`,
  );
  return failures.length === 0 ? 0 : 1;
}

async function step(name, program, args) {
  return { name, ...(await capture(program, args, { cwd: root })) };
}

/** Packs every package that exports something, as npm would publish it, and examines the tarballs. */
async function packaging() {
  const tarballs = mkdtempSync(join(tmpdir(), 'envplane-pack-'));
  try {
    const pack = await step('npm pack', 'npm', [
      'pack',
      '--ignore-scripts',
      '--pack-destination',
      tarballs,
      ...publicPackages(),
    ]);
    const examined = readdirSync(tarballs).map(async (file) => [
      await step(`publint ${file}`, bin('publint'), [join(tarballs, file), '--strict']),
      await step(`attw ${file}`, bin('attw'), [join(tarballs, file), '--profile', 'esm-only', '--no-color']),
    ]);
    return [pack, ...(await Promise.all(examined)).flat()];
  } finally {
    rmSync(tarballs, { recursive: true });
  }
}

function publicPackages() {
  return ['packages', 'packages/services']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `./${folder}/${name}`))
    .filter((folder) => {
      try {
        return 'exports' in JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      } catch {
        return false;
      }
    });
}
