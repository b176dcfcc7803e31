/** Guards that are taken out of the built service. */
export interface Naive {
  title: string;
  /** What is replaced, by the end of the module's path. */
  edits: Readonly<Record<string, readonly (readonly [text: string, by: string])[]>>;
}

/** What deaths at random must notice; whoever notices nothing proves nothing. */
export const NAIVE = {
  'exists-is-failure': {
    title: 'a database that is there already is a failure',
    edits: {
      '/adapters/dist/databases/postgres/create.js': [
        ['import { effect }', "import { AdapterError } from '@envplane/spec'; import { effect }"],
        [
          'const { found } = work;',
          "const { found } = work; if (found !== null && !options.mustExist) throw new AdapterError('invalid_request', 'It is there.');",
        ],
      ],
    },
  },
  'random-names': {
    title: 'each attempt takes a name of its own, and notes it when the database is there',
    edits: {
      '/service-tenant/dist/provisioning/perform.js': [
        [
          'export async function perform(context, claim, step) {',
          `export async function perform(context, claim, step) {
            if (step === 'create' && claim.database.confirmed_at === null) {
              const letters = Array.from({ length: 26 }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(Math.random() * 26)]);
              claim.database.database_name = claim.database.database_name.slice(0, 9) + letters.join('');
            }`,
        ],
        [
          "outcome('created', () => located(location), minted)",
          "outcome('created', () => ({ ...located(location), database_name: database.database_name }), minted)",
        ],
      ],
      '/service-tenant/dist/store/work.js': [
        [
          'if (updated === 0) {',
          `if (updated > 0 && patch.database_name) {
            await tx.update('sys_external_name', { database_name: patch.database_name }, { environment_database_id: id });
          }
          if (updated === 0) {`,
        ],
      ],
    },
  },
  'flip-before-set': {
    title: 'a new secret is handed out before the server was told, and not tried',
    edits: {
      '/service-tenant/dist/provisioning/turns.js': [
        ['const setting = applyAll(work, [...known(work, nowMs), ...staged]);', 'const setting = Promise.resolve();'],
        ['begun?.setting ?? applyAccepted(work)', 'begun?.setting'],
        [
          "await log.measure('test', () => (begun ? testMade(work, staged, begun.made) : testLogins(context, claim, staged)));",
          ';',
        ],
      ],
    },
  },
} satisfies Record<string, Naive>;

/** Requests that are repeated by chance are few: it is tried where they are many. */
export const KEYLESS: Naive = {
  title: 'a request that is sent again is taken for a new one',
  edits: {
    '/service-tenant/dist/store/idempotency.js': [
      ['return mine ? null : findFirstUse(tx, request);', 'return null;'],
      ['async function findFirstUse(tx, request) {', 'async function findFirstUse(tx, request) { return null;'],
    ],
  },
};

/** What asks, each in its own place, whether a process that goes on still holds its claim. */
const UNBOUNDED: Naive = {
  title: 'an effect has no deadline, and its lease is not looked at',
  edits: {
    '/service-tenant/dist/provisioning/pass-context.js': [
      ['if (left < leaseMs)', 'if (false)'],
      ['setTimeout(() => deadline.abort(), timeoutMs)', 'setTimeout(() => undefined, timeoutMs)'],
    ],
  },
};
const UNFENCED: Naive = {
  title: 'the server is asked for no lock and compares no epochs',
  edits: {
    '/adapters/dist/databases/postgres/fence.js': [
      ["isOneTransaction ? 'pg_advisory_xact_lock' : 'pg_advisory_lock'", "''"],
      // A row of its own for each claim: waited for by nobody, compared with nothing.
      ['literal(name)}, $', 'literal(name + Math.random())}, $'],
    ],
  },
};
const UNCOMPARED: Naive = {
  title: 'a step is committed whoever holds the claim',
  edits: {
    '/service-tenant/dist/store/work.js': [
      ['patch, { id, fence_epoch, generation })', 'patch, { id, generation })'],
      ['async function rereadOwn(tx, claim) {', 'async function rereadOwn(tx, claim) { return claim.database;'],
    ],
  },
};

/** Each alone: what two of them stop is not seen when one is missing. */
export const CLAIM_GUARDS: readonly Naive[] = [UNBOUNDED, UNFENCED, UNCOMPARED];

/** All of them, which must be noticed. */
export const UNCLAIMED: Naive = {
  title: 'nobody asks whose claim it is',
  edits: { ...UNBOUNDED.edits, ...UNFENCED.edits, ...UNCOMPARED.edits },
};

/** What a process is started with to run without that guard. */
export const without = ({ edits }: Naive): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('naive-hook.mjs', import.meta.url).href}`,
  NAIVE: JSON.stringify(edits),
});
