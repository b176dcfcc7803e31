import { existsSync } from 'node:fs';
import { awsKmsEncryptor } from '@envplane/adapters/aws-kms';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import type { ControlPlaneOptions } from '@envplane/service-tenant';
import { type Config, localKeyFile } from './config.ts';

/**
 * The one place where key encryptors are chosen. The configured one wraps what is new. The other is there while it is configured
 * or still wraps something, so that keys can move from one to the other while the service runs.
 */
export function chooseEncryptors(config: Config): Pick<ControlPlaneOptions, 'encryptor' | 'otherEncryptors'> {
  const { kms } = config;
  const keyFile = localKeyFile(config);
  if (config.encryptor === 'aws-kms' && kms) {
    return {
      encryptor: () => awsKmsEncryptor(kms),
      otherEncryptors: async ({ inUse }) =>
        inUse.has('local') || existsSync(keyFile) ? [await localKeyEncryptor({ keyFile, createIfMissing: false })] : [],
    };
  }
  return {
    encryptor: ({ inUse }) => localKeyEncryptor({ keyFile, createIfMissing: !inUse.has('local') }),
    otherEncryptors: async () => (kms ? [await awsKmsEncryptor(kms)] : []),
  };
}
