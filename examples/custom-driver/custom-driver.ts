import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { openControlPlane } from '@envplane/service-tenant';
import { fileboxAdapter } from './driver/index.ts';

const directory = process.argv[2] ?? './custom-driver-data';

const plane = await openControlPlane({
  store: `file:${directory}/control-plane.db`,
  adapters: [fileboxAdapter({ rootDirectory: `${directory}/environments` })],
  encryptor: ({ firstStart }) =>
    localKeyEncryptor({ keyFile: `${directory}/local-key.json`, createIfMissing: firstStart }),
});

const { defaultEnvironment } = await plane.service.provisionOrganization({
  organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
  driver: 'filebox',
  createdBy: 'ada',
});
const { id } = defaultEnvironment.environment;

const production = await plane.service.connect(id);
await production.exec('CREATE TABLE todo (title TEXT NOT NULL)');
await production.exec('INSERT INTO todo VALUES (?)', ['Ship it']);
console.log('production:', await production.query('SELECT title FROM todo'));

// The login of this one file. It was sealed and committed before the file learned of it.
const { driver, secret } = await plane.service.environments.describeConnection(id, {});
console.log('connection:', { driver, secret });

await plane.close();
