import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests run on the sources: every export of a workspace package is mapped from `dist/….js` to `src/….ts`. */
function workspaceAliases() {
  const roots = ['packages', 'packages/services'].flatMap((dir) =>
    readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [`${dir}/${entry.name}`] : [])),
  );
  return roots.flatMap((root) => {
    let manifest: { name: string; exports: Record<string, string | { default: string }> };
    try {
      manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    } catch {
      return [];
    }
    return Object.entries(manifest.exports).flatMap(([subpath, target]) =>
      typeof target === 'string'
        ? []
        : [
            {
              find: new RegExp(`^${manifest.name}${subpath.slice(1)}$`),
              replacement: new URL(
                target.default.replace('./dist/', `./${root}/src/`).replace(/\.js$/, '.ts'),
                import.meta.url,
              ).pathname,
            },
          ],
    );
  });
}

/** Servers write and remove thousands of files whose durability nobody tests: in memory where there is plenty of it. */
function useMemory(): void {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 4 * 1024 ** 3) process.env['TMPDIR'] ??= '/dev/shm';
  } catch {
    // There is none.
  }
}
useMemory();

/** Tests that replace modules, or boot applications that change what is global, need modules of their own. */
const APART = [
  'packages/**/test/**/*.mocked.test.ts',
  'packages/services/control-plane/test/hosts/hosts.test.ts',
  'examples/host-plugin/test/*.test.ts',
];

/** What is enumerated or generated is short to write and long to run. */
const LONGEST = ['crash-enumeration', 'fuzz', 'deaths', 'crash-', 'many-environments', 'zombie', 'commands', 'files'];

/** Where nothing is known of earlier runs, the largest files come first; the longest would be left for the end, with one core idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((part) => moduleId.includes(part));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { alias: workspaceAliases() },
  test: {
    // The default leaves one core idle, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // A deadline against hanging, not a figure: both cores may be busy with other tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/test/**/*.test.ts', 'examples/*/test/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{store,adapter,service}.test.ts', ...APART],
          // Loading the modules anew for each file would take a fifth of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: APART } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['packages/**/test/**/*.{store,adapter,service}.test.ts', 'examples/*/test/*.adapter.test.ts'],
          globalSetup: ['./test/setup/servers.ts'],
        },
      },
      { extends: true, test: { name: 'house', include: ['test/**/*.test.ts'] } },
    ],
  },
});
