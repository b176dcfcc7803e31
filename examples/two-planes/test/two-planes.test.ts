import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = new URL('../README.md', import.meta.url);
const executablePath = await findChromium();

// Without one, the reason has been printed.
describe.runIf(executablePath !== null)('two planes, in a browser', () => {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-two-planes-'));
  let app: ChildProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const [, command] = /^```sh\nnpm run build\n(.+)\n```$/m.exec(readFileSync(readme, 'utf8')) ?? [];
    app = spawn('sh', ['-c', `exec ${command} "$0"`, join(directory, 'data')], {
      cwd: root,
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await listening(app);
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      // It is root in most containers, and nothing it shows comes from outside.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    });
    page = await browser.newPage();
    await page.goto(url);
  });
  afterAll(async () => {
    await browser?.close();
    app.kill('SIGTERM');
    const [code] = app.exitCode === null ? await once(app, 'exit') : [app.exitCode];
    rmSync(directory, { recursive: true });
    expect(code).toBe(0);
  });

  const texts = (selector: string) => page.locator(selector).allTextContents();
  /** Signs in, and waits for the workspaces of that user. */
  async function signIn(user: string): Promise<void> {
    await page.getByRole('button', { name: user, exact: true }).click();
    await page.getByText(`${user} is signed in.`).waitFor();
    await page.locator('#workspaces button[aria-pressed="true"]').waitFor();
  }
  async function add(title: string): Promise<void> {
    await page.getByLabel('What is to be done?').fill(title);
    await page.getByRole('button', { name: 'Add' }).click();
  }
  const workspaces = () => texts('#workspaces button');
  const planes = () => texts('#trace tbody td:nth-child(2)');

  it('an owner adds a todo, and sees the request on both planes and the call of the database', async () => {
    await signIn('ada');
    expect(await workspaces()).toEqual(['acme / design (owner)', 'acme / sales (owner)']);
    await add('Draw the logo');
    await page.locator('#todos li', { hasText: 'Draw the logo' }).waitFor();
    await page.locator('#trace tbody tr', { hasText: 'query' }).last().waitFor();
    expect(await texts('#trace tbody td:first-child')).toEqual(expect.arrayContaining(['gate', 'query']));
    expect(await planes()).toContain('environment');
    const call = page.locator('#calls tbody code', { hasText: 'INSERT INTO todo' });
    await call.first().waitFor();
    // What was written is in no statement.
    expect((await texts('#calls')).join()).not.toContain('Draw the logo');
  });

  it('each workspace has its own todos', async () => {
    await page.getByRole('button', { name: 'acme / sales (owner)' }).click();
    await page.locator('#request', { hasText: '→ 200' }).waitFor();
    await expect.poll(() => texts('#todos li')).toEqual([]);
  });

  it('a reader reads, and neither writes nor sees the calls', async () => {
    await signIn('ben');
    expect(await workspaces()).toEqual(['acme / design (reader)']);
    await expect.poll(() => texts('#todos li')).toEqual(['Draw the logo']);
    await add('Vandalize it');
    await page.getByText('403 permission_denied').waitFor();
    await page.getByText('Only owners and admins of a workspace see its calls.').waitFor();
    expect(await texts('#todos li')).toEqual(['Draw the logo']);
  });

  it('a workspace of somebody else is refused before any database is reached, like one that never was', async () => {
    await signIn('eve');
    expect(await workspaces()).toEqual(['globex / plant (owner)']);
    const foreign = await page.locator('#workspaces button').first().getAttribute('data-id');
    await signIn('ada');
    for (const id of [foreign ?? '', '00000000-0000-7000-8000-000000000000']) {
      await page.locator('#answer').evaluate((answer) => answer.replaceChildren());
      await page.getByLabel('Id of a workspace').fill(id);
      await page.getByRole('button', { name: 'Probe' }).click();
      await page.getByText('403 access_denied').waitFor();
      expect(await texts('#request')).toEqual(['GET /workspaces/:env/todos → 403']);
      expect(await texts('#trace tbody td:first-child')).toContain('gate');
      expect(new Set(await planes())).toEqual(new Set(['directory']));
    }
  });
});

async function listening({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the application has no output');
  for await (const line of createInterface({ input: stdout })) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the application ended before it listened');
}
