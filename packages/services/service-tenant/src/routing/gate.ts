import {
  ControlPlaneError,
  type Counter,
  covers,
  type Held,
  type Meter,
  type PermissionCatalogue,
  type Principal,
  scopeOf,
} from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../access/caller.ts';
import type { Denials } from '../access/denials.ts';
import type { Expand, Roles } from '../access/held.ts';
import { bounded } from '../bounded.ts';
import { lookups, METRICS } from '../metrics.ts';
import type { AccessReads, AccessRow } from '../store/access.ts';

const REMEMBERED = 10_000;
/** How long a decision may be older than the store, in ms, where another process changed it; in this process it is forgotten at once. */
const FRESH_MS = 5_000;

/** Somebody may: what a data request is given. Only one that the gate made opens a connection. */
export interface Admission {
  readonly allowed: true;
  readonly organizationId: string;
  readonly environmentId: string;
  /** Whether they have a role of their own there. */
  readonly member: boolean;
  readonly role: string | null;
  /** Patterns of what they hold in the environment, for `covers`. */
  readonly permissions: readonly string[];
  /** Services of the application. */
  readonly services: Readonly<Record<string, { enabled: boolean }>>;
  readonly readOnly: boolean;
  readonly epochs: { readonly environment: number; readonly subject: number };
}

/** Somebody may not. Unknown, foreign and not joined are one refusal, `access_denied`. */
export interface Refusal {
  readonly allowed: false;
  readonly status: 403 | 503;
  readonly code: 'access_denied' | 'permission_denied' | 'environment_not_active' | 'store_unavailable';
  readonly state?: string;
  readonly missing?: string[];
}

export type Verdict = Admission | Refusal;

/** What changed: nothing that is remembered of it is used again. */
export type Changed = { environmentId: string } | { organizationId: string } | 'everything';

export interface CheckOptions {
  fresh?: boolean;
  access?: AccessReads;
}

export interface Gate {
  /**
   * Decides whether somebody may reach the data of an environment. No connection is opened. A store that cannot be read is a
   * refusal, never a throw. A refusal of somebody is noted for the audit log; that an environment is not active is none.
   * @param options `fresh` reads the store whatever is remembered; `access` is what it is read with, for a request its own
   */
  check(caller: Caller, environmentId: string, permission: string, options?: CheckOptions): Promise<Verdict>;
  /**
   * Who was let in by a verdict, decided anew when the verdict is older than what is known.
   * @param reads what it is decided with, for a request its own
   * @throws TypeError for what the gate did not make; ControlPlaneError as `refuse` makes it
   */
  enter(verdict: Admission, reads?: AccessReads): Promise<Principal>;
  forget(changed: Changed): void;
}

interface Entry {
  readonly principal: Pick<Principal, 'kind' | 'id'>;
  /** Of the key that was presented. */
  readonly narrowing: string;
  readonly row: AccessRow;
  readonly held: Held;
  /** `performance.now()` of the read. */
  readonly readAtMs: number;
  isForgotten: boolean;
  readonly verdicts: Map<string, Admission>;
}

interface Made {
  principal: Principal;
  permission: string;
  entry: Entry;
}

const VERDICTS = [
  'allow',
  'access_denied',
  'permission_denied',
  'environment_not_active',
  'store_unavailable',
] as const;

const REMEMBERING: CheckOptions = {};

const DENIED: Refusal = Object.freeze({ allowed: false, status: 403, code: 'access_denied' });

