import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bodyOf, type SignedIn, startSignedIn } from './signed-in.ts';

let service: SignedIn;
let accountId: string;
const accounts = () => service.harness.controlPlane.service.serviceAccounts;

beforeAll(async () => {
  service = await startSignedIn({ serviceAccounts: (token) => accounts().authenticate(token) });
  const { id: organizationId } = await service.harness.organization('machines');
  const { targetId } = await accounts().create({ organizationId }, { name: 'deploy' });
  accountId = targetId;
});
afterAll(() => service.harness.close());

async function newKey(): Promise<{ keyId: string; token: string }> {
  const { view, key } = await accounts().createKey(accountId);
  return { keyId: view.keyId, token: key?.reveal() ?? '' };
}

it('cap T13 a key signs its account in, until it is revoked', async () => {
  const { keyId, token } = await newKey();
  expect((await service.ask(token)).principal).toMatchObject({ kind: 'service', id: accountId });
  await accounts().revokeKey(accountId, keyId);
  expect(await service.ask(token)).toMatchObject({ status: 401, principal: undefined });
});

it('cap T13 two keys live at once, and a disabled account has none', async () => {
  const keys = [await newKey(), await newKey()];
  for (const { token } of keys) expect((await service.ask(token)).principal?.id).toBe(accountId);
  await accounts().update(accountId, { status: 'disabled' });
  for (const { token } of keys) expect((await service.ask(token)).status).toBe(401);
  await accounts().update(accountId, { status: 'active' });
  for (const { token } of keys) expect((await service.ask(token)).principal?.id).toBe(accountId);
});

it('sec S25 the secret of another key, and of another length, is refused with one body', async () => {
  const one = await newKey();
  const other = await newKey();
  const swapped = one.token.replace(one.keyId, other.keyId);
  const bodies = new Set<string>();
  for (const token of [swapped, `${one.token}x`, one.token.slice(0, -1), `envp_${'0'.repeat(16)}_x`]) {
    bodies.add(bodyOf(await service.ask(token)));
  }
  expect([...bodies]).toHaveLength(1);
  expect([...bodies][0]).toContain('"invalid_token"');
});

it('sec S25 a dump of the store holds no usable key', async () => {
  const { keyId, token } = await newKey();
  expect((await service.ask(token)).principal?.id).toBe(accountId);
  const { directory } = service.harness;
  const dump = readdirSync(directory)
    .filter((file) => file.includes('.db'))
    .map((file) => readFileSync(join(directory, file), 'latin1'))
    .join('');
  expect(dump).toContain(keyId);
  expect(dump).not.toContain(token.slice(-43));
});
