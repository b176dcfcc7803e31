import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { surviveKills } from './world/migration-kills.ts';
import { temporaryDirectory } from './world/stores.ts';

it('rel G11 two migrators that are killed at random leave a bijection, and no secret is lost', {
  timeout: 120_000,
}, async () => {
  const directory = temporaryDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const seed = Date.now() % 1_000_000;
  process.stdout.write(`seed ${seed}\n`);
  const { wrong, kills, midway } = await surviveKills({ directory, rows: 300, kills: 3, seed });
  expect({ wrong, kills, seed }).toEqual({ wrong: [], kills: 3, seed });
  expect(midway, 'kills in the middle of the work').toBeGreaterThan(1);
});
