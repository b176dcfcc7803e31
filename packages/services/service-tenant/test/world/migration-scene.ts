import { randomUUID } from 'node:crypto';
import { Secret } from '@envplane/spec';
import type { ControlPlaneOptions } from '../../src/open-control-plane.ts';
import type { LegacySeed, LegacyWorld } from './legacy.ts';
import type { Expected } from './migration-oracle.ts';

/** Placements for files, and for a server that nobody runs: what is said to be there keeps its secret and cannot be proved. */
export const UNREACHABLE: Pick<ControlPlaneOptions, 'placements' | 'administratorVariable'> = {
  placements: [
    { name: 'sqlite', driver: 'sqlite' },
    {
      name: 'libsql',
      driver: 'libsql',
      settings: { url: 'http://127.0.0.1:1', adminUrl: 'http://127.0.0.1:1', domain: 'db.example.com' },
      administratorVariable: 'ADMINISTRATOR',
    },
  ],
  administratorVariable: () => new Secret('user:password'),
};

/** Rows of every kind that version 4 can have, most of them ordinary. */
const KINDS: ((add: Add, name: string, v4: LegacyWorld) => void)[] = [
  ...Array.from({ length: 9 }, () => (add: Add, name: string) => void add(name, 'active')),
  (add, name, v4) => {
    const organizationId = v4.organization(`two-${name}`);
    for (const each of ['b', 'a'])
      add(`${name}${each}`, 'active', { organizationId, createdAt: `2026-01-0${each === 'a' ? 1 : 2}T00:00:00.000Z` });
  },
  (add, name) => void add(name, 'suspended', { status: 'suspended' }),
  (add, name) => void add(name, 'archived', { status: 'archived' }),
  (add, name) => void add(name, 'failed', { status: 'failed', databaseUrl: `file:/nowhere/${name}.db` }),
  (add, name) => void add(name, null, { status: 'provisioning' }),
  (add, name) => void add(name, null, { organizationId: randomUUID() }),
  (add, name, v4) => {
    const databaseUrl = v4.databaseFile(name);
    for (const each of ['a', 'b']) add(`${name}${each}`, null, { databaseUrl });
  },
  (add, name) =>
    void add(name, 'migrating', { databaseUrl: `libsql://${name}.db.example.com`, token: `canary-${name}` }),
  (add, name) => void add(name, null, { databaseUrl: `libsql://${name}.db.example.com`, authToken: 'unreadable' }),
  (add, name) => void add(name, null, { databaseUrl: `mysql://db.example.com/${name}` }),
  (add, name, v4) => {
    for (const at of ['a', 'b']) add(name, null, { databaseUrl: v4.databaseFile(`${name}${at}`) });
  },
  (add, name) => void add(name, null, { metadata: { note: 'a\u0000b' } }),
  (add, name, v4) => {
    const members: [string, string][] = [...'ab'].map(() => [name, 'member']);
    add(name, 'active', { id: name, organizationId: v4.organization(name, members) });
    for (let count = 0; count < 2; count += 1) v4.package(name, 'crm');
  },
];

type Add = (name: string, status: string | null, seed?: Partial<LegacySeed>) => void;

/** Fills version 4 with about so many rows, all kinds mixed. Returns what each of them must become. */
export function seedEveryKind(v4: LegacyWorld, rows: number): Expected[] {
  const expected: Expected[] = [];
  const add: Add = (name, status, seed = {}) => {
    const { token } = seed;
    const organizationId = seed.organizationId ?? v4.organization(name);
    const databaseUrl = seed.databaseUrl ?? v4.databaseFile(name);
    const sourceId = v4.tenant({ ...seed, organizationId, databaseName: name, databaseUrl });
    expected.push({ sourceId, status, ...(token && { token }), ...(status === 'active' && { note: name }) });
  };
  v4.bulk(() => {
    for (let at = 0; expected.length < rows; at += 1) KINDS[at % KINDS.length]?.(add, `db${at}`, v4);
  });
  return expected;
}
