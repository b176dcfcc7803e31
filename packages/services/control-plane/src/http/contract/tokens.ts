import {
  EnvironmentTokenSchema,
  EpochFeedSchema,
  IssueTokenBodySchema,
  JwkSetSchema,
  ProblemSchema,
  TokenScopeSchema,
} from '@envplane/spec';
import { z } from 'zod';
import { environmentPath } from './parameters.ts';
import { json, jsonBody, type Route, route } from './route.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** RFC 6749 §3.2: what is not known is ignored, so this is not strict. */
const TokenRequestSchema = z
  .object({
    grant_type: z.string().describe(`\`client_credentials\`, or \`${TOKEN_EXCHANGE}\`.`),
    audience: z.string().describe('`env:<environment id>`.'),
    scope: TokenScopeSchema.optional(),
    client_id: z
      .string()
      .optional()
      .describe('Id of a service account, unless the request has it in `Authorization: Basic`.'),
    client_secret: z.string().optional().meta({ writeOnly: true }).describe('A key of that service account.'),
    subject_token: z
      .string()
      .optional()
      .meta({ writeOnly: true })
      .describe('Token exchange: an identity token of a configured issuer, or a session token of the host.'),
    subject_token_type: z
      .string()
      .optional()
      .describe('Token exchange: `urn:ietf:params:oauth:token-type:` with `jwt`, `id_token` or `access_token`.'),
    requested_token_type: z.string().optional().describe(`Token exchange: \`${ACCESS_TOKEN}\`, or absent.`),
    actor_token: z
      .string()
      .optional()
      .meta({ writeOnly: true })
      .describe('Not supported: a service that acts for a user authenticates as the client.'),
    resource: z.string().optional().describe('Not supported: name the environment in `audience`.'),
  })
  .meta({ id: 'TokenRequest', description: 'A token request (RFC 6749 §4.4, RFC 8693 §2.1).' });
export type TokenRequest = z.output<typeof TokenRequestSchema>;

const TokenResponseSchema = z
  .object({
    access_token: z.string().describe('The environment token (RFC 9068).'),
    issued_token_type: z.literal(ACCESS_TOKEN).describe('What it is (RFC 8693 §3).'),
    token_type: z.literal('Bearer').describe('How it is presented.'),
    expires_in: z.int().min(1).describe('Seconds until it expires.'),
    scope: z.string().describe('The permissions it has, separated by spaces.'),
  })
  .meta({ id: 'TokenResponse', description: 'A token response (RFC 6749 §5.1).' });

const OAuthProblemSchema = ProblemSchema.extend({
  error: z.string().describe('Error code of RFC 6749 §5.2 or RFC 8693 §2.2.2.'),
  error_description: z.string().describe('The same sentence as `detail`.'),
}).meta({ id: 'OAuthProblem', description: 'A problem that is an OAuth error as well.' });

/** The problems of a route as OAuth errors, in the media type of either. */
function withOAuthErrors<R extends Route>(plain: R): R {
  const errors = {
    'application/problem+json': { schema: OAuthProblemSchema },
    'application/json': { schema: OAuthProblemSchema },
  };
  const responses = Object.entries(plain.responses).map(([status, response]) => [
    status,
    Number(status) < 400 ? response : { ...response, content: errors },
  ]);
  return Object.assign(plain, { responses: Object.fromEntries(responses) });
}

/** Environment tokens: getting one, and what verifying one takes. */
export const tokens = {
  issue: route({
    method: 'post',
    path: '/v1/environments/{env}/token',
    summary: 'Issues a short-lived token for one environment, with what the caller holds there now.',
    permission: 'env:tokens.issue',
    command: 'env token',
    secret: true,
    request: { params: environmentPath, body: jsonBody(IssueTokenBodySchema) },
    responses: { 200: json(EnvironmentTokenSchema, 'The token.') },
    problems: [
      'not_found',
      'invalid_state',
      'invalid_scope',
      'token_too_large',
      'encryptor_unavailable',
      'tokens_not_configured',
    ],
  }),

  exchange: withOAuthErrors(
    route({
      method: 'post',
      path: '/v1/oauth/token',
      summary: 'The token endpoint (RFC 6749): client credentials and token exchange (RFC 8693).',
      permission: 'public',
      secret: true,
      request: {
        body: {
          required: true as const,
          content: { 'application/x-www-form-urlencoded': { schema: TokenRequestSchema } },
        },
      },
      responses: { 200: json(TokenResponseSchema, 'The token.') },
      problems: [
        'invalid_client',
        'invalid_grant',
        'invalid_scope',
        'invalid_target',
        'unsupported_grant_type',
        'token_too_large',
        'rate_limited',
        'encryptor_unavailable',
        'issuer_unavailable',
        'store_unavailable',
        'tokens_not_configured',
      ],
    }),
  ),

  keySet: route({
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The public keys that environment tokens are verified with.',
    permission: 'public',
    responses: {
      200: json(JwkSetSchema, 'The key set.', {
        'Cache-Control': { description: 'Good for five minutes.', schema: { type: 'string' } },
      }),
    },
    problems: ['store_unavailable'],
  }),

  epochs: route({
    method: 'get',
    path: '/v1/token-epochs',
    summary: 'Tells which environment tokens and signing keys were withdrawn since the cursor was handed out.',
    permission: 'platform:token_epochs.read',
    request: {
      query: z.strictObject({ cursor: z.string().optional().describe('`nextCursor` of the answer before.') }),
    },
    responses: { 200: json(EpochFeedSchema, 'What was withdrawn.') },
    problems: ['cursor_invalid', 'cursor_mismatch'],
  }),
};
