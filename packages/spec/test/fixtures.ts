export const ID = '0198f3a2-7b1c-7e6d-9a55-3f2b8c4d1e90';
export const OTHER_ID = '0198f3a2-7b1c-7e6d-9a55-3f2b8c4d1e91';
export const NOW = '2026-01-31T12:00:00.000Z';

export const environment = {
  id: ID,
  organizationId: 'org-1',
  slug: 'prod',
  displayName: 'Production',
  envType: 'production',
  createdBy: 'user-1',
  createdAt: NOW,
  updatedAt: NOW,
};

export const database = {
  id: OTHER_ID,
  environmentId: ID,
  databaseName: 'ep4k2m9xe7q',
  databaseUrl: 'libsql://ep4k2m9xe7q.example.io',
  driver: 'libsql',
  region: 'local',
  storageLimitMb: 1024,
  provisionedAt: NOW,
};

export const credential = {
  id: ID,
  environmentDatabaseId: OTHER_ID,
  secretCiphertext: 'c2VhbGVk',
  encryptionKeyId: 'key-1',
  createdAt: NOW,
};
