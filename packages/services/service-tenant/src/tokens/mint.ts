import {
  ControlPlaneError,
  covers,
  type EnvironmentToken,
  type IssueTokenBody,
  IssueTokenBodySchema,
  invalidRequest,
  LONGEST_TOKEN_SECONDS,
  type PermissionFormat,
  type Principal,
} from '@envplane/spec';
import type { JWTPayload } from 'jose';
import type { Caller } from '../access/caller.ts';
import { refused } from '../access/denials.ts';
import type { Deps } from '../deps.ts';
import { audited, parse } from '../request.ts';
import { recordOnce } from '../store/recorded-once.ts';
import { activeSigningKey } from '../store/signing-keys.ts';
import { type Holding, holdingOf } from './holding.ts';
import { requireTokens } from './issuing.ts';

/** Seconds a user's token lives; its rights are those of then, so it is short. */
const USER_SECONDS = 300;
const SERVICE_SECONDS = 600;
/** Longest serialized token, in bytes: common servers take 8 KB of headers in all. */
const MAX_TOKEN_BYTES = 6_144;

/**
 * Issues a token for one environment, after a look at what the caller holds there now. Every way to a token ends here.
 *
 * @throws ControlPlaneError `not_found`, `permission_denied`, `invalid_state` unless the environment is active, `invalid_scope`,
 *   `validation_failed`, `token_too_large`, `encryptor_unavailable`, `tokens_not_configured`
 */
export async function issueToken(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: IssueTokenBody = {},
): Promise<EnvironmentToken> {
  const tokens = requireTokens(deps);
  const { principal } = caller;
  const holding = await holdingOf(deps, caller, environmentId);
  const { scope, lifetimeSeconds, permissionFormat = 'concrete' } = parse(IssueTokenBodySchema, body);
  const expiresIn = lifetimeOf(principal, lifetimeSeconds);
  requireActive(holding);
  const permissions = permissionsOf(deps, caller, holding, scope, permissionFormat);
  const key = await activeSigningKey(deps.engine);
  if (!key) {
    throw new ControlPlaneError('encryptor_unavailable', 'There is no signing key now; try again.', {
      retryAfterMs: 1_000,
    });
  }
  const issuedAt = Math.floor((await deps.engine.now()) / 1_000);
  const claims = {
    iss: tokens.issuer(),
    aud: `env:${environmentId}`,
    ...subjectClaims(principal),
    org: holding.organizationId,
    env: environmentId,
    permissions,
    services: Object.fromEntries(holding.services.map((service) => [service, { enabled: true }])),
    role: holding.role,
    ep: epochsClaim(holding.epochs),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + expiresIn,
    jti: deps.uuid(),
    ...(holding.readOnly && { ro: true }),
  };
  const accessToken = await tokens.signer.sign(key, claims, deps.trace);
  requireSize(accessToken);
  await record(deps, caller, holding, claims);
  tokens.issued.total += 1;
  return { accessToken, tokenType: 'Bearer', expiresIn, scope: permissions.join(' '), environmentId };
}

/** The third number is there for those who ever lost a role on the platform. */
const epochsClaim = ({ environment, subject, everywhere }: Holding['epochs']): number[] => [
  environment,
  subject,
  ...(everywhere > 0 ? [everywhere] : []),
];

function requireActive({ status }: Holding): void {
  if (status === 'active') return;
  throw new ControlPlaneError('invalid_state', `There is no token for an environment that is ${status}.`, {
    state: status,
    allowed: ['active'],
  });
}

function lifetimeOf({ kind }: Principal, asked: number | undefined): number {
  const longest = kind === 'service' ? LONGEST_TOKEN_SECONDS : USER_SECONDS;
  if (asked !== undefined && asked > longest) {
    const detail = `must be at most ${longest} for a ${kind}`;
    throw invalidRequest([{ in: 'body', pointer: '/lifetimeSeconds', detail }]);
  }
  return asked ?? (kind === 'service' ? SERVICE_SECONDS : USER_SECONDS);
}

/** What the token is to carry: what was asked for, when all of it is held, or else everything. */
function permissionsOf(
  deps: Deps,
  caller: Caller,
  { organizationId, environmentId, patterns, services }: Holding,
  scope: string | undefined,
  format: PermissionFormat,
): string[] {
  const concrete = deps.catalogue.definitions.flatMap(({ permission, scope: where }) => {
    const isUsable = where === 'env' && (permission.startsWith('env:') || services.includes(serviceOf(permission)));
    return isUsable && covers(patterns, permission) ? [permission as string] : [];
  });
  if (scope === undefined) return format === 'patterns' ? [...patterns] : concrete;
  const held = new Set(concrete);
  const asked = [...new Set(scope.split(' ').filter((permission) => permission !== ''))];
  const missing = asked.filter((permission) => !held.has(permission));
  if (asked.length > 0 && missing.length === 0) return asked;
  const error = new ControlPlaneError('invalid_scope', 'The scope names nothing, or more than is held.', { missing });
  throw missing.length === 0 ? error : refused(deps, caller, { organizationId, environmentId }, error);
}

const serviceOf = (permission: string): string => permission.slice(0, permission.indexOf(':'));

/** `client_id` of a user who came through the host and no service. */
const HOST_CLIENT = 'host';

function subjectClaims({ kind, id, actor, authTime }: Principal): JWTPayload {
  const client = kind === 'service' ? id : actor?.kind === 'service' ? actor.id : HOST_CLIENT;
  return {
    sub: id,
    sub_type: kind,
    client_id: client,
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(actor && { act: { sub: actor.id } }),
  };
}

function requireSize(token: string): void {
  if (token.length <= MAX_TOKEN_BYTES) return;
  throw new ControlPlaneError(
    'token_too_large',
    `The token would have ${token.length} bytes and may have ${MAX_TOKEN_BYTES}; name the permissions you need in scope, or ask for permissionFormat patterns.`,
  );
}

/** The first of a subject in an environment and hour; every one that somebody else asked for. */
async function record(
  deps: Deps,
  caller: Caller,
  { organizationId }: Holding,
  claims: { env: string; iat: number; exp: number; jti: string },
): Promise<void> {
  const { principal } = caller;
  const { env: environmentId, iat, exp, jti } = claims;
  const detail = { jti, expiresAt: new Date(exp * 1_000).toISOString() };
  const entry = audited(caller, 'token.issue', { organizationId, environmentId }, detail);
  if (principal.actor) await recordOnce(deps.engine, entry, null);
  else await deps.hourly.record(principal, environmentId, entry, iat * 1_000);
}
