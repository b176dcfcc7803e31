import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of a browser: one that is there, or that of the distribution where this process may install it. Null, and why, without. */
export async function findChromium(): Promise<string | null> {
  return found() ?? (await install());
}

const found = (): string | null => PLACES.find((path) => existsSync(path)) ?? null;

async function install(): Promise<string | null> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return without('there is no Chromium, and none can be installed here');
  }
  process.stdout.write('installing Chromium with apt-get for the browser test …\n');
  const run = promisify(execFile);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  } catch {
    return without('apt-get could not install Chromium');
  }
  return found() ?? without('apt-get has no Chromium here');
}

function without(reason: string): null {
  process.stdout.write(`the browser test is left out: ${reason}\n`);
  return null;
}
