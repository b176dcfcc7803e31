// A process that owns a server and never stops it: the tests kill it.
import { startPostgres } from '../src/servers/postgres.ts';

const { adminUrl } = await startPostgres();
process.stdout.write(adminUrl);
process.stdin.resume();
