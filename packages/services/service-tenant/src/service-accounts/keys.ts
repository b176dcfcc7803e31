import {
  ControlPlaneError,
  type CreateServiceAccountKeyBody,
  CreateServiceAccountKeyBodySchema,
  covers,
  invalidRequest,
  type Pattern,
  type Secret,
  type ServiceAccountKeyView,
} from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { keyNotFound, serviceAccountNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, parse } from '../request.ts';
import { changeServiceAccount, findServiceAccountKey } from '../store/service-accounts.ts';
import { newKey } from './key.ts';
import { askingOf, authorizeAccount, requireRights } from './service-accounts.ts';
import { keyView } from './views.ts';

const DAY_MS = 24 * 3_600_000;
/** So many that a rotation can overlap, so few that nobody loses count. */
const MAX_LIVE_KEYS = 5;

/** A key that was made: `key` this once, and null when the request is repeated. */
export interface MadeKey {
  view: ServiceAccountKeyView;
  key: Secret | null;
}

/**
 * Makes a key of a service account, accepted for 90 days unless the body says otherwise.
 * @throws ControlPlaneError `not_found` (the account, or an environment that the key is narrowed to), `permission_denied`,
 *   `escalation`, `validation_failed`, `invalid_state` while the account is disabled, `quota_exceeded` beyond five live keys, `idempotency_key_reused`
 */
export async function createKey(
  deps: Deps,
  caller: Caller,
  accountId: string,
  body: CreateServiceAccountKeyBody = {},
  options: MutationOptions = {},
): Promise<MadeKey> {
  const access = await authorizeAccount(deps, caller, accountId);
  const { expiresInDays, permissions, environmentIds } = parse(CreateServiceAccountKeyBodySchema, body);
  requireKnown(deps, permissions ?? []);
  for (const environmentId of environmentIds ?? []) await authorize(deps, caller, null, { environmentId });
  const narrowing = { ...(permissions && { permissions }), ...(environmentIds && { environmentIds }) };
  const asked = [accountId, expiresInDays, narrowing];
  const request = idempotent(caller, 'service_account.create_key', asked, options.idempotencyKey);
  const { key, keyId, hash } = newKey();
  const id = deps.uuid();
  const changed = await deps.effect('cp.change', () =>
    changeServiceAccount(deps.engine, accountId, askingOf(caller), request, (rights) => {
      requireRights(deps, caller, access, rights);
      const { account, liveKeys } = rights;
      if (account.status !== 'active') {
        throw new ControlPlaneError('invalid_state', 'A disabled service account gets no key; enable it first.', {
          state: account.status,
          allowed: ['active'],
        });
      }
      if (liveKeys >= MAX_LIVE_KEYS) {
        throw new ControlPlaneError('quota_exceeded', `There are ${MAX_LIVE_KEYS} live keys; revoke one first.`);
      }
      return {
        newKey: {
          id,
          service_account_id: accountId,
          key_id: keyId,
          hash,
          livesMs: expiresInDays * DAY_MS,
          last_used_at: null,
          revoked_at: null,
          created_by: caller.principal.id,
          permissions: permissions ?? null,
          environment_ids: environmentIds ?? null,
        },
        narrows: false,
        audit: audited(
          caller,
          'service_account.key_created',
          { organizationId: account.organization_id },
          { serviceAccountId: accountId, keyId, expiresInDays, ...narrowing },
        ),
      };
    }),
  );
  const row = changed && (await findServiceAccountKey(deps.engine, changed.targetId));
  if (!row) throw serviceAccountNotFound();
  return { view: keyView(row), key: changed.replayed ? null : key };
}

/** A key for what nobody can hold would be a mistake that shows much later. */
function requireKnown({ catalogue }: Pick<Deps, 'catalogue'>, patterns: readonly Pattern[]): void {
  const { definitions } = catalogue;
  const errors = patterns.flatMap((pattern, index) =>
    definitions.some(({ permission }) => covers([pattern], permission))
      ? []
      : [{ in: 'body' as const, pointer: `/permissions/${index}`, detail: 'is no permission of the catalogue' }],
  );
  if (errors.length > 0) throw invalidRequest(errors);
}

/**
 * Revokes a key for good; again it changes nothing. Tokens that were issued to the account are withdrawn.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `idempotency_key_reused`
 */
export async function revokeKey(
  deps: Deps,
  caller: Caller,
  accountId: string,
  keyId: string,
  options: MutationOptions = {},
): Promise<void> {
  await authorizeAccount(deps, caller, accountId);
  const request = idempotent(caller, 'service_account.revoke_key', [accountId, keyId], options.idempotencyKey);
  const changed = await deps.effect('cp.change', () =>
    changeServiceAccount(deps.engine, accountId, askingOf(caller), request, ({ account }, keys) => {
      const key = keys.find((each) => each.key_id === keyId);
      if (!key) throw keyNotFound();
      if (key.revoked_at !== null) return null;
      return {
        revokeKey: keyId,
        narrows: true,
        audit: audited(
          caller,
          'service_account.key_revoked',
          { organizationId: account.organization_id },
          { serviceAccountId: accountId, keyId },
        ),
      };
    }),
  );
  if (!changed) throw serviceAccountNotFound();
}
