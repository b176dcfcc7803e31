import { httpInstrumentationMiddleware } from '@hono/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type Span,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';
import { Hono } from 'hono';

/** A collector that does not answer must not hold the process when it ends. */
const EXPORT_TIMEOUT_MS = 2_000;

/** Sends a span for every request to the collector. Loaded only when there is one. */
export function traceRequests(
  app: Hono,
  options: { endpoint: string; version: string },
): { app: Hono; shutdown: () => Promise<void> } {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'envplane', [ATTR_SERVICE_VERSION]: options.version }),
    spanProcessors: [withoutSecrets(new BatchSpanProcessor(exporter))],
  });
  provider.register();
  const traced = new Hono();
  traced.use(httpInstrumentationMiddleware({ tracerProvider: provider, captureActiveRequests: false }));
  traced.route('/', app);
  return { app: traced, shutdown: () => provider.shutdown().catch(() => undefined) };
}

/** The instrumentation records the URL with its query and an error with its text; neither may leave the process. */
export function withoutSecrets(inner: SpanProcessor): SpanProcessor {
  return {
    onStart: (span: Span, context) => {
      const url = span.attributes[ATTR_URL_FULL];
      if (typeof url === 'string') span.setAttribute(ATTR_URL_FULL, url.replace(/[?#].*$/, ''));
      inner.onStart(span, context);
    },
    onEnd: (span: ReadableSpan) => {
      for (const { attributes } of span.events) {
        delete attributes?.[ATTR_EXCEPTION_MESSAGE];
        delete attributes?.[ATTR_EXCEPTION_STACKTRACE];
      }
      inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}
