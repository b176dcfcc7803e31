import { readFileSync, writeFileSync } from 'node:fs';
import openapiTypes, { astToString } from 'openapi-typescript';

// Writes the client's types from the OpenAPI document. Apart from everything else because it needs TypeScript 5.

const controlPlane = new URL('../../packages/services/control-plane/', import.meta.url);
const document = JSON.parse(readFileSync(new URL('openapi.json', controlPlane), 'utf8'));
const types = await openapiTypes(document, {
  // Otherwise a request field with a default would have to be sent.
  defaultNonNullable: false,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});
writeFileSync(
  new URL('src/client/schema.gen.ts', controlPlane),
  `// Made by \`npm run generate\` from openapi.json. Do not edit.\n\n${astToString(types)}`,
);