/** Remembers what somebody holds in an environment, never that they were refused. */
export function createGate(deps: {
  access: AccessReads;
  expand: Expand;
  catalogue: PermissionCatalogue;
  meter: Meter;
  denials: Pick<Denials, 'note'>;
}): Gate {
  const { access, expand, catalogue, meter, denials } = deps;
  const remembered = lookups(meter, 'gate');
  const decisions = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, meter.counter(METRICS.decisions, { 'envplane.verdict': verdict })]),
  ) as Record<(typeof VERDICTS)[number], Counter>;
  const services = Object.freeze(Object.fromEntries(catalogue.services.map((name) => [name, { enabled: true }])));
  const made = new WeakMap<Admission, Made>();
  const reading = new Set<{ environmentId: string; isStale: boolean }>();
  const keys = new Map<string, Set<string>>();
  const cache = new LRUCache<string, Entry>({
    ...bounded(REMEMBERED),
    dispose: (entry, key) => {
      entry.isForgotten = true;
      for (const group of groupsOf(entry.row)) {
        const members = keys.get(group);
        members?.delete(key);
        if (members?.size === 0) keys.delete(group);
      }
    },
  });

  const isFresh = (entry: Entry): boolean => !entry.isForgotten && performance.now() - entry.readAtMs < FRESH_MS;

  async function readEntry(
    reads: AccessReads,
    principal: Principal,
    environmentId: string,
    key: string,
  ): Promise<Entry> {
    const pending = { environmentId, isStale: false };
    reading.add(pending);
    const readAtMs = performance.now();
    try {
      const row = await reads.rolesAt(principal, { environmentId });
      const held = expand(principal.kind === 'platform' ? ADMINISTRATOR : row, principal);
      const { kind, id } = principal;
      const narrowing = narrowingOf(principal);
      const known = { principal: { kind, id }, narrowing, row, held, readAtMs };
      const entry: Entry = { ...known, isForgotten: true, verdicts: new Map() };
      // What changed while it was read may not be in it.
      if (!pending.isStale && row.found !== null && row.environment_status === 'active') remember(key, entry);
      return entry;
    } finally {
      reading.delete(pending);
    }
  }

  function remember(key: string, entry: Entry): void {
    cache.set(key, entry);
    entry.isForgotten = false;
    for (const group of groupsOf(entry.row)) {
      const members = keys.get(group) ?? new Set();
      keys.set(group, members.add(key));
    }
  }

  function admit(principal: Principal, permission: string, entry: Entry): Admission {
    const known = entry.verdicts.get(permission);
    if (known) return known;
    const { row, held } = entry;
    const verdict: Admission = Object.freeze({
      allowed: true,
      organizationId: row.organization_id ?? '',
      environmentId: row.environment_id ?? '',
      member: row.environment_role !== null,
      role: row.environment_role,
      permissions: held.env,
      services,
      readOnly: false,
      epochs: { environment: row.environment_epoch ?? 0, subject: row.subject_epoch ?? 0 },
    });
    entry.verdicts.set(permission, verdict);
    made.set(verdict, { principal, permission, entry });
    return verdict;
  }

  const isCovered = ({ held }: Entry, permission: string): boolean =>
    catalogue.has(permission) && scopeOf(permission) === 'env' && covers(held.env, permission);

  function decide(principal: Principal, permission: string, entry: Entry): Verdict {
    const { row, held } = entry;
    const status = row.environment_status ?? '';
    const isOutside = row.found === null || status === 'purged';
    // A narrowed key learns nothing of what it does not reach.
    const isJoined = row.environment_role !== null && !principal.narrowedTo;
    if (isOutside || (held.env.length === 0 && !isJoined)) return DENIED;
    if (!isCovered(entry, permission)) {
      return { allowed: false, status: 403, code: 'permission_denied', missing: [permission] };
    }
    if (status !== 'active') return { allowed: false, status: 403, code: 'environment_not_active', state: status };
    return admit(principal, permission, entry);
  }

  async function check(
    caller: Caller,
    environmentId: string,
    permission: string,
    options = REMEMBERING,
  ): Promise<Verdict> {
    const { principal } = caller;
    const { kind, id } = principal;
    const key = `${environmentId} ${kind} ${id}${narrowingOf(principal)}`;
    const entry = options.fresh ? undefined : cache.get(key);
    if (entry && isFresh(entry) && isOf(entry, principal, environmentId)) {
      const known =
        entry.verdicts.get(permission) ?? (isCovered(entry, permission) && admit(principal, permission, entry));
      if (known) {
        remembered.hit.total += 1;
        decisions.allow.total += 1;
        return known;
      }
    }
    if (!options.fresh) remembered.miss.total += 1;
    const verdict = await decideAnew(options.access ?? access, caller, permission, environmentId, key);
    decisions[verdict.allowed ? 'allow' : verdict.code].total += 1;
    return verdict;
  }

  async function decideAnew(
    reads: AccessReads,
    caller: Caller,
    permission: string,
    environmentId: string,
    key: string,
  ): Promise<Verdict> {
    const { principal } = caller;
    try {
      const read = await readEntry(reads, principal, environmentId, key);
      const verdict = decide(principal, permission, read);
      if (!verdict.allowed && isDenial(principal, verdict)) {
        const { organization_id: organizationId, environment_id: existing } = read.row;
        denials.note(caller, { organizationId, environmentId: existing }, verdict.code, [permission]);
      }
      return verdict;
    } catch (error) {
      if (!(error instanceof ControlPlaneError)) throw error;
      return { allowed: false, status: 503, code: 'store_unavailable' };
    }
  }

  return {
    check,

    enter: async (verdict, reads = access) => {
      const known = made.get(verdict);
      if (!known) throw new TypeError('a connection needs a verdict of the gate');
      if (isFresh(known.entry)) return known.principal;
      const caller = inProcess(known.principal);
      const again = await check(caller, verdict.environmentId, known.permission, { access: reads });
      if (!again.allowed) throw refuse(again);
      known.entry = made.get(again)?.entry ?? known.entry;
      return known.principal;
    },

    forget: (changed) => {
      for (const pending of reading) {
        if (
          changed === 'everything' ||
          'organizationId' in changed ||
          changed.environmentId === pending.environmentId
        ) {
          pending.isStale = true;
        }
      }
      if (changed === 'everything') cache.clear();
      else for (const key of [...(keys.get(groupOf(changed)) ?? [])]) cache.delete(key);
    },
  };
}

