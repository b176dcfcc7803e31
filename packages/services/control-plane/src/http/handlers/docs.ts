import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ControlPlaneError } from '@envplane/spec';
import { contentTag } from '../answer.ts';

/** Swagger UI from the installed package: no request leaves the machine, and nothing but this origin can be called. */

export const DOCS_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Envplane API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initializer.js"></script>
  </body>
</html>
`;

const initializer = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Both would let a link decide what is loaded, and the validator is somebody else's server.
  queryConfigEnabled: false,
  validatorUrl: null,
});
`;

const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export interface Asset {
  content: string | Uint8Array<ArrayBuffer>;
  mediaType: string;
  etag: string;
}

/** A file of the page. @throws ControlPlaneError `not_found` for every other name */
export async function docsAsset(name: string): Promise<Asset> {
  if (name === 'initializer.js') {
    return { content: initializer, mediaType: 'text/javascript; charset=utf-8', etag: contentTag(initializer) };
  }
  const mediaType = Object.hasOwn(MEDIA_TYPES, name) ? MEDIA_TYPES[name] : undefined;
  if (!mediaType) throw new ControlPlaneError('not_found', 'The API page has no file of this name.');
  const content = new Uint8Array(await readFile(join(dirname(manifest), name)));
  return { content, mediaType, etag: contentTag(content) };
}
