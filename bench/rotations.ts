import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { openControlPlane } from '@envplane/service-tenant';
import { Secret } from '@envplane/spec';
import { type Figure, median, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';
import {
  against,
  letIn,
  newPassword,
  type RawLogin,
  rawServer,
  type Sending,
  startDurablePostgres,
} from './postgres-raw.ts';

const ROUNDS = 60;
const WARM_UP = 3;
/** Until the server has cleared away the sessions of what was measured before, ms. */
const REST_MS = 50;
/** Longer than what is left open after a rotation. */
const DRAINED_MS = 16 * 60_000;

async function timedAtRest(run: () => Promise<unknown>): Promise<number> {
  await sleep(REST_MS);
  return timed(run);
}

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
      const database = new URL(databaseUrl).pathname.slice(1);
      const scripts = (['statements', 'messages'] as const).map((sending) =>
        rawRotator(server.adminUrl, database, sending),
      );

      async function rotate(body: Parameters<typeof service.credentials.rotate>[1]): Promise<void> {
        const { operationId } = await service.credentials.rotate(environmentId, body);
        const { status } = await service.operations.wait(operationId ?? '', 30_000);
        if (status !== 'succeeded') throw new Error(`a rotation ${status}`);
      }
      const planned: number[][] = [];
      const urgent: number[][] = [];
      for (let round = 0; round < ROUNDS + WARM_UP; round++) {
        const one: number[] = [];
        for (const script of scripts) one.push(await timedAtRest(script.replace));
        one.push(await timedAtRest(() => rotate({ graceSeconds: 0 })));
        // The old ones are refused and their sessions ended before the next one: it finds its slots empty, as after days. Not both
        // at once: they are logins of one database, and the server refuses to change what somebody else is changing.
        await worker.settle();
        for (const script of scripts) await script.shutOut();
        skippedMs += DRAINED_MS;
        await worker.settle();
        const other: number[] = [];
        for (const script of scripts) {
          other.push(
            await timedAtRest(async () => {
              await script.replace();
              await script.shutOut();
            }),
          );
        }
        other.push(await timedAtRest(() => rotate({ urgency: 'emergency' })));
        await worker.settle();
        if (round < WARM_UP) continue;
        planned.push(one);
        urgent.push(other);
      }
      await Promise.all(scripts.map((script) => script.close()));
      await plane.close();
      const medians = (rounds: readonly number[][]) =>
        [0, 1, 2].map((index) => median(rounds.map((times) => times[index] ?? Number.NaN)));
      return [
        ...against(
          'for one PostgreSQL rotation',
          'rotate the credentials of one PostgreSQL environment',
          medians(planned),
          1.3,
        ),
        ...against('and old logins shut out', 'rotate them in an emergency', medians(urgent)),
      ];
    } finally {
      await server.stop();
    }
  });
}

/**
 * The statements behind one rotation of two logins, as an operator would script them: both new verifiers in one transaction of an
 * administrator who stays logged in, and one login with each, side by side, which proves what it may do and may not. Shutting out the
 * old ones is a transaction that closes them, a statement that ends their sessions, and one login with each, which must be refused.
 */
function rawRotator(adminUrl: string, database: string, sending: Sending) {
  const { transaction, administrator, proveWriter, proveReader, proveRefused } = rawServer(adminUrl, 1, sending);
  const groups = { a: `${database}_o`, b: `${database}_o`, c: `${database}_r`, d: `${database}_r` };
  const roleOf = (slot: string) => `raw_${sending}_${database}_${slot}`;
  const newLogin = (slot: keyof typeof groups): RawLogin => ({
    role: roleOf(slot),
    group: groups[slot],
    password: newPassword(),
  });
  let [writer, reader] = [newLogin('a'), newLogin('c')];
  let old: RawLogin[] = [];
  const made = transaction(Object.keys(groups).map((slot) => `CREATE ROLE ${roleOf(slot)} NOINHERIT`));
  return {
    async replace() {
      await made;
      old = [writer, reader];
      [writer, reader] = writer.role === roleOf('a') ? [newLogin('b'), newLogin('d')] : [newLogin('a'), newLogin('c')];
      const statements = await Promise.all([writer, reader].map((login) => letIn(login, database)));
      await transaction(statements.flat());
      await Promise.all([proveWriter(writer, database), proveReader(reader, database)]);
    },
    async shutOut() {
      await transaction(
        old.flatMap(({ role }) => [
          `ALTER ROLE ${role} NOLOGIN PASSWORD NULL`,
          `REVOKE CONNECT ON DATABASE ${database} FROM ${role}`,
        ]),
      );
      const roles = old.map(({ role }) => `'${role}'`).join(', ');
      await administrator.unsafe(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename IN (${roles})`,
      );
      await Promise.all(old.map((login) => proveRefused(login, database)));
    },
    close: () => administrator.end(),
  };
}
