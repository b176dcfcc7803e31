import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { KEYLESS, NAIVE, UNCLAIMED } from '../bench/reliability/naive.ts';
import { reliabilityPage } from '../bench/reliability/page.ts';
import { filesUnder, read, root } from './tree.ts';

const everything = filesUnder('.');
const documents = everything.filter((path) => path.endsWith('.md'));
const exists = (path: string) => existsSync(join(root, path));

it('relative links lead somewhere', () => {
  const broken = documents.flatMap((path) =>
    [...withoutFences(read(path)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !exists(join(dirname(path), target)))
      .map((target) => `${path} links to ${target}`),
  );
  expect(broken).toEqual([]);
});

it('cited files and folders exist', () => {
  const broken = documents.flatMap((path) =>
    [...withoutFences(read(path)).matchAll(/`([^`\n]+)`/g)]
      .map(([, span = '']) => span)
      .filter((span) => /^(packages|scripts|docs|test|bench|examples|migrations|\.ci)\/\S*$|^[A-Z]+\.md$/.test(span))
      // A pattern or placeholder is checked as far as it is fixed: `packages/adapters/src/databases/<driver>`.
      .filter((span) => !exists(span.replace(/[^/]*[*<{…].*$/, '')))
      .map((span) => `${path} cites ${span}`),
  );
  expect(broken).toEqual([]);
});

it('decision records have unique numbers and stand in the index under their own', () => {
  const records = documents.flatMap((path) => /^docs\/adr\/((\d{4})-[a-z0-9-]+\.md)$/.exec(path)?.slice(1) ?? []);
  const files = records.filter((_, position) => position % 2 === 0);
  const numbers = records.filter((_, position) => position % 2 === 1);
  expect(documents.filter((path) => path.startsWith('docs/adr/')).length).toBe(files.length + 1);
  expect(new Set(numbers).size).toBe(numbers.length);
  const index = [...read('docs/adr/README.md').matchAll(/^\| \[(\d{4})\]\((\S+?)\) \|/gm)];
  expect(index.map(([, , file]) => file)).toEqual(files.sort());
  for (const [, number = '', file] of index) expect(file).toMatch(new RegExp(`^${number}-`));
});

it('nothing mentions the machine it was written on', () => {
  const places = [root.replace(/\/$/, ''), homedir()].filter((path) => path.split('/').length > 2);
  const mentions = everything.filter((path) => {
    const text = read(path);
    return /(?<![\w.])\/(home|Users)\/\w|(?<![\w.])\/root\//.test(text) || places.some((place) => text.includes(place));
  });
  expect(mentions).toEqual([]);
});

it.each([
  ['SECURITY.md', 'S'],
  ['ARCHITECTURE.md', 'I'],
])('every row of %s that claims something is proved by a test that says so', (document, letter) => {
  const rows = [...read(document).matchAll(new RegExp(`^\\| (${letter}\\d+) \\|`, 'gm'))].map(([, id = '']) => id);
  expect(rows.length).toBeGreaterThan(5);
  const proven = provenRules();
  expect(rows.filter((id) => !proven.has(id))).toEqual([]);
});

/** The rules that tests prove: what the titles of tests and suites start with (`sec S7 …`, `I4 …`, `I1, I6 …`). */
function provenRules(): Set<string> {
  const title = /\(\s*['"`]((?:(?:sec|rel|cap) )?[A-Z]+\d+(?:,? (?:(?:sec|rel|cap) )?[A-Z]+\d+)*)[:,]? /g;
  const suites = everything.filter((path) => /\.test\.ts$|^packages\/testkit\/src\/.*\.ts$/.test(path));
  const starts = suites.flatMap((path) => [...read(path).matchAll(title)].map(([, start = '']) => start));
  return new Set(starts.flatMap((start) => start.match(/[A-Z]+\d+/g) ?? []));
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

it('what the naive variants of bench:reliability take out is there, once', () => {
  const folders = ['packages', 'packages/services'];
  const missed = [...Object.values(NAIVE), KEYLESS, UNCLAIMED].flatMap(({ title, edits }) =>
    Object.entries(edits).flatMap(([module, texts]) => {
      const built = folders.map((folder) => folder + module).find(exists);
      const source = built === undefined ? '' : read(built);
      return texts.filter(([text]) => source.split(text).length !== 2).map(([text]) => `${title}: ${module} ${text}`);
    }),
  );
  expect(missed).toEqual([]);
});

it('the page of reliability is what the figures say', () => {
  expect(read('docs/reliability.md')).toBe(reliabilityPage());
});
