import dns from 'node:dns';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { document } from './conformance.ts';
import { type Mutation, mutations, openScene, type Scene, VALID_BODIES } from './mutations.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.harness.close());

/** Addresses a server must not be talked into calling. */
const ADDRESSES = [
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:1/',
  'http://localhost:1',
  'http://[::1]:1/',
  'http://[::ffff:127.0.0.1]:1',
  'http://0:1',
  'http://2130706433:1/',
  'http://0x7f.1:1/',
  'http://017700000001:1',
  'https://metadata.google.internal',
  '//evil.example',
  'evil.example:443',
  'file:///etc/passwd',
  'file:/etc/passwd',
  '/etc/passwd',
  '../../etc/passwd',
  '..\\..\\windows',
  'C:\\windows',
  'sqlite:///etc/passwd',
  'file::memory:?cache=shared',
  'postgres://u:p@127.0.0.1:1/db',
  'postgresql:///db?host=/tmp',
  'libsql://evil.example',
  'ws://127.0.0.1:1',
  'gopher://127.0.0.1:1/_',
  'dict://127.0.0.1:1',
  'ftp://127.0.0.1:1',
  'ldap://127.0.0.1:1',
  'jar:http://127.0.0.1:1!/',
  'unix:///var/run/docker.sock',
  'data:text/plain,x',
  'javascript:alert(1)',
  'tcp://127.0.0.1:1',
  '127.0.0.1',
  '::1',
  '10.0.0.1:5432',
  'evil.example',
  'xn--80ak6aa92e.com',
  'http://user:pass@evil.example/',
  'http://evil.example#@good.example',
  'http://good.example@evil.example',
  'http:evil.example',
  'http:\\\\evil.example',
  'host=127.0.0.1 port=1',
  'Server=127.0.0.1',
  "'; attach database '/etc/passwd' as x; --",
  's3://bucket/key',
  'arn:aws:kms:us-east-1:1:key/x',
  'jndi:ldap://127.0.0.1:1/a',
  '%68ttp://127.0.0.1:1',
];

/** What people call themselves and things. */
const FREE_TEXT = [
  ...['displayName', 'ownerUserId', 'organizationId', 'userId', 'granteeId', 'newOwnerUserId'],
  ...['display_name', 'user_id'],
];

const SPELLINGS: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => ` ${address}`,
  encodeURIComponent,
];

describe('addresses', () => {
  it('sec S7 in any string of any request are refused or inert: nothing is called', async () => {
    const connected = vi.spyOn(net.Socket.prototype, 'connect');
    const resolved = vi.spyOn(dns, 'lookup');
    const unexpected: unknown[] = [];
    let sent = 0;
    for (const plain of ADDRESSES) {
      for (const mutation of mutations.filter(({ id }) => id in VALID_BODIES && !id.endsWith('.purge'))) {
        for (const field of stringFields(mutation)) {
          // Each field gets each address, and every spelling in turn.
          const address = SPELLINGS[sent++ % SPELLINGS.length]?.(plain) ?? plain;
          const answer = await scene.send(mutation, {
            ...VALID_BODIES[mutation.id],
            slug: undefined,
            ...slugOf(mutation),
            [field]: address,
          });
          // The free text of people is kept and never interpreted.
          const isFreeText =
            FREE_TEXT.includes(field) ||
            (mutation.id.startsWith('serviceAccounts.') && field === 'name') ||
            (mutation.id === 'placements.update' && ['region', 'administrator'].includes(field));
          if (
            answer.status >= 500 ||
            (answer.status < 300 && !isFreeText && !(field === 'hostname' && /^[\w.-]+$/.test(address)))
          ) {
            unexpected.push([mutation.id, field, address, answer.status]);
          }
        }
      }
      for (const path of [
        `/v1/organizations/${encodeURIComponent(plain)}`,
        `/v1/audit-events?organizationId=${encodeURIComponent(plain)}`,
      ]) {
        const { status } = await scene.harness.call('GET', path);
        if (![200, 404].includes(status)) unexpected.push([path, status]);
      }
    }
    expect(unexpected).toEqual([]);
    expect(connected).not.toHaveBeenCalled();
    expect(resolved).not.toHaveBeenCalled();
    connected.mockRestore();
    resolved.mockRestore();
  }, 180_000);

  const slugOf = ({ id }: Mutation) =>
    ['organizations.create', 'environments.create', 'environments.copy'].includes(id)
      ? { slug: `s-${Math.random().toString(36).slice(2)}` }
      : {};

  function stringFields({ operation }: Mutation): string[] {
    const reference = String(operation.requestBody?.content['application/json']?.schema['$ref']);
    const schema = document.components.schemas[reference.split('/').at(-1) ?? ''] as {
      properties: Record<string, object>;
    };
    return Object.entries(schema.properties)
      .filter(([name, each]) => name !== 'slug' && JSON.stringify(each).includes('"string"'))
      .map(([name]) => name);
  }
});
