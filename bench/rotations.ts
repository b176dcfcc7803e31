import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { openControlPlane } from '@envplane/service-tenant';
import { Secret } from '@envplane/spec';
import { startPostgres } from '@envplane/testkit';
import postgres from 'postgres';
import { type Figure, median, ms, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';

const ROUNDS = 30;
const WARM_UP = 3;
/** Longer than what is left open after a rotation. */
const DRAINED_MS = 16 * 60_000;

/** Rotating the credentials of one PostgreSQL environment until the new ones are in use, against the statements behind it. */
export function rotations(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const server = await startPostgres();
    try {
      const url = new URL(server.adminUrl);
      const administrator = new Secret(url.password);
      url.password = '';
      let skippedMs = 0;
      const plane = await openControlPlane({
        store: `file:${join(directory, 'control-plane.db')}`,
        adapters: [postgresAdapter()],
        placements: [
          { name: 'postgres', driver: 'postgres', settings: { url: url.href }, administratorVariable: 'ADMINISTRATOR' },
        ],
        administratorVariable: () => administrator,
        defaultDriver: 'postgres',
        encryptor: ({ firstStart }) =>
          localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: firstStart }),
        nowMs: () => Date.now() + skippedMs,
      });
      const { service, worker } = plane;
      const { environmentId } = await provisioner(plane).organization();
      const { url: databaseUrl } = await service.environments.describeConnection(environmentId);
      const raw = rawRotator(server.adminUrl, new URL(databaseUrl).pathname.slice(1));

      const times: { raw: number; service: number }[] = [];
      for (let round = 0; round < ROUNDS + WARM_UP; round++) {
        const rawMs = await timed(raw.rotate);
        const serviceMs = await timed(async () => {
          const { operationId } = await service.credentials.rotate(environmentId, { graceSeconds: 0 });
          const { status } = await service.operations.wait(operationId ?? '', 30_000);
          if (status !== 'succeeded') throw new Error(`a rotation ${status}`);
        });
        if (round >= WARM_UP) times.push({ raw: rawMs, service: serviceMs });
        // The old ones are refused and their sessions ended before the next one: it finds its slots empty, as after days.
        await worker.settle();
        skippedMs += DRAINED_MS;
        await worker.settle();
      }
      await raw.close();
      await plane.close();
      const [a, b] = [median(times.map((each) => each.raw)), median(times.map((each) => each.service))];
      return [
        { name: 'raw statements for one PostgreSQL rotation', value: ms(a) },
        { name: 'rotate the credentials of one PostgreSQL environment', value: ms(b), ratio: b / a, bound: '<=1.3' },
      ];
    } finally {
      await server.stop();
    }
  });
}

/**
 * The statements behind one rotation of two logins, as an operator would script them: both new passwords in one message of an
 * administrator who stays logged in, and one login with each, together, which proves that it works.
 */
function rawRotator(adminUrl: string, database: string) {
  const administrator = postgres(adminUrl, { max: 1, prepare: false, fetch_types: false, onnotice: () => {} });
  const groups = { a: `${database}_o`, b: `${database}_o`, c: `${database}_r`, d: `${database}_r` };
  let slots: [keyof typeof groups, keyof typeof groups] = ['a', 'c'];
  const roleOf = (slot: string) => `raw_${database}_${slot}`;
  const made = administrator.unsafe(
    Object.keys(groups)
      .map((slot) => `CREATE ROLE ${roleOf(slot)} NOINHERIT`)
      .join(';'),
  );
  /** Whatever state the login was left in. */
  const letIn = (slot: keyof typeof groups, password: string) => {
    const settings = [`role = '${groups[slot]}'`, 'search_path = app', "statement_timeout = '60s'"]
      .concat("idle_in_transaction_session_timeout = '60s'")
      .map((setting) => `ALTER ROLE ${roleOf(slot)} IN DATABASE ${database} SET ${setting};`);
    return `GRANT ${groups[slot]} TO ${roleOf(slot)}; GRANT CONNECT ON DATABASE ${database} TO ${roleOf(slot)};
      ${settings.join('')} ALTER ROLE ${roleOf(slot)} LOGIN PASSWORD '${password}'`;
  };
  async function enter(user: string, password: string, statements: string) {
    const { hostname, port } = new URL(adminUrl);
    const sql = postgres({
      ...{ host: hostname, port: Number(port), user, password, database },
      ...{ max: 1, prepare: false, fetch_types: false, onnotice: () => {} },
    });
    await sql.unsafe(statements);
    await sql.end();
  }
  return {
    async rotate() {
      await made;
      const [writer, reader] = slots;
      slots = writer === 'a' ? ['b', 'd'] : ['a', 'c'];
      const passwords = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')] as const;
      await administrator.unsafe(`${letIn(writer, passwords[0])}; ${letIn(reader, passwords[1])}`);
      const written = `BEGIN; CREATE TABLE app.t (v text); INSERT INTO app.t VALUES ('x'); SELECT v FROM app.t; ROLLBACK`;
      await Promise.all([
        enter(roleOf(writer), passwords[0], written),
        enter(roleOf(reader), passwords[1], 'SELECT 1'),
      ]);
    },
    close: () => administrator.end(),
  };
}
