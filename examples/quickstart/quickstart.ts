import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { openControlPlane } from '@envplane/service-tenant';

const directory = process.argv[2] ?? './quickstart-data';

const plane = await openControlPlane({
  store: `file:${directory}/control-plane.db`,
  adapters: [sqliteAdapter({ rootDirectory: `${directory}/environments` })],
  encryptor: ({ firstStart }) =>
    localKeyEncryptor({ keyFile: `${directory}/local-key.json`, createIfMissing: firstStart }),
});

const { defaultEnvironment } = await plane.service.provisionOrganization({
  organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
  createdBy: 'ada',
});
const { organizationId, id } = defaultEnvironment.environment;
const sandbox = await plane.service.provisionEnvironment({
  organizationId,
  slug: 'sandbox',
  envType: 'sandbox',
  createdBy: 'ada',
});

const production = await plane.service.connect(id);
await production.exec('CREATE TABLE todo (title TEXT NOT NULL)');
await production.exec('INSERT INTO todo VALUES (?)', ['Ship it']);
console.log('production:', await production.query('SELECT title FROM todo'));

// Another database altogether: the table is not there.
const other = await plane.service.connect(sandbox.environment.id);
console.log('sandbox:   ', await other.query("SELECT name FROM sqlite_schema WHERE name = 'todo'"));

await plane.close();
