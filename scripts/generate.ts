import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { buildOpenApiDocument } from '../packages/services/control-plane/src/http/openapi.ts';

/**
 * Writes what is derived and committed: the OpenAPI document from the routes, and the client's types from that. Schema steps
 * are not derived: one that was applied somewhere is never edited, and the next one says what changes.
 */

const openApi = new URL('../packages/services/control-plane/openapi.json', import.meta.url);
writeFileSync(openApi, `${JSON.stringify(buildOpenApiDocument(), null, 2)}\n`);
execFileSync(process.execPath, ['generate.mjs'], { cwd: new URL('openapi-types/', import.meta.url), stdio: 'inherit' });
