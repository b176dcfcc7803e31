import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { buildOpenApiDocument } from '../packages/services/control-plane/src/http/openapi.ts';
import {
  controlPlaneObjects,
  createStatements,
  keyStoreObjects,
  type ObjectDefinition,
} from '../packages/services/service-tenant/src/schema.ts';

/**
 * Writes what is derived and committed: the statements of the newest schema steps from the object definitions, the OpenAPI
 * document from the routes, and the client's types from that.
 */

function writeStep(path: string, step: { id: number; name: string }, objects: readonly ObjectDefinition[]): void {
  const known = new Set(objects.map((object) => object.name));
  const statements = (engine: 'sqlite' | 'postgres') =>
    objects
      .flatMap((object) => createStatements(object, engine, known))
      .map((statement) => `    \`${statement}\`,`)
      .join('\n');
  writeFileSync(
    new URL(`../packages/services/service-tenant/src/store/schema/${path}`, import.meta.url),
    `// Made by \`npm run generate\` from the object definitions. Frozen once released: later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

export const initial: SchemaStep = {
  id: ${step.id},
  name: '${step.name}',
  statements: {
    sqlite: [
${statements('sqlite')}
    ],
    postgres: [
${statements('postgres')}
    ],
  },
};
`,
  );
}

writeStep('0001-initial.ts', { id: 1, name: 'initial' }, controlPlaneObjects);
writeStep('0001-key-store.ts', { id: 1, name: 'key store' }, keyStoreObjects);

const openApi = new URL('../packages/services/control-plane/openapi.json', import.meta.url);
writeFileSync(openApi, `${JSON.stringify(buildOpenApiDocument(), null, 2)}\n`);
execFileSync(process.execPath, ['generate.mjs'], { cwd: new URL('openapi-types/', import.meta.url), stdio: 'inherit' });
