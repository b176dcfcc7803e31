// A process that migrates from version 4 until it is killed or done.

import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { openMigration } from '../../src/migration/open-migration.ts';
import { openLegacyDatabase } from '../../src/store/legacy-database.ts';
import { decryptV4 } from './legacy.ts';
import { UNREACHABLE } from './migration-scene.ts';

const [store = '', directory = '', from = '', batchSize = '8'] = process.argv.slice(2);

const legacy = openLegacyDatabase(from, { writable: false });
const migration = await openMigration({
  store,
  adapters: [sqliteAdapter({ rootDirectory: `${directory}/data` }), libsqlAdapter()],
  ...UNREACHABLE,
  encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: `${directory}/key.json`, createIfMissing: firstStart }),
  legacy,
  decryptLegacy: decryptV4,
  systemUserId: 'system',
});
await migration.apply({ batchSize: Number(batchSize) });
await migration.close();
await legacy.close();
