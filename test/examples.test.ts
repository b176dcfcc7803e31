import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { filesUnder, read, root } from './tree.ts';

const examples = readdirSync(join(root, 'examples')).map((name) => `examples/${name}`);
/** Those that print and end; one that serves is driven by a test of its own, which starts it as its README says. */
const ending = examples.filter((example) => 'start' in JSON.parse(read(`${example}/package.json`)).scripts);
const readmeOf = (example: string) => read(`${example}/README.md`);

/** The fenced blocks of a document in one language. */
function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

it.each(ending)('%s prints what its README shows', async (example) => {
  const [commands = '', ...others] = blocks(readmeOf(example), 'sh');
  const [build, command, ...more] = commands.trim().split('\n');
  expect({ build, more }).toEqual({ build: 'npm run build', more: [] });
  const directory = mkdtempSync(join(tmpdir(), 'envplane-example-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));

  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', `${command} "$0"`, join(directory, 'data')], {
    cwd: root,
  });

  expect([stdout]).toEqual(blocks(readmeOf(example), 'text'));
  expect(stderr).toBe('');
  expect(others.filter((other) => other !== `npm test -- ${example}\n`)).toEqual([]);
});

it('the README of the custom driver quotes and counts its files as they are', () => {
  const folder = 'examples/custom-driver';
  const sources = filesUnder(folder).filter((path) => path.endsWith('.ts'));
  const actual = sources.map((path) => [path, read(path).split('\n').length - 1]);
  const counted = readmeOf(folder).matchAll(/^\|.*\| \[(\S+)\]\(\1\) \| (\d+) \|$/gm);
  expect([...counted].map(([, path, lines]) => [`${folder}/${path}`, Number(lines)]).sort()).toEqual(actual.sort());

  const quotes = blocks(readmeOf(folder), 'ts');
  expect(quotes.length).toBeGreaterThan(0);
  expect(quotes.filter((quote) => !sources.some((path) => read(path).includes(quote)))).toEqual([]);
});
