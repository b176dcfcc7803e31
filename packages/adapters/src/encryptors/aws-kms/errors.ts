import { ControlPlaneError } from '@envplane/spec';

/** Milliseconds after which a repetition makes sense: what passes by itself, what a network does, what a person has to change. */
const SOON_MS = 2_000;
const LATER_MS = 5_000;
const REPAIRED_MS = 60_000;

type Refusal = readonly [message: string, retryAfterMs: number];

const DISABLED: Refusal = ['The KMS key is disabled; enable it in AWS KMS.', REPAIRED_MS];
const PENDING_DELETION: Refusal = ['The KMS key is pending deletion; cancel its deletion in AWS KMS.', REPAIRED_MS];
const BAD_STATE: Refusal = [
  'The KMS key is in a state in which it cannot be used; look at it in AWS KMS.',
  REPAIRED_MS,
];
const UNKNOWN_KEY: Refusal = ['AWS KMS has no such key; check the key id and the region (AWS_REGION).', REPAIRED_MS];
const UNFIT_KEY: Refusal = ['The KMS key cannot wrap data keys; it must be a symmetric encryption key.', REPAIRED_MS];
const BAD_CREDENTIALS: Refusal = [
  'AWS does not accept the credentials of the service; check that they are current and that its clock is right.',
  REPAIRED_MS,
];
const NO_CREDENTIALS: Refusal = [
  'The service has no AWS credentials; give it a role, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  REPAIRED_MS,
];
const NO_REGION: Refusal = [
  'The AWS region is not known; set AWS_REGION, or name the KMS key by its ARN.',
  REPAIRED_MS,
];
const THROTTLED: Refusal = ['AWS KMS throttles the service; try again.', SOON_MS];
const BUSY: Refusal = ['AWS KMS cannot do this at the moment; try again.', SOON_MS];
const UNREACHABLE: Refusal = [
  'AWS KMS cannot be reached; check the network, the region (AWS_REGION) and the endpoint.',
  LATER_MS,
];
const UNUSABLE_ANSWER: Refusal = ['What answers is not AWS KMS as it is documented; check the endpoint.', REPAIRED_MS];
const UNAUTHENTIC = 'The wrapped data key does not authenticate: it was changed, or belongs to something else.';

/** By the names of the SDK's errors. Their texts hold ARNs and addresses, and go nowhere. */
const REFUSALS: Record<string, Refusal> = {
  DisabledException: DISABLED,
  KMSInvalidStateException: BAD_STATE,
  NotFoundException: UNKNOWN_KEY,
  InvalidArnException: UNKNOWN_KEY,
  InvalidKeyUsageException: UNFIT_KEY,
  ValidationException: UNFIT_KEY,
  UnsupportedOperationException: UNFIT_KEY,
  UnrecognizedClientException: BAD_CREDENTIALS,
  InvalidClientTokenId: BAD_CREDENTIALS,
  InvalidSignatureException: BAD_CREDENTIALS,
  SignatureDoesNotMatch: BAD_CREDENTIALS,
  IncompleteSignatureException: BAD_CREDENTIALS,
  MissingAuthenticationTokenException: BAD_CREDENTIALS,
  ExpiredTokenException: BAD_CREDENTIALS,
  CredentialsProviderError: NO_CREDENTIALS,
  TokenProviderError: NO_CREDENTIALS,
  ThrottlingException: THROTTLED,
  TooManyRequestsException: THROTTLED,
  LimitExceededException: THROTTLED,
  KMSInternalException: BUSY,
  KeyUnavailableException: BUSY,
  DependencyTimeoutException: BUSY,
};

/** The states of a key, other than `Enabled`, with a sentence of their own. */
const STATES: Record<string, Refusal> = {
  Disabled: DISABLED,
  PendingDeletion: PENDING_DELETION,
  PendingReplicaDeletion: PENDING_DELETION,
};

const refusal = ([message, retryAfterMs]: Refusal): ControlPlaneError =>
  new ControlPlaneError('encryptor_unavailable', message, { retryAfterMs });

/** Of a wrapped key and not of KMS: asking again changes nothing. */
export const unauthentic = (): ControlPlaneError => new ControlPlaneError('encryptor_unavailable', UNAUTHENTIC);

/** Why a key that is not enabled cannot be used. */
export const inState = (state: string | undefined): ControlPlaneError => refusal(STATES[state ?? ''] ?? BAD_STATE);

export const unfitKey = (): ControlPlaneError => refusal(UNFIT_KEY);

export const unusableAnswer = (): ControlPlaneError => refusal(UNUSABLE_ANSWER);

/**
 * What a failed call means, without the provider's words.
 * @param right the permission that the call takes
 */
export function kmsError(error: unknown, right: string): ControlPlaneError {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  if (name === 'InvalidCiphertextException' || name === 'IncorrectKeyException') return unauthentic();
  if (name === 'AccessDeniedException') {
    const detail = `The AWS credentials of the service lack ${right} on the KMS key; grant it in IAM and in the key's policy.`;
    return refusal([detail, REPAIRED_MS]);
  }
  if (name === 'KMSInvalidStateException' && /pending deletion/i.test(message)) return refusal(PENDING_DELETION);
  if (message === 'Region is missing') return refusal(NO_REGION);
  return refusal(REFUSALS[name] ?? UNREACHABLE);
}
