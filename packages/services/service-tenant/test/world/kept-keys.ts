import type { SecretEncryptor } from '@envplane/spec';
import { createEncryptorSet } from '../../src/secrets/encryptor-set.ts';
import { findInstallation } from '../../src/store/installation.ts';
import { KEY_HOLDERS, type KeptKey, keysElsewhere } from '../../src/store/wrapped-keys.ts';
import type { World } from './world.ts';

const NO_KEK = { encryptorId: '', kekId: '' };

/** Every wrapped data key of a store. */
export async function keptKeys(world: World): Promise<KeptKey[]> {
  const stores = await world.inspect();
  const pages = KEY_HOLDERS.map((holder) => keysElsewhere(stores, holder, NO_KEK, '', 10_000));
  return (await Promise.all(pages)).flat();
}

/** How many keys each encryptor wraps, and whose they are: `local environment 16`. */
export async function tally(world: World): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { holder, wrapped } of await keptKeys(world)) {
    const name = `${wrapped.encryptorId} ${holder}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).sort();
}

const PURPOSES = {
  installation: 'installation',
  placement: 'placement',
  'signing-key': 'signing-key',
  environment: 'env-dek',
} as const;

/** Opens every data key with the encryptor that its row names. @throws when one does not open */
export async function openAll(world: World, ...configured: [SecretEncryptor, ...SecretEncryptor[]]): Promise<string[]> {
  const { main } = await world.inspect();
  const { installation_id: installationId = '' } = (await findInstallation(main)) ?? {};
  const encryptors = createEncryptorSet(configured[0], configured.slice(1));
  return Promise.all(
    (await keptKeys(world)).map(async ({ holder, subjectId, wrapped }) => {
      const context = { installationId, subjectId, purpose: PURPOSES[holder] };
      return `${holder} ${subjectId} ${Buffer.from(await encryptors.unwrap(wrapped, context)).toString('hex')}`;
    }),
  );
}
