import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const NOT_OURS = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.git',
  '.envplane',
  'quickstart-data',
  'custom-driver-data',
  'gateway-data',
]);

/** Every file of the checkout below `folder` that we write ourselves; paths are relative to the root. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  name: string;
  private?: boolean;
  license?: string;
  type?: string;
  sideEffects?: boolean;
  engines?: { node?: string };
  files?: string[];
  bin?: Record<string, string>;
  exports?: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export const readManifest = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`));

/** The workspace packages, by folder. */
export const packages: readonly string[] = ['packages', 'packages/services', 'scripts']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(join(root, folder, 'package.json')));

/** The TypeScript sources of a package, as `path → text without comments`. */
export function sourcesOf(folder: string): Map<string, string> {
  const paths = filesUnder(`${folder}/src`).filter((path) => path.endsWith('.ts'));
  return new Map(paths.map((path) => [path, withoutComments(read(path))]));
}

/** All sources that ship. */
export const allSources = (): Map<string, string> => new Map(packages.flatMap((folder) => [...sourcesOf(folder)]));

/** What a source imports, statically or dynamically, as types or as values. */
export function importsOf(code: string): string[] {
  const specifier = /\b(?:from|import|import\s*\(|require\s*\()\s*(['"])([^'"\n]+)\1/g;
  return [...code.matchAll(specifier)].map((match) => match[2] ?? '');
}

function withoutComments(code: string): string {
  const stringOrComment = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return code.replace(stringOrComment, '$1');
}
