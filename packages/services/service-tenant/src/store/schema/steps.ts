import { initial as initialControlPlane } from './0001-initial.ts';
import { initial as initialKeyStore } from './0001-key-store.ts';
import { placements } from './0002-placements.ts';
import { access } from './0003-access.ts';
import { tokens } from './0004-tokens.ts';
import { narrowedKeys } from './0005-narrowed-keys.ts';
import { encryptionKeys } from './0006-encryption-keys.ts';
import { auditAndEvents } from './0007-audit-and-events.ts';
import { rotation } from './0008-rotation.ts';
import { migration } from './0009-migration.ts';
import { sessionEnvironments } from './0010-session-environments.ts';
import { rotationPolicy } from './0011-rotation-policy.ts';
import { sweeping } from './0012-sweeping.ts';
import { administratorRotation } from './0013-administrator-rotation.ts';
import { administratorVersion } from './0014-administrator-version.ts';
import { blastRadius } from './0015-blast-radius.ts';
import type { SchemaStep } from './apply-steps.ts';

/** The schema of the control-plane store, step by step. A released step is never edited. */
export const controlPlaneSteps: readonly SchemaStep[] = [
  initialControlPlane,
  placements,
  access,
  tokens,
  narrowedKeys,
  encryptionKeys,
  auditAndEvents,
  rotation,
  migration,
  sessionEnvironments,
  rotationPolicy,
  sweeping,
  administratorRotation,
  administratorVersion,
  blastRadius,
];

/** The schema of the key store. */
export const keyStoreSteps: readonly SchemaStep[] = [initialKeyStore];
