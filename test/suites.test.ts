import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, read, root } from './tree.ts';

const foldersOf = (folder: string) => readdirSync(join(root, folder));
const tests = filesUnder('packages/adapters/test').filter((path) => path.endsWith('.ts'));
const imports = (path: string, module: string) => read(path).includes(`'${module}'`);

/** Whether a test runs the suite on the module, itself or through the harness that it imports. */
function isHeldTo(suite: string, module: string): boolean {
  const harnesses = tests.filter((path) => imports(path, module)).map((path) => `./${path.split('/').at(-1)}`);
  return tests.some(
    (path) =>
      read(path).includes(`\n${suite}(`) &&
      (imports(path, module) || harnesses.some((harness) => imports(path, harness))),
  );
}

describe('every driver', () => {
  it.each(foldersOf('packages/adapters/src/databases'))('%s is held to the conformance suite', (driver) => {
    expect(isHeldTo('databaseAdapterConformance', `../src/databases/${driver}/index.ts`)).toBe(true);
  });

  it.each(foldersOf('packages/adapters/src/databases'))('%s is there for the service, its failpoints too', (driver) => {
    const registered = read('packages/services/control-plane/src/drivers.ts');
    expect(registered).toContain(`${driver}Adapter(`);
    expect(registered).toMatch(new RegExp(`FAILPOINT_NAMES[^;]*\\b${driver}Effects\\b`));
  });
});

it.each(foldersOf('packages/adapters/src/encryptors'))('the encryptor %s is held to the conformance suite', (name) => {
  expect(isHeldTo('secretEncryptorConformance', `../src/encryptors/${name}/index.ts`)).toBe(true);
});
