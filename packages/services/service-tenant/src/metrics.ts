import type { Meter, Metric } from '@envplane/spec';

const metric = <Attribute extends string>(
  name: string,
  description: string,
  ...attributes: readonly Attribute[]
): Metric<Attribute> => ({ name, description, attributes });

/** What the engine counts and times; `docs/metrics.md` lists all of it. What can be read when it is asked for is in `Figures`. */
export const METRICS = {
  operations: metric(
    'envplane.operation.duration',
    'Operations that ended, from acceptance to end.',
    'envplane.operation.kind',
    'envplane.outcome',
  ),
  passes: metric(
    'envplane.reconcile.pass.duration',
    'Passes of the reconciler over one database.',
    'envplane.phase',
    'envplane.outcome',
  ),
  effects: metric(
    'envplane.effect.duration',
    'Calls of the reconciler to a provider, by failpoint name.',
    'envplane.driver',
    'envplane.effect',
    'envplane.outcome',
  ),
  fenceRejections: metric(
    'envplane.fence.rejections',
    'Writes and calls refused because a newer claim works on the database.',
    'envplane.driver',
  ),
  drift: metric(
    'envplane.drift.found',
    'Changes of databases at their providers that were found, and are undone.',
    'envplane.driver',
    'envplane.drift',
  ),
  encryptor: metric(
    'envplane.encryptor.duration',
    'Calls to the key encryptor.',
    'envplane.encryptor',
    'envplane.outcome',
  ),
  lookups: metric(
    'envplane.cache.lookups',
    'Times something was looked for among what is remembered.',
    'envplane.cache',
    'envplane.outcome',
  ),
  decisions: metric('envplane.gate.decisions', 'Decisions about data requests.', 'envplane.verdict'),
  tokensIssued: metric('envplane.token.issued', 'Environment tokens issued.'),
};

/** Hits and misses of one cache. */
export const lookups = (meter: Meter, cache: 'gate' | 'connection' | 'data_key') => ({
  hit: meter.counter(METRICS.lookups, { 'envplane.cache': cache, 'envplane.outcome': 'hit' }),
  miss: meter.counter(METRICS.lookups, { 'envplane.cache': cache, 'envplane.outcome': 'miss' }),
});

/** Measures nothing. */
export const noMeter: Meter = {
  counter: () => ({ total: 0 }),
  durations: () => ({ record: () => undefined }),
};
