import { describe, expect, it } from 'vitest';
import { hashToken } from '../../src/config.ts';
import { platformToken } from '../../src/identity/platform-token.ts';

describe('platformToken', () => {
  const provider = platformToken(hashToken('envp_admin_right'));
  const asked = (authorization?: string) =>
    provider.authenticate({
      method: 'GET',
      headers: new Headers(authorization === undefined ? {} : { authorization }),
    });

  it('recognises its token, in whatever case the scheme is written', async () => {
    for (const header of ['Bearer envp_admin_right', 'bearer envp_admin_right']) {
      expect(await asked(header)).toMatchObject({
        outcome: 'principal',
        principal: { kind: 'platform', id: 'platform' },
      });
    }
  });

  it('sec S25 refuses another of its kind, and leaves other kinds to others', async () => {
    expect(await asked('Bearer envp_admin_wrong')).toEqual({ outcome: 'invalid' });
    expect(await asked('Bearer envp_0198_secret')).toEqual({ outcome: 'none' });
    expect(await asked('Basic ZW52cF9hZG1pbl9yaWdodA==')).toEqual({ outcome: 'none' });
    expect(await asked('envp_admin_right')).toEqual({ outcome: 'none' });
    expect(await asked(undefined)).toEqual({ outcome: 'none' });
  });
});
