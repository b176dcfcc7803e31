import type { Counter, Durations, Meter, Metric } from '@envplane/spec';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
  type MetricProducer,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';

/** Upper bounds in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** The points of one metric, by the values of its attributes. */
interface Family<Point> {
  metric: Metric;
  points: Map<string, { attributes: Readonly<Record<string, string>>; point: Point }>;
}

/**
 * Counters and durations, summed here and read when they are scraped. The library's own instruments spend 4 µs of every record on
 * telling sets of attributes apart; whoever counts here did that once, and what is left is an addition.
 */
export function createMeter(): Meter & MetricProducer {
  const startTime = hrTime();
  const counters = new Map<string, Family<Counter>>();
  const durations = new Map<string, Family<Distribution>>();

  return {
    counter: (metric, attributes) => pointOf(counters, metric, attributes, () => ({ total: 0 })),
    durations: (metric, attributes) => pointOf(durations, metric, attributes, () => new Distribution()),
    collect: async () => {
      const times = { startTime, endTime: hrTime() };
      const metrics: MetricData[] = [
        ...[...counters.values()].map((family) => sumOf(family, times)),
        ...[...durations.values()].map((family) => histogramOf(family, times)),
      ];
      const scopeMetrics = [{ scope: { name: 'envplane' }, metrics }];
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
}

function pointOf<Point>(
  families: Map<string, Family<Point>>,
  metric: Metric,
  attributes: Readonly<Record<string, string>>,
  make: () => Point,
): Point {
  const { points } = inside(families, metric.name, () => ({ metric, points: new Map() }));
  const key = metric.attributes.map((name) => attributes[name]).join('\n');
  return inside(points, key, () => ({ attributes, point: make() })).point;
}

class Distribution implements Durations {
  /** One more than there are bounds: the last is for what is longer than all. */
  readonly counts: number[] = Array(BUCKETS.length + 1).fill(0);
  count = 0;
  /** In seconds. */
  sum = 0;

  record(durationMs: number): void {
    const seconds = durationMs / 1_000;
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    const index = bucket === -1 ? BUCKETS.length : bucket;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.count += 1;
    this.sum += seconds;
  }
}

interface Times {
  startTime: HrTime;
  endTime: HrTime;
}

function sumOf({ metric, points }: Family<Counter>, times: Times): SumMetricData {
  return {
    descriptor: { name: metric.name, description: metric.description, unit: '', valueType: ValueType.INT },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: [...points.values()].map(({ attributes, point }) => ({ ...times, attributes, value: point.total })),
  };
}

function histogramOf({ metric, points }: Family<Distribution>, times: Times): HistogramMetricData {
  return {
    descriptor: { name: metric.name, description: metric.description, unit: 's', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...points.values()].map(({ attributes, point: { counts, count, sum } }) => ({
      ...times,
      attributes,
      value: { buckets: { boundaries: BUCKETS, counts: [...counts] }, count, sum },
    })),
  };
}

const hrTime = (): HrTime => [Math.floor(Date.now() / 1_000), 0];

/** The value under a key, made on first use. */
export function inside<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
