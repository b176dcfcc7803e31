import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import type { DatabaseAdapter, Secret } from '@envplane/spec';
import { MemoryProvider, memoryAdapter } from './memory-provider.ts';

/** What a world can recognise as its own on a server that it shares. */
export interface Owned {
  /** What each of its names begins with. */
  prefix: string;
  /** Every database name that was ever taken. */
  names: readonly string[];
}

/** Where databases lie, seen without the adapter. */
export interface TestDriver {
  readonly driver: string;
  /** When it is at the provider, epoch ms, where what it says of time must agree with the world. */
  readonly nowMs?: () => number;
  /** The server; absent where a placement needs neither address nor administrator. */
  readonly place?: { settings: Record<string, unknown>; administrator: Secret };
  /** One for each control plane: an adapter keeps nothing that a restart would lose. */
  adapter(): DatabaseAdapter;
  /**
   * Everything that exists: `live <name>`, `archived <name>`, `cut <name>`, and `stray …` or `unfit …` for whatever should not
   * be there or not be so. Sorted.
   */
  survey(owned: Owned): Promise<string[]>;
  /** Frees what is left of a world on a server that outlives it. */
  clear?(owned: Owned): Promise<void>;
}

/** A server that many worlds share, each seeing only what is its own. */
export interface DriverServer {
  readonly driver: TestDriver;
  stop(): Promise<void>;
}

/** Database files below `root`. */
export function sqliteDriver(root: string): TestDriver {
  return {
    driver: 'sqlite',
    adapter: () => sqliteAdapter({ rootDirectory: root }),
    survey: async () => {
      const paths = readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .filter((path) => path !== '.placement-id');
      // Beside a live database that somebody has open, or had open when he died, these are part of it.
      const isPartOfDatabase = (path: string) => paths.includes(path.replace(/-(wal|shm)$/, '')) && !isArchived(path);
      return paths
        .filter((path) => !/-(wal|shm)$/.test(path) || !isPartOfDatabase(path))
        .map(describeFile)
        .sort();
    },
  };
}

const isArchived = (path: string): boolean => path.includes('/.trash/');

function describeFile(path: string): string {
  const name = /^[a-z0-9]+\/(?:\.trash\/)?([a-z0-9]+)\.db$/.exec(path)?.[1];
  if (name === undefined) return `stray ${path}`;
  return `${isArchived(path) ? 'archived' : 'live'} ${name}`;
}

/** Databases of a provider in memory that checks logins. */
export class MemoryDriver implements TestDriver {
  readonly provider = new MemoryProvider();
  readonly driver = 'memory';
  readonly #kind: 'caller_set' | 'provider_minted';

  constructor(kind: 'caller_set' | 'provider_minted') {
    this.#kind = kind;
  }

  adapter(): DatabaseAdapter {
    return memoryAdapter(this.provider, this.#kind);
  }

  async survey(): Promise<string[]> {
    return [...this.provider.databases].map(([name, database]) => this.#describe(name, database)).sort();
  }

  /** Of passwords one for each authorization, where anybody is let in at all; of tokens none can be taken back. */
  #describe(name: string, { cut, verifiers }: { cut: boolean; verifiers: ReadonlyMap<string, object> }): string {
    const isFit = this.#kind === 'provider_minted' || cut || verifiers.size === 2;
    return isFit ? `${cut ? 'cut' : 'live'} ${name}` : `unfit ${name} with ${verifiers.size} passwords`;
  }
}
