import { ControlPlaneError, type Logger, type SigningAlgorithm } from '@envplane/spec';
import type { SigningKeyRow } from '../objects/index.ts';
import type { StoreEngine } from '../store/engine.ts';
import {
  fillPlace,
  forgetRetiredKeys,
  type KeyChange,
  lacksKey,
  PUBLISHED_MS,
  rotateKeys,
  signingKeys,
} from '../store/signing-keys.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import type { TokenSigner } from './token-signer.ts';

/** How long a key signs before the next one takes over, in ms. */
const ROTATE_MS = 30 * 24 * 3_600_000;

/** Keeps an active key and a standby in place, and rotates them when it is time. */
export interface KeyRotation {
  /** Makes the keys that are missing: both on the first start. @throws ControlPlaneError `encryptor_unavailable` */
  fill(): Promise<void>;
  /** What is due now: missing keys, the rotation after 30 days or to another algorithm, forgetting retired keys. */
  tend(): Promise<void>;
}

export function createKeyRotation(deps: {
  engine: StoreEngine<ControlPlaneTables>;
  signer: TokenSigner;
  algorithm: SigningAlgorithm;
  logger: Logger;
}): KeyRotation {
  const { engine, signer, algorithm, logger } = deps;

  async function fill(): Promise<void> {
    while (lacksKey(await signingKeys(engine), algorithm)) {
      await fillPlace(engine, await signer.create(algorithm), byItself('signing_key.created'));
    }
  }

  async function rotateWhenDue(): Promise<void> {
    if (!isDue(await signingKeys(engine), await engine.now(), algorithm)) return;
    try {
      const { targetId } = await rotateKeys(engine, await signer.create(algorithm), {
        request: null,
        audit: byItself('signing_key.rotate'),
      });
      logger.info({ event: 'signing_key.rotated', kid: targetId }, 'the signing key was rotated');
    } catch (error) {
      // Somebody else has just rotated.
      if (!(error instanceof ControlPlaneError && error.code === 'invalid_state')) throw error;
    }
  }

  return {
    fill,
    tend: async () => {
      await forgetRetiredKeys(engine);
      await fill();
      await rotateWhenDue();
    },
  };
}

function isDue(keys: readonly SigningKeyRow[], nowMs: number, algorithm: SigningAlgorithm): boolean {
  const active = keys.find(({ status }) => status === 'active');
  const standby = keys.find(({ status }) => status === 'standby');
  if (!active || !standby || standby.created_at + PUBLISHED_MS > nowMs) return false;
  return active.alg !== algorithm || (active.activated_at ?? 0) + ROTATE_MS <= nowMs;
}

const byItself =
  (action: string): KeyChange['audit'] =>
  (kid, detail) => ({
    organization_id: null,
    environment_id: null,
    actor_kind: 'platform',
    actor_id: 'key-rotation',
    acting_for: null,
    action,
    target_kind: 'signing_key',
    target_id: kid,
    outcome: 'allow',
    reason: null,
    request_id: null,
    client_address: null,
    detail,
  });
