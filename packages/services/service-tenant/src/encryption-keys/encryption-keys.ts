import {
  ControlPlaneError,
  type EncryptionKeyView,
  type MoveEncryptionKeysBody,
  MoveEncryptionKeysBodySchema,
  type OperationKind,
} from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { OperationRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, parse } from '../request.ts';
import { PLATFORM_CHAIN } from '../store/audit.ts';
import type { Accepted } from '../store/environments.ts';
import { acceptRewrap, type RewrapRequest } from '../store/rewrap-work.ts';
import { keysByKek } from '../store/wrapped-keys.ts';

type Kind = Extract<OperationKind, `encryption_key.${string}`>;

/**
 * The key-encryption keys that are in use, the current one first: what is new is wrapped under it.
 * @throws ControlPlaneError `permission_denied`, `encryptor_unavailable`
 */
export async function listEncryptionKeys(deps: Deps, caller: Caller): Promise<EncryptionKeyView[]> {
  await authorize(deps, caller, 'platform:encryption_keys.read', { platform: true });
  const current = await deps.encryptors.currentKek();
  const counts = await keysByKek(deps.stores);
  const isCurrent = ({ encryptorId, kekId }: typeof current) =>
    encryptorId === current.encryptorId && kekId === current.kekId;
  const inUse = counts.some(isCurrent) ? counts : [{ ...current, count: 0 }, ...counts];
  return inUse
    .map((kek) => ({ encryptor: kek.encryptorId, kekId: kek.kekId, current: isCurrent(kek), dataKeys: kek.count }))
    .sort((a, b) => Number(b.current) - Number(a.current) || (a.kekId < b.kekId ? -1 : 1));
}

/**
 * Makes a new key-encryption key where the encryptor makes its own (`local`), and re-wraps every data key under the current one.
 * No credential and no database is touched.
 * @throws ControlPlaneError `encryptor_unavailable`, `operation_in_progress`, `invalid_state` while another encryptor wraps keys,
 *   `idempotency_key_reused`
 */
export async function rotateEncryptionKey(deps: Deps, caller: Caller, options: MutationOptions = {}) {
  await authorize(deps, caller, 'platform:encryption_keys.rotate', { platform: true });
  await requireOneEncryptor(deps);
  const { primary } = deps.encryptors;
  return accept(deps, caller, 'encryption_key.rotate', options, {
    prepare: () => deps.effect('kek.keyset-write', async () => primary.addPrimaryKek?.()),
  });
}

/**
 * Re-wraps every data key that is not under the current key-encryption key: after a key was changed outside, or to finish.
 * @throws ControlPlaneError as `rotateEncryptionKey`
 */
export async function rewrapDataKeys(deps: Deps, caller: Caller, options: MutationOptions = {}) {
  await authorize(deps, caller, 'platform:encryption_keys.rotate', { platform: true });
  await requireOneEncryptor(deps);
  return accept(deps, caller, 'encryption_key.rewrap', options);
}

/**
 * Brings every data key from other encryptors to the one that the service wraps with. Both must be configured until it is done.
 * @throws ControlPlaneError `invalid_state` when the service wraps with another encryptor; else as `rotateEncryptionKey`
 */
export async function moveDataKeys(
  deps: Deps,
  caller: Caller,
  body: MoveEncryptionKeysBody,
  options: MutationOptions = {},
) {
  await authorize(deps, caller, 'platform:encryption_keys.rotate', { platform: true });
  const { to } = parse(MoveEncryptionKeysBodySchema, body);
  const { encryptorId } = deps.encryptors.primary;
  if (to !== encryptorId) {
    throw new ControlPlaneError(
      'invalid_state',
      `The service wraps new keys with ${encryptorId}; start it with ENVPLANE_ENCRYPTOR=${to}, the other one still configured, and repeat.`,
      { state: encryptorId, allowed: [to] },
    );
  }
  return accept(deps, caller, 'encryption_key.move', options);
}

/**
 * Goes on with one of these operations that failed. A move is asked for again instead, since it must be said where to.
 * @throws ControlPlaneError `invalid_state` unless it failed, or while another encryptor wraps keys
 */
export async function retryRewrap(
  deps: Deps,
  caller: Caller,
  { id, kind, status }: Pick<OperationRow, 'id' | 'kind' | 'status'>,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:encryption_keys.rotate', { platform: true });
  if (kind === 'encryption_key.move') {
    throw new ControlPlaneError('invalid_state', 'Repeat the move instead: envplane key move --to <encryptor>.', {
      state: status,
    });
  }
  await requireOneEncryptor(deps);
  return accept(deps, caller, 'encryption_key.rewrap', options, { operation: { id } });
}

/** A key that another encryptor wraps goes to this one only when that is said. */
async function requireOneEncryptor({ encryptors, stores }: Deps): Promise<void> {
  const { encryptorId } = encryptors.primary;
  const other = (await keysByKek(stores)).find((kek) => kek.encryptorId !== encryptorId);
  if (!other) return;
  throw new ControlPlaneError(
    'invalid_state',
    `${other.count} data keys are still wrapped by ${other.encryptorId}; move them first: envplane key move --to ${encryptorId}.`,
    { state: other.encryptorId, allowed: [encryptorId] },
  );
}

async function accept(
  deps: Deps,
  caller: Caller,
  kind: Kind,
  options: MutationOptions,
  more: Partial<Pick<RewrapRequest, 'prepare' | 'operation'>> = {},
): Promise<Accepted> {
  const { encryptors, nameKey } = deps;
  await encryptors.health();
  const { encryptorId } = encryptors.primary;
  const { installationId } = nameKey;
  const operation: RewrapRequest['operation'] = {
    id: deps.uuid(),
    kind,
    target_type: 'installation',
    target_id: installationId,
    organization_id: PLATFORM_CHAIN,
    environment_id: null,
    parent_id: null,
    created_by: caller.principal.id,
    request_id: caller.requestId,
    warnings: [],
    stepNames: ['rewrap', 'verify'],
  };
  const accepted = await deps.effect('cp.change', () =>
    acceptRewrap(deps.engine, {
      operation,
      encryptorId,
      audit: {
        ...audited(caller, kind, { organizationId: null }, { encryptor: encryptorId }),
        target_kind: 'installation',
        target_id: installationId,
      },
      request: idempotent(caller, kind, [encryptorId, more.operation?.id ?? null], options.idempotencyKey),
      ...more,
    }),
  );
  deps.rewrapping.wake();
  return accepted;
}
