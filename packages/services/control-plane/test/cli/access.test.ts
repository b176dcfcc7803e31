import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cleanUp,
  type Finished,
  newDataDirectory,
  type RunningService,
  run,
  startService,
} from '../process/service-process.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService(newDataDirectory(), {}, 'dev');
});
afterAll(cleanUp);

const envplane = (...args: string[]): Promise<Finished> => run(args, { ENVPLANE_DATA_DIR: service.dataDirectory });
const json = async (...args: string[]) => JSON.parse((await envplane(...args, '-o', 'json')).stdout);

describe('members on the command line', () => {
  it('of an environment', async () => {
    const added = await envplane('member', 'add', 'acme/dev', '--user-id', 'ada', '--role', 'reader');
    expect(added).toMatchObject({ code: 0 });
    const list = await envplane('member', 'list', 'acme/dev');
    expect(list.stdout.split('\n')[0]).toMatch(/^USER +ROLE +ADDED BY +SINCE$/);
    expect(list.stdout).toMatch(/^ada +reader +platform /m);
    expect(await json('member', 'change', 'acme/dev', 'ada', '--role', 'owner')).toMatchObject({ role: 'owner' });
    const several = await json('member', 'transfer', 'acme/dev', '--new-owner-user-id', 'ada');
    expect(several).toMatchObject({ code: 'invalid_state', state: 'several_owners' });
    const removed = await envplane('member', 'remove', 'acme/dev', 'ada');
    expect(removed).toMatchObject({ code: 0, stdout: '' });
    expect(removed.stderr).toContain('Removed.');
    expect(await envplane('member', 'remove', 'acme/dev', 'developer')).toMatchObject({ code: 5 });
    expect(await envplane('member', 'remove', 'acme/dev', 'nobody')).toMatchObject({ code: 4 });
  });

  it('of an organization', async () => {
    await envplane('org', 'add-member', 'acme', '--user-id', 'bob', '--role', 'member');
    expect(await json('org', 'change-member', 'acme', 'bob', '--role', 'admin')).toMatchObject({ role: 'admin' });
    expect((await envplane('org', 'members', 'acme')).stdout).toMatch(/^bob +admin /m);
    expect(await json('org', 'transfer', 'acme', '--new-owner-user-id', 'bob')).toMatchObject({ role: 'owner' });
    expect(await envplane('org', 'remove-member', 'acme', 'developer')).toMatchObject({ code: 0 });
  });
});

describe('the audit log on the command line', () => {
  it('shows what was done to an environment, and what one person did', async () => {
    await envplane('member', 'add', 'acme/prod', '--user-id', 'eve', '--role', 'reader');
    await envplane('member', 'change', 'acme/prod', 'eve', '--role', 'maker');
    const history = await envplane('env', 'history', 'acme/prod', '--limit', '1');
    expect(history.stdout.split('\n')[0]).toMatch(/^TIME +WHO +FOR +WHAT +OUTCOME +BEFORE +AFTER +DETAIL$/);
    expect(history.stdout).toMatch(/Z +platform +- +member\.changed +allow +role=reader +role=maker +userId=eve$/m);
    expect(history.stderr).toContain('There is more: --cursor');
    const found = await json('audit', 'list', 'acme', '--action', 'member.changed', '--actor-id', 'platform');
    expect(found.items.every(({ action }: { action: string }) => action === 'member.changed')).toBe(true);
    expect(found.items.at(-1)).toMatchObject({ detail: { userId: 'eve', after: { role: 'maker' } } });
    const { head, headHash } = await json('audit', 'verify', 'acme');
    const cut = ['audit', 'verify', 'acme', '--checkpoint-seq', String(head + 1), '--checkpoint-hash', headHash];
    expect(await envplane(...cut)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^firstBadSeq +\d+$/m) });
  });
});

describe('machines on the command line', () => {
  it('a key is hidden unless it is asked for, works, and is revoked', async () => {
    const account = await json('org', 'add-account', 'acme', '--name', 'ci');
    expect((await envplane('account', 'create-key', account.id)).stdout).not.toContain('envp_');
    const made = await json('account', 'create-key', account.id, '--expires-in-days', '7', '--show');
    expect(made.key).toMatch(/^envp_[0-9a-f]{16}_/);
    expect((await envplane('org', 'accounts', 'acme')).stdout).toMatch(/^ci +active +- /m);
    await envplane('grant', 'add', 'acme/dev', '--service-account-id', account.id, '--role', 'reader');
    expect((await envplane('grant', 'list', 'acme/dev')).stdout).toContain(account.id);
    const asMachine = (...args: string[]) => run(args, { ENVPLANE_URL: service.url, ENVPLANE_TOKEN: made.key });
    const me = await asMachine('me', 'environments');
    expect(me.stdout).toMatch(/^acme +dev +development +active +reader /m);
    expect((await asMachine('me', 'show', '-o', 'json')).stdout).toContain(account.id);
    expect(
      await asMachine(
        'env',
        'suspend',
        JSON.parse((await asMachine('me', 'environments', '-o', 'json')).stdout).items[0].id,
      ),
    ).toMatchObject({ code: 3 });
    expect(await envplane('account', 'revoke-key', account.id, made.keyId)).toMatchObject({ code: 0 });
    expect(await asMachine('me', 'show')).toMatchObject({ code: 3 });
  });

  it('roles on the platform', async () => {
    const grant = await json(
      'platform',
      'add-grant',
      '--grantee-type',
      'user',
      '--grantee-id',
      'watcher',
      '--role',
      'auditor',
    );
    expect((await envplane('platform', 'grants')).stdout).toMatch(/^user +watcher +auditor /m);
    expect(await envplane('platform', 'remove-grant', grant.id)).toMatchObject({ code: 0 });
    expect((await envplane('me', 'permissions')).stdout).toMatch(/^env:data\.read +Read data/m);
  });
});
