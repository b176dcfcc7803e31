import type { Meter, SecretEncryptor } from '@envplane/spec';
import { METRICS } from '../metrics.ts';

/** An encryptor whose calls are timed. */
export function measuredEncryptor(encryptor: SecretEncryptor, meter: Meter): SecretEncryptor {
  const { encryptorId } = encryptor;
  const ending = (outcome: 'ok' | 'failed') =>
    meter.durations(METRICS.encryptor, { 'envplane.encryptor': encryptorId, 'envplane.outcome': outcome });
  const [worked, failed] = [ending('ok'), ending('failed')];

  async function timed<T>(call: () => Promise<T>): Promise<T> {
    const beganMs = performance.now();
    try {
      const result = await call();
      worked.record(performance.now() - beganMs);
      return result;
    } catch (error) {
      failed.record(performance.now() - beganMs);
      throw error;
    }
  }

  const { addPrimaryKek, close } = encryptor;
  return {
    encryptorId,
    generateDek: (context) => timed(() => encryptor.generateDek(context)),
    wrapDek: (plaintext, context) => timed(() => encryptor.wrapDek(plaintext, context)),
    unwrapDek: (wrapped, context) => timed(() => encryptor.unwrapDek(wrapped, context)),
    rewrapDek: (wrapped, context) => timed(() => encryptor.rewrapDek(wrapped, context)),
    primaryKekId: () => timed(() => encryptor.primaryKekId()),
    health: () => timed(() => encryptor.health()),
    ...(addPrimaryKek && { addPrimaryKek: () => timed(() => addPrimaryKek.call(encryptor)) }),
    ...(close && { close: () => close.call(encryptor) }),
  };
}
