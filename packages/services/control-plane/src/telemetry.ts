import type { ControlPlane } from '@envplane/service-tenant';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { AppOptions } from './http/app.ts';

/** Seconds; the library's defaults are meant for milliseconds. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Metrics = NonNullable<AppOptions['metrics']>;

/**
 * The figures behind `/metrics`. No attribute names an organization, an environment, a user or a request: those belong to logs.
 *
 * @param activeRequests how many requests are being answered now
 */
export function createMetrics(
  controlPlane: Pick<ControlPlane, 'counts' | 'worker'>,
  activeRequests: () => number,
): Metrics {
  // Collected when it is scraped; the exporter's own listener is not started.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('envplane');
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

  const durations = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  meter
    .createObservableUpDownCounter('http.server.active_requests', { description: 'HTTP requests being answered.' })
    .addCallback((gauge) => gauge.observe(activeRequests()));
  meter
    .createObservableGauge('envplane.environments', { description: 'Environments by status and driver.' })
    .addCallback(async (gauge) => {
      for (const { status, driver, count } of await controlPlane.counts()) {
        gauge.observe(count, { 'envplane.status': status, 'envplane.driver': driver });
      }
    });
  meter
    .createObservableGauge('envplane.reconcile.heartbeat.age', {
      description: 'Time since the reconciler last looked for due work.',
      unit: 's',
    })
    .addCallback((gauge) => gauge.observe((Date.now() - controlPlane.worker.heartbeatMs()) / 1_000));

  return {
    record: ({ method, route, status, durationMs }) => {
      durations.record(durationMs / 1_000, {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      });
    },
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}
