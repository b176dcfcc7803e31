/** One guard that is taken out of the built service. */
export interface Naive {
  title: string;
  module: string;
  edits: readonly (readonly [text: string, by: string])[];
}

/** What the runs must notice; whoever notices nothing proves nothing. */
export const NAIVE = {
  'exists-is-failure': {
    title: 'a database that is there already is taken for somebody else’s',
    module: '/adapters/dist/databases/postgres/create.js',
    edits: [
      ['import { missing }', 'import { foreign, missing }'],
      ['const { found } = work;', 'const { found } = work; if (found !== null && !options.mustExist) throw foreign();'],
    ],
  },
  'flip-before-set': {
    title: 'a new secret is handed out before the server was told, and not tried',
    module: '/service-tenant/dist/provisioning/turns.js',
    edits: [
      ["await log.measure('set', () => applyAccepted(work));", ''],
      ["await log.measure('test', async () => {", "await log.measure('test', async () => { return;"],
    ],
  },
  'keys-forgotten': {
    title: 'a request that is sent again is taken for a new one',
    module: '/service-tenant/dist/store/idempotency.js',
    edits: [
      ['return mine ? null : findFirstUse(tx, request);', 'return null;'],
      ['async function findFirstUse(tx, request) {', 'async function findFirstUse(tx, request) { return null;'],
    ],
  },
} satisfies Record<string, Naive>;

/** What two processes on one server need, and one does not. */
export const UNFENCED: Naive = {
  title: 'the server is asked for no lock and compares no epochs',
  module: '/adapters/dist/databases/postgres/fence.js',
  edits: [
    ["isOneTransaction ? 'pg_advisory_xact_lock' : 'pg_advisory_lock'", "''"],
    // A row of its own for each claim: waited for by nobody, compared with nothing.
    ['literal(name)}, $', 'literal(name + Math.random())}, $'],
  ],
};

/** The compare-and-swap of every step, without its comparison. */
export const UNCOMPARED: Naive = {
  title: 'a step is committed whoever holds the claim',
  module: '/service-tenant/dist/store/work.js',
  edits: [['patch, { id, fence_epoch, generation })', 'patch, { id, generation })']],
};

/** What a process is started with to run without that guard. */
export const without = (naive: Naive): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('naive-hook.mjs', import.meta.url).href}`,
  NAIVE: JSON.stringify(naive),
});
