import type { ControlPlane } from '@envplane/service-tenant';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { AppOptions } from './http/app.ts';
import { requestDurations } from './request-durations.ts';

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
  const durations = requestDurations();
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [durations] });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('envplane');
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

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
    record: durations.record,
    render: async () => serializer.serialize((await reader.collect()).resourceMetrics),
  };
}
