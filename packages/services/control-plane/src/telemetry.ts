import type { ControlPlane, Figures } from '@envplane/service-tenant';
import { type Durations, type Meter, type Metric, OperationKindSchema } from '@envplane/spec';
import type { Observable } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Metrics } from './http/middleware/exchange.ts';
import { createMeter, inside } from './meter.ts';

export interface Telemetry extends Metrics {
  /** What a control plane counts with. */
  meter: Meter;
  /** Whose figures are read when somebody scrapes. */
  watch(controlPlane: Pick<ControlPlane, 'figures'>, activeRequests: () => number): void;
}

/** The figures behind `/metrics`. No attribute names an organization, an environment, a user or a request: those belong to logs. */
export function createTelemetry(): Telemetry {
  const meter = createMeter();
  // Collected when it is scraped; the exporter's own listener is not started.
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [meter] });
  const provider = new MeterProvider({ readers: [reader] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter,
    record: requestDurations(meter),
    watch: (controlPlane, activeRequests) => observe(provider, controlPlane, activeRequests),
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}

const REQUESTS: Metric<'http.request.method' | 'http.route' | 'http.response.status_code'> = {
  name: 'http.server.request.duration',
  description: 'Duration of HTTP requests.',
  attributes: ['http.request.method', 'http.route', 'http.response.status_code'],
};

/** Found by its parts: a joined key for every request would cost more than counting it. */
function requestDurations(meter: Meter): Metrics['record'] {
  const byRoute = new Map<string, Map<string, Map<number, Durations>>>();
  return ({ method, route, status, durationMs }) => {
    const byMethod = inside(byRoute, route, () => new Map());
    const byStatus = inside(byMethod, method, () => new Map());
    const attributes = () => ({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': String(status),
    });
    inside(byStatus, status, () => meter.durations(REQUESTS, attributes())).record(durationMs);
  };
}

/** What is not counted but looked up, once a scrape. A store that cannot be read leaves its figures out. */
function observe(
  provider: MeterProvider,
  controlPlane: Pick<ControlPlane, 'figures'>,
  activeRequests: () => number,
): void {
  const meter = provider.getMeter('envplane');
  meter
    .createObservableUpDownCounter('http.server.active_requests', { description: 'HTTP requests being answered.' })
    .addCallback((gauge) => gauge.observe(activeRequests()));

  const gauges = new Map<Observable, (figures: Figures) => [value: number, attributes?: Record<string, string>][]>();
  const gauge = (
    name: string,
    description: string,
    unit: string,
    points: (figures: Figures) => [value: number, attributes?: Record<string, string>][],
  ) => gauges.set(meter.createObservableGauge(name, { description, unit }), points);

  gauge('envplane.environments', 'Environments by status and driver.', '', ({ environments }) =>
    environments.map(({ count, status, driver }) => [count, { 'envplane.status': status, 'envplane.driver': driver }]),
  );
  gauge('envplane.operation.active', 'Operations under way.', '', ({ operations }) =>
    OperationKindSchema.options.map((kind) => [operations.get(kind) ?? 0, { 'envplane.operation.kind': kind }]),
  );
  gauge('envplane.reconcile.due', 'Databases that the reconciler should look at now.', '', ({ due }) => [[due.count]]);
  gauge('envplane.reconcile.lag', 'How long the oldest of them has been waiting.', 's', ({ due }) => [
    [due.lagMs / 1_000],
  ]);
  gauge(
    'envplane.reconcile.heartbeat.age',
    'Time since the reconciler last looked for due work.',
    's',
    ({ heartbeatAgeMs }) => [[heartbeatAgeMs / 1_000]],
  );
  gauge('envplane.outbox.lag', 'How long the oldest undelivered event has been waiting.', 's', ({ outboxLagMs }) =>
    outboxLagMs === null ? [] : [[outboxLagMs / 1_000]],
  );
  gauge('envplane.quarantine.objects', 'Databases that nothing explains.', '', ({ inventory }) => [
    [inventory.quarantined],
  ]);
  gauge('envplane.sweep.age', 'Time since a placement was last compared completely.', 's', ({ inventory }) =>
    inventory.sweeps.map(({ driver, ageMs }) => [ageMs / 1_000, { 'envplane.driver': driver }]),
  );
  gauge(
    'envplane.restore.hold',
    '1 while nothing is deleted, since the store may be older than the databases.',
    '',
    ({ inventory }) => [[inventory.isHeld ? 1 : 0]],
  );
  gauge('envplane.pool.connections', 'Connections to environments.', '', ({ connections }) =>
    (['open', 'leaving', 'opening'] as const).map((state) => [connections[state], { 'envplane.state': state }]),
  );

  meter.addBatchObservableCallback(
    async (result) => {
      const figures = await controlPlane.figures();
      for (const [instrument, points] of gauges)
        for (const [value, attributes] of points(figures)) result.observe(instrument, value, attributes);
    },
    [...gauges.keys()],
  );
}
