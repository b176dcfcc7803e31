import type { AttemptLimit } from '../../identity/attempt-limit.ts';
import { json } from '../answer.ts';
import type { AppOptions } from '../app.ts';
import type { contract } from '../contract/index.ts';
import { ACCESS_TOKEN } from '../contract/tokens.ts';
import { serviceOf } from '../exchange.ts';
import { given } from '../filter.ts';
import type { Handlers } from '../mount.ts';
import { createGrants } from '../oauth/grants.ts';

/** A key is published for longer than this before it signs. Without the service, verifiers go on with what they have for a day. */
const KEY_SET_CACHING = 'public, max-age=300, stale-if-error=86400';

export function tokenHandlers(options: AppOptions & { attempts: AttemptLimit }): Handlers<typeof contract.tokens> {
  const { service } = options.controlPlane;
  const grants = createGrants(options);
  return {
    issue: async (c) =>
      json(c, await serviceOf(c).issueToken(c.req.valid('param').env, given(c.req.valid('json'))), 200),

    exchange: async (c) => {
      const issued = await grants.issue(c, c.req.valid('form'));
      return json(
        c,
        {
          access_token: issued.accessToken,
          issued_token_type: ACCESS_TOKEN,
          token_type: issued.tokenType,
          expires_in: issued.expiresIn,
          scope: issued.scope,
        } as const,
        200,
        // RFC 6749 §5.1 asks for it, beside the `no-store` of every answer.
        { pragma: 'no-cache' },
      );
    },

    keySet: async (c) => json(c, await service.signingKeys.keySet(), 200, { 'cache-control': KEY_SET_CACHING }),

    epochs: async (c) => json(c, await serviceOf(c).tokenEpochs(c.req.valid('query').cursor), 200),
  };
}
