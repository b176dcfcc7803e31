import { OpenAPIHono } from '@hono/zod-openapi';
import { contract } from './contract/index.ts';

const DESCRIPTION = [
  'Envplane gives every environment of every organization its own physical database.',
  'Long work returns an operation: within the time of `Prefer: wait` the answer is the resource, after it 202 with the operation.',
  'Every mutation takes an `Idempotency-Key`. Errors are RFC 9457 problem documents with a stable `code`.',
].join('\n\n');

/**
 * The contract as OpenAPI 3.1, the same bytes for the same contract. `openapi.json` of this package is this.
 * Its own version is that of the API: additive within `v1`.
 */
export function buildOpenApiDocument(): object {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: [
      'The platform administrator’s token, a service-account key (`envp_<keyId>_<secret>`), or a token of a configured OpenID',
      'Connect issuer. With the permission `platform:identities.act_as`, `X-Envplane-Act-As: <userId>` makes the request as that',
      'user, with that user’s rights and nothing else.',
    ].join(' '),
  });
  for (const [resource, routes] of Object.entries(contract)) {
    for (const [name, route] of Object.entries(routes)) {
      openAPIRegistry.registerPath({ ...route, operationId: `${resource}.${name}`, tags: [resource] });
    }
  }
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Envplane',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/', description: 'This service.' }],
  });
}
