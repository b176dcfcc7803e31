import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { openControlPlane } from '@envplane/service-tenant';
import { Secret } from '@envplane/spec';
import { type Figure, median, ms, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';
import { letIn, newPassword, type RawLogin, rawServer, startDurablePostgres } from './postgres-raw.ts';

const ROUNDS = 30;
const WARM_UP = 3;
/** Longer than what is left open after a rotation. */
const DRAINED_MS = 16 * 60_000;

/**
 * Replacing the credentials of one PostgreSQL environment against the statements behind it: until the new ones are in use, and in an
 * emergency until the old ones are refused and whoever was in with them is out.
 */
export function rotations(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const server = await startDurablePostgres();
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

      async function rotate(body: Parameters<typeof service.credentials.rotate>[1]): Promise<void> {
        const { operationId } = await service.credentials.rotate(environmentId, body);
        const { status } = await service.operations.wait(operationId ?? '', 30_000);
        if (status !== 'succeeded') throw new Error(`a rotation ${status}`);
      }
      const planned: Times = [];
      const urgent: Times = [];
      for (let round = 0; round < ROUNDS + WARM_UP; round++) {
        const one = { raw: await timed(raw.replace), service: await timed(() => rotate({ graceSeconds: 0 })) };
        // The old ones are refused and their sessions ended before the next one: it finds its slots empty, as after days. Not both
        // at once: they are logins of one database, and the server refuses to change what somebody else is changing.
        await worker.settle();
        await raw.shutOut();
        skippedMs += DRAINED_MS;
        await worker.settle();
        const other = {
          raw: await timed(async () => {
            await raw.replace();
            await raw.shutOut();
          }),
          service: await timed(() => rotate({ urgency: 'emergency' })),
        };
        await worker.settle();
        if (round < WARM_UP) continue;
        planned.push(one);
        urgent.push(other);
      }
      await raw.close();
      await plane.close();
      return [
        ...against(
          'raw statements for one PostgreSQL rotation',
          'rotate the credentials of one PostgreSQL environment',
          planned,
        ),
        ...against('raw statements, old logins shut out', 'rotate them in an emergency', urgent),
      ];
    } finally {
      await server.stop();
    }
  });
}

type Times = { raw: number; service: number }[];

function against(raw: string, rotation: string, times: Times): Figure[] {
  const [a, b] = [median(times.map((each) => each.raw)), median(times.map((each) => each.service))];
  return [
    { name: raw, value: ms(a) },
    { name: rotation, value: ms(b), ratio: b / a, bound: '<=1.3' },
  ];
}

/**
 * The statements behind one rotation of two logins, as an operator would script them: both new verifiers in one message of an
 * administrator who stays logged in, and one login with each, side by side, which proves what it may do and may not. Shutting out the
 * old ones is one message that closes them, one that ends their sessions, and one login with each, which must be refused.
 */
function rawRotator(adminUrl: string, database: string) {
  const { administrator, proveWriter, proveReader, proveRefused } = rawServer(adminUrl, 1);
  const groups = { a: `${database}_o`, b: `${database}_o`, c: `${database}_r`, d: `${database}_r` };
  const newLogin = (slot: keyof typeof groups): RawLogin => ({
    role: roleOf(slot),
    group: groups[slot],
    password: newPassword(),
  });
  const roleOf = (slot: string) => `raw_${database}_${slot}`;
  let [writer, reader] = [newLogin('a'), newLogin('c')];
  let old: RawLogin[] = [];
  const made = administrator.unsafe(
    Object.keys(groups)
      .map((slot) => `CREATE ROLE ${roleOf(slot)} NOINHERIT`)
      .join(';'),
  );
  return {
    async replace() {
      await made;
      old = [writer, reader];
      [writer, reader] = writer.role === roleOf('a') ? [newLogin('b'), newLogin('d')] : [newLogin('a'), newLogin('c')];
      const statements = await Promise.all([writer, reader].map((login) => letIn(login, database)));
      await administrator.unsafe(statements.join(';'));
      await Promise.all([proveWriter(writer, database), proveReader(reader, database)]);
    },
    async shutOut() {
      const closing = old.map(
        ({ role }) => `ALTER ROLE ${role} NOLOGIN PASSWORD NULL; REVOKE CONNECT ON DATABASE ${database} FROM ${role}`,
      );
      const roles = old.map(({ role }) => `'${role}'`).join(', ');
      await administrator.unsafe(closing.join(';'));
      await administrator.unsafe(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename IN (${roles})`,
      );
      await Promise.all(old.map((login) => proveRefused(login, database)));
    },
    close: () => administrator.end(),
  };
}