const ADMINISTRATOR: Roles = { platform_role: 'administrator', organization_role: null, environment_role: null };

/** The platform's own token is refused nothing: what it names is not there. */
const isDenial = ({ kind }: Principal, { code }: Refusal): boolean =>
  kind !== 'platform' && (code === 'access_denied' || code === 'permission_denied');

const inProcess = (principal: Principal): Caller => ({ principal, requestId: null, clientAddress: null });

const groupOf = (changed: Exclude<Changed, string>): string =>
  'environmentId' in changed ? `env:${changed.environmentId}` : `org:${changed.organizationId}`;

const groupsOf = ({ environment_id: environmentId, organization_id: organizationId }: AccessRow): string[] => [
  `env:${environmentId}`,
  `org:${organizationId}`,
];

/** Ids may hold anything, so that two of them may make one key. */
const isOf = ({ principal, narrowing, row }: Entry, asking: Principal, environmentId: string): boolean =>
  principal.kind === asking.kind &&
  principal.id === asking.id &&
  narrowing === narrowingOf(asking) &&
  row.environment_id === environmentId;

/** Two keys of one service account may be narrowed to different things. */
const narrowingOf = ({ narrowedTo }: Principal): string => (narrowedTo ? ` ${JSON.stringify(narrowedTo)}` : '');

const SENTENCES: Record<Refusal['code'], string> = {
  access_denied: 'Access to this environment is denied.',
  permission_denied: 'A permission is missing; see missing.',
  environment_not_active: 'Only an active environment serves data; see state.',
  store_unavailable: 'Access cannot be decided now; try again.',
};

/** A refusal as the error that says so. */
export function refuse({ code, state, missing }: Refusal): ControlPlaneError {
  return new ControlPlaneError(code, SENTENCES[code], {
    ...(state !== undefined && { state }),
    ...(missing && { missing }),
    ...(code === 'store_unavailable' && { retryAfterMs: 1_000 }),
  });
}
