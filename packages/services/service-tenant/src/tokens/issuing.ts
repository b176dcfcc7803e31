import { ControlPlaneError, type Counter, type Logger, type Meter, type SigningAlgorithm } from '@envplane/spec';
import { METRICS } from '../metrics.ts';
import type { EncryptorSet } from '../secrets/encryptor-set.ts';
import type { StoreEngine } from '../store/engine.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import { createKeyRotation, type KeyRotation } from './key-rotation.ts';
import { createLocalSigner, type TokenSigner } from './token-signer.ts';

/** How environment tokens are issued. */
export interface TokenOptions {
  /** `iss` of every token: where the key set is found. Asked for each token, because a listener may not know it before it listens. */
  issuer: () => string;
  /** Of keys that are made from now on; `RS256` when absent. */
  algorithm?: SigningAlgorithm;
}

/** What issuing tokens takes beside the store. */
export interface Tokens {
  issuer: () => string;
  algorithm: SigningAlgorithm;
  signer: TokenSigner;
  rotation: KeyRotation;
  issued: Counter;
}

export function createTokens(
  options: TokenOptions,
  deps: {
    engine: StoreEngine<ControlPlaneTables>;
    encryptors: EncryptorSet;
    installationId: string;
    logger: Logger;
    meter: Meter;
  },
): Tokens {
  const { issuer, algorithm = 'RS256' } = options;
  const signer = createLocalSigner(deps.encryptors, deps.installationId);
  const rotation = createKeyRotation({ engine: deps.engine, signer, algorithm, logger: deps.logger });
  const issued = deps.meter.counter(METRICS.tokensIssued, {});
  return { issuer, algorithm, signer, rotation, issued };
}

/** @throws ControlPlaneError `tokens_not_configured` */
export function requireTokens(deps: { tokens: Tokens | null }): Tokens {
  if (deps.tokens) return deps.tokens;
  throw new ControlPlaneError('tokens_not_configured', 'This control plane was opened without an issuer of tokens.');
}
