import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContractCommand } from '../../src/cli/contract.ts';
import { confirmed } from '../../src/cli/guard.ts';
import type { Session } from '../../src/cli/session.ts';
import { askText, askYesNo } from '../../src/cli/ui.ts';

vi.mock('../../src/cli/ui.ts', () => ({ askText: vi.fn(), askYesNo: vi.fn() }));
afterEach(() => vi.resetAllMocks());

const session = { isInteractive: true } as Session;
const purge = { verb: 'purge', destructive: true } as ContractCommand;
const suspend = { verb: 'suspend', destructive: false } as ContractCommand;
const production = { slug: 'prod', description: 'acme/prod', isProduction: true };
const sandbox = { slug: 'try', description: 'acme/try', isProduction: false };

describe('cap UX3 with a terminal', () => {
  it.each([purge, suspend])('production is asked for its slug', async (command) => {
    vi.mocked(askText).mockResolvedValue('prod');
    expect(await confirmed(session, command, production, {})).toBe('prod');
    vi.mocked(askText).mockResolvedValue('yes');
    await expect(confirmed(session, command, production, {})).rejects.toMatchObject({ exitCode: 1 });
    expect(askYesNo).not.toHaveBeenCalled();
  });

  it('elsewhere what cannot be undone is a question, and the rest is not asked', async () => {
    vi.mocked(askYesNo).mockResolvedValueOnce(true).mockResolvedValueOnce(false);
    expect(await confirmed(session, purge, sandbox, {})).toBe('try');
    await expect(confirmed(session, purge, sandbox, {})).rejects.toMatchObject({ exitCode: 1 });
    expect(await confirmed(session, suspend, sandbox, {})).toBeUndefined();
    expect(askYesNo).toHaveBeenCalledTimes(2);
  });

  it('flags that say it all are not asked again, and half of them are refused', async () => {
    expect(await confirmed(session, purge, production, { yes: true, confirm: 'prod' })).toBe('prod');
    await expect(confirmed(session, purge, production, { yes: true })).rejects.toMatchObject({ exitCode: 2 });
    await expect(confirmed(session, purge, production, { yes: true, confirm: 'try' })).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(askText).not.toHaveBeenCalled();
  });

  it('what is gone already needs the flags', async () => {
    await expect(confirmed(session, purge, undefined, {})).rejects.toMatchObject({ exitCode: 2 });
    expect(await confirmed(session, purge, undefined, { yes: true, confirm: 'gone' })).toBe('gone');
  });
});
