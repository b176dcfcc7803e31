import { ControlPlaneError } from '@envplane/spec';
import { answer, contentTag, json, unchanging } from '../answer.ts';
import type { AppOptions } from '../app.ts';
import type { contract } from '../contract/index.ts';
import type { Handlers } from '../mount.ts';
import { buildOpenApiDocument } from '../openapi.ts';
import { DOCS_HEADERS, docsAsset, docsPage } from './docs.ts';

/** A reconciler that has not come round for this long is taken for stuck; it looks every second. */
const RECONCILER_SILENCE_MS = 30_000;

/** The same for every app, and half of what making one would take: built when somebody asks for it. */
let document: ReturnType<typeof tagged> | undefined;

export function serviceHandlers(options: AppOptions): Handlers<typeof contract.service> {
  const { controlPlane, metrics, version, isDraining } = options;
  return {
    live: (c) => json(c, { status: 'ok' as const }, 200),

    ready: async (c) => {
      const { store, schema, encryptor, reconcilerAgeMs, unreachablePlacements } = await controlPlane.health();
      const migrations = schema !== null && schema !== 'lacking';
      const reconciler = reconcilerAgeMs < RECONCILER_SILENCE_MS;
      const checks = {
        store: check(store),
        migrations: schema === 'newer' ? ('degraded' as const) : check(migrations),
        encryptor: check(encryptor),
        reconciler: check(reconciler),
        placements: unreachablePlacements ? ('degraded' as const) : ('ok' as const),
      };
      if (isDraining()) return json(c, { status: 'draining' as const, checks }, 503, { 'retry-after': '1' });
      if (store && migrations && encryptor && reconciler) return json(c, { status: 'ready' as const, checks }, 200);
      return json(c, { status: 'unavailable' as const, checks }, 503, { 'retry-after': '1' });
    },

    version: (c) => json(c, { name: 'envplane' as const, version }, 200),

    metrics: async (c) => {
      if (!metrics) throw new ControlPlaneError('route_not_found', 'This process keeps no metrics.');
      const text = await metrics.render();
      return answer(c.get('exchange'), 200, 'text/plain; version=0.0.4; charset=utf-8', text);
    },

    openapi: (c) => {
      document ??= tagged(JSON.stringify(buildOpenApiDocument()));
      return unchanging(c, 'application/json', document.text, document.tag) as never;
    },

    docs: (c) => answer(c.get('exchange'), 200, 'text/html; charset=utf-8', docsPage, DOCS_HEADERS),

    docsAsset: async (c) => {
      const { mediaType, content, etag } = await docsAsset(c.req.valid('param').asset);
      return unchanging(c, mediaType, content, etag, DOCS_HEADERS);
    },
  };
}

const tagged = (text: string) => ({ text, tag: contentTag(text) });

const check = (works: boolean) => (works ? ('ok' as const) : ('failed' as const));
