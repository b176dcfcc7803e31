// The long form of `migration-kills.service.test.ts`. Prints its seed; the same seed makes the same rows and the same delays.
// See docs/migration.md for the command.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { surviveKills } from '../world/migration-kills.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const directory = mkdtempSync(join(tmpdir(), 'envplane-migration-'));
process.stdout.write(`seed ${values.seed}\n`);
try {
  const { wrong, ...figures } = await surviveKills({
    directory,
    rows: Number(values.rows),
    kills: Number(values.kills),
    seed: Number(values.seed),
    say: (text) => void process.stdout.write(`${text}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ...figures, seed: Number(values.seed), wrong: wrong.slice(0, 20) })}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
