import { ControlPlaneError, type EnvironmentToken, IdSchema, type Principal } from '@envplane/spec';
import type { Context } from 'hono';
import type { AttemptLimit } from '../../identity/attempt-limit.ts';
import { keyIdOf } from '../../identity/bearer.ts';
import { identify } from '../../identity/providers.ts';
import type { AppOptions } from '../app.ts';
import { ACCESS_TOKEN, TOKEN_EXCHANGE, type TokenRequest } from '../contract/tokens.ts';
import type { AppEnv } from '../exchange.ts';
import { addressOf, toCaller, unavailable } from '../middleware/authenticate.ts';
import { type ClientCredentials, clientCredentials, invalidClient } from './client.ts';

const SUBJECT_TOKEN_TYPES: ReadonlySet<string | undefined> = new Set([
  ACCESS_TOKEN,
  'urn:ietf:params:oauth:token-type:id_token',
  'urn:ietf:params:oauth:token-type:jwt',
]);

/** The provider that knows the keys of service accounts. */
const SERVICE_ACCOUNTS = 'serviceAccount';
/** Those whose credentials are no sessions of users: the platform's token and keys are not exchangeable. */
const NO_SESSIONS: ReadonlySet<string> = new Set(['platformToken', SERVICE_ACCOUNTS]);

/** The grants of the token endpoint. */
export interface Grants {
  /**
   * Issues what the form asks for.
   * @throws ControlPlaneError `malformed_request`, `unsupported_grant_type`, `invalid_client`, `invalid_grant`, `invalid_target`,
   *   and whatever issuing the token throws
   */
  issue(c: Context<AppEnv>, form: TokenRequest): Promise<EnvironmentToken>;
}

export function createGrants({
  identity,
  controlPlane,
  attempts,
}: Pick<AppOptions, 'identity' | 'controlPlane'> & { attempts: AttemptLimit }): Grants {
  const serviceAccounts = identity.filter(({ name }) => name === SERVICE_ACCOUNTS);
  const sessions = identity.filter(({ name }) => !NO_SESSIONS.has(name));

  /** As one who presents this token in a request of its own. */
  const bearerOf = async (c: Context<AppEnv>, providers: typeof identity, token: string) => {
    if (!/^[\x21-\x7e]+$/.test(token)) return 'invalid';
    const headers = new Headers({ authorization: `Bearer ${token}` });
    const { trace } = c.get('exchange');
    const request = { method: 'POST', headers, trace };
    return trace.timed('authenticate', () => identify(providers, request).catch(unavailable));
  };

  /** A refused credential is counted; beyond the limit the answer is another one. */
  async function refused(c: Context<AppEnv>, token: string, refusal: ControlPlaneError): Promise<ControlPlaneError> {
    const retryAfterMs = await attempts.failed({ address: addressOf(c), keyId: keyIdOf(token) });
    if (retryAfterMs === undefined) return refusal;
    return new ControlPlaneError('rate_limited', 'Too many credentials that are not valid; wait.', { retryAfterMs });
  }

  async function clientOf(c: Context<AppEnv>, { id, secret }: ClientCredentials): Promise<Principal> {
    const principal = await bearerOf(c, serviceAccounts, secret);
    if (principal !== null && principal !== 'invalid' && principal.id === id) return principal;
    throw await refused(c, secret, invalidClient());
  }

  async function subjectOf(c: Context<AppEnv>, form: TokenRequest, client: Principal | null): Promise<Principal> {
    const { subject_token: token, subject_token_type: type, requested_token_type: requested } = form;
    if (!token || !SUBJECT_TOKEN_TYPES.has(type)) {
      throw malformed('A token exchange has a subject_token and its type: a jwt, id_token or access_token.');
    }
    if (requested !== undefined && requested !== ACCESS_TOKEN) throw malformed('Only an access token can be issued.');
    const principal = await bearerOf(c, sessions, token);
    if (principal === null || principal === 'invalid' || principal.kind !== 'user') {
      const refusal = new ControlPlaneError('invalid_grant', 'The subject token is not one of a user, or not valid.');
      throw await refused(c, token, refusal);
    }
    return client ? { ...principal, actor: { kind: client.kind, id: client.id } } : principal;
  }

  async function principalOf(c: Context<AppEnv>, form: TokenRequest): Promise<Principal> {
    if (form.actor_token !== undefined || form.resource !== undefined) {
      throw malformed('actor_token and resource are not supported.');
    }
    const isExchange = form.grant_type === TOKEN_EXCHANGE;
    if (!isExchange && form.grant_type !== 'client_credentials') {
      throw new ControlPlaneError('unsupported_grant_type', 'The grants are client_credentials and token exchange.');
    }
    const credentials = clientCredentials(c.req.raw.headers.get('authorization'), form);
    const client = credentials && (await clientOf(c, credentials));
    if (isExchange) return subjectOf(c, form, client);
    if (client) return client;
    throw invalidClient();
  }

  return {
    issue: async (c, form) => {
      const caller = toCaller(c, await principalOf(c, form));
      const exchange = c.get('exchange');
      exchange.caller = caller;
      const environmentId = /^env:(.+)$/.exec(form.audience)?.[1];
      if (!IdSchema.safeParse(environmentId).success) throw noSuchAudience();
      const scope = form.scope === undefined ? {} : { scope: form.scope };
      try {
        return await controlPlane.service
          .within(exchange.trace)
          .as(caller)
          .issueToken(environmentId ?? '', scope);
      } catch (error) {
        throw asOAuthTarget(error);
      }
    },
  };
}

/** Whether there is such an environment, and whose it is, is not told to who has nothing there. */
function asOAuthTarget(error: unknown): unknown {
  if (!(error instanceof ControlPlaneError)) return error;
  if (error.code === 'not_found' || error.code === 'permission_denied') return noSuchAudience();
  if (error.code !== 'invalid_state') return error;
  const { state } = error.details;
  return new ControlPlaneError('invalid_target', error.message, state === undefined ? {} : { state });
}

const noSuchAudience = () =>
  new ControlPlaneError('invalid_target', 'The audience is not an environment that the subject can have a token for.');

const malformed = (detail: string) => new ControlPlaneError('malformed_request', detail);
