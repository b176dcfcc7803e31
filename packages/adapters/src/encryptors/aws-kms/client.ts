import type { KMS } from '@aws-sdk/client-kms';
import { ControlPlaneError } from '@envplane/spec';
import { kmsError } from './errors.ts';
import { regionOf } from './kek-id.ts';

/** For one attempt. A call has three, and all of them together `DEADLINE_MS`: somebody waits for the answer. */
const CONNECT_MS = 2_000;
const ATTEMPT_MS = 3_000;
const ATTEMPTS = 3;
const DEADLINE_MS = 8_000;

/** AWS KMS, asked one thing at a time. */
export interface Kms {
  /**
   * @param right the permission that the call takes
   * @throws ControlPlaneError `encryptor_unavailable`, whatever went wrong
   */
  ask<Answer>(
    right: string,
    call: (client: KMS, options: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer>;
  close(): void;
}

/** Loads the SDK, which takes longer than the rest of a start: whoever wraps keys otherwise never waits for it. Calls nobody. */
export async function openKms({ keyId, endpoint }: { keyId: string; endpoint?: string | undefined }): Promise<Kms> {
  const { KMS: Client } = await load();
  const region = regionOf(keyId);
  const client = new Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: ATTEMPTS,
    // HAZARD: without `throwOnRequestTimeout` the time is only warned about.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ATTEMPT_MS, throwOnRequestTimeout: true },
  });
  return {
    ask: async (right, call) => {
      const deadline = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      // Looking for credentials does not mind the signal.
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          deadline.abort();
          reject(new Error('no answer in time'));
        }, DEADLINE_MS);
      });
      try {
        return await Promise.race([call(client, { abortSignal: deadline.signal }), late]);
      } catch (error) {
        throw kmsError(error, right);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => client.destroy(),
  };
}

async function load() {
  try {
    return await import('@aws-sdk/client-kms');
  } catch {
    throw new ControlPlaneError(
      'encryptor_unavailable',
      'The package @aws-sdk/client-kms is not installed; install it beside this one.',
    );
  }
}
