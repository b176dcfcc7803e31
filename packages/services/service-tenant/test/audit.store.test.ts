import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type VerifyOptions, verifyChain } from '../src/audit/verify-chain.ts';
import type { AuditEventRow } from '../src/objects/index.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { type AuditEntry, appendAudit, entryHash, GENESIS_HASH } from '../src/store/audit.ts';
import { openStores } from '../src/store/open-stores.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES, type StoreKind } from './world/stores.ts';
import { finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

const entry = (action: string, organization_id: string | null = 'org'): AuditEntry => ({
  organization_id,
  environment_id: null,
  actor_kind: 'user',
  actor_id: 'someone',
  acting_for: null,
  action,
  target_kind: 'organization',
  target_id: organization_id ?? 'platform',
  outcome: 'allow',
  reason: null,
  request_id: null,
  client_address: null,
  detail: { action, list: [1, 'ü', null] },
});

describe.each(STORES)('the audit chain on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
  });
  afterEach(() => world.close());

  const append = async (action: string, organizationId: string | null = 'org') => {
    const { main } = await world.inspect();
    await transact(main, (tx) => appendAudit(tx, entry(action, organizationId)));
  };
  const verify = (organizationId = 'org', options?: VerifyOptions) =>
    controlPlane.service.auditEvents.verify(organizationId, options);
  const execute = async (statement: string) => {
    const { main } = await world.inspect();
    await main.write(async (_query, _nowMs, run) => run(statement, []));
  };

  it('sec S33 has no gap and no fork, however many append at once and from however many processes', async () => {
    const replicas = await Promise.all([1, 2, 3].map(() => openStores(world.store.url, () => world.clock.nowMs)));
    const appends = replicas.flatMap(({ main }, replica) =>
      Array.from({ length: 25 }, (_, index) =>
        transact(main, (tx) => appendAudit(tx, entry(`${replica}.${index}`, index % 2 === 0 ? 'org' : 'other'))),
      ),
    );
    await Promise.all(appends);
    await Promise.all(replicas.map((stores) => stores.close()));
    expect(await verify('org')).toMatchObject({ ok: true, checked: 39, head: 39 });
    expect(await verify('other')).toMatchObject({ ok: true, checked: 36, head: 36 });
    const { main } = await world.inspect();
    const { rows } = await main.select<{ seq: number }>(
      "select seq from sys_audit_event where chain = 'org' order by seq",
      [],
    );
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 39 }, (_, index) => index + 1));
  });

  it('an append that is rolled back leaves neither entry nor gap', async () => {
    const { main } = await world.inspect();
    await append('kept');
    await expect(
      transact(main, async (tx) => {
        await appendAudit(tx, entry('lost'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await append('next');
    expect(await verify()).toMatchObject({ ok: true, checked: 2, head: 2 });
  });

  it('rel G15 whatever is done to a row behind its back is found, with the first sequence number it touches', async () => {
    for (let index = 1; index <= 5; index += 1) await append(`action ${index}`);
    const columns = Object.keys((await rowsOf('org'))[0] ?? {}).filter(
      (column) => column !== 'chain' && column !== 'seq',
    );
    for (let seq = 1; seq <= 5; seq += 1) {
      for (const column of columns) {
        await restoring(async () => {
          await execute(
            `update sys_audit_event set ${column} = ${otherValue(store, column)} where chain = 'org' and seq = ${seq}`,
          );
          expect(await verify(), `${column} of ${seq}`).toMatchObject({ ok: false, firstBadSeq: seq });
        });
      }
      await restoring(async () => {
        await execute(`delete from sys_audit_event where chain = 'org' and seq = ${seq}`);
        expect(await verify(), `without ${seq}`).toMatchObject({ ok: false, firstBadSeq: seq });
      });
      await restoring(async () => {
        await execute(`delete from sys_audit_event where chain = 'org' and seq = ${seq}`);
        await execute(`update sys_audit_event set seq = seq - 1 where chain = 'org' and seq = ${seq + 1}`);
        expect(await verify(), `closed up after ${seq}`).toMatchObject({ ok: false, firstBadSeq: seq });
      });
      if (seq < 5) {
        await restoring(async () => {
          await execute(`update sys_audit_event set seq = 99 where chain = 'org' and seq = ${seq}`);
          await execute(`update sys_audit_event set seq = ${seq} where chain = 'org' and seq = ${seq + 1}`);
          await execute(`update sys_audit_event set seq = ${seq + 1} where chain = 'org' and seq = 99`);
          expect(await verify(), `${seq} and the next swapped`).toMatchObject({ ok: false, firstBadSeq: seq });
        });
      }
    }
    // One behind the newest, with the head put forward or not; far behind it; and before the first.
    for (const seq of [6, 60, 0, -3]) {
      for (const isTold of [true, false]) {
        await restoring(async () => {
          const [last] = (await rowsOf('org')).slice(-1);
          await insertRow({ ...last, seq } as AuditEventRow);
          if (isTold) await execute(`update sys_audit_head set seq = ${Math.max(seq, 5)} where chain = 'org'`);
          const firstBadSeq = seq === 60 && isTold ? 6 : seq;
          expect(await verify(), `inserted as ${seq}`).toMatchObject({ ok: false, firstBadSeq });
        });
      }
    }
    await restoring(async () => {
      // One that continues the chain as it should, and of which the head knows nothing.
      const [last] = (await rowsOf('org')).slice(-1);
      const { hash, ...forged } = { ...last, seq: 6, prev_hash: last?.hash, action: 'forged' } as AuditEventRow;
      await insertRow({ ...forged, hash: entryHash(forged) });
      expect(hash).toBe(last?.hash);
      expect(await verify()).toMatchObject({ ok: false, firstBadSeq: 6 });
    });
    await restoring(async () => {
      await execute("delete from sys_audit_event where chain = 'org' and seq = 5");
      await execute("update sys_audit_head set seq = 4 where chain = 'org'");
      expect(await verify(), 'cut off with its head').toMatchObject({ ok: false, firstBadSeq: 5 });
    });
    expect(await verify()).toMatchObject({ ok: true, checked: 5, head: 5 });
  });

  it('one chain does not vouch for another: an entry of a second organization is found in the first', async () => {
    await append('mine', 'org');
    await append('theirs', 'other');
    const [theirs] = await rowsOf('other');
    await execute("delete from sys_audit_event where chain = 'org'");
    await insertRow({ ...theirs, chain: 'org' } as AuditEventRow);
    expect(await verify('org')).toMatchObject({ ok: false, firstBadSeq: 1 });
    expect(await verify('other')).toMatchObject({ ok: true });
  });

  it('verifying can begin in the middle', async () => {
    for (let index = 1; index <= 5; index += 1) await append(`action ${index}`);
    await execute("update sys_audit_event set action = 'changed' where chain = 'org' and seq = 2");
    expect(await verify('org', { fromSeq: 3 })).toMatchObject({ ok: true, checked: 3, head: 5 });
    expect(await verify('org', { fromSeq: 2 })).toMatchObject({ ok: false, firstBadSeq: 2 });
    expect(await verify('org', { fromSeq: 6 })).toMatchObject({ ok: true, checked: 0, head: 5 });
    // Where there are fewer than somebody has seen, the end is missing.
    expect(await verify('org', { fromSeq: 9 })).toMatchObject({ ok: false, firstBadSeq: 6 });
  });

  it('rel G15 a checkpoint that was kept shows a chain that was cut off or rewritten whole, its head included', async () => {
    for (let index = 1; index <= 5; index += 1) await append(`action ${index}`);
    const { head: seq, headHash: hash } = await verify();
    const checkpoint = { seq, hash };
    expect(await verify('org', { checkpoint })).toMatchObject({ ok: true, checked: 5 });
    await append('action 6');
    expect(await verify('org', { checkpoint })).toMatchObject({ ok: true, checked: 6 });
    expect(await verify('org', { checkpoint, fromSeq: 6 })).toMatchObject({ ok: true, checked: 1 });
    await expect(verify('org', { checkpoint, fromSeq: 7 })).rejects.toMatchObject({ code: 'validation_failed' });
    const last = (await rowsOf('org')).at(-1);
    const rewrite = async (rows: AuditEventRow[]) => {
      await execute("delete from sys_audit_event where chain = 'org'");
      let previous = GENESIS_HASH;
      for (const { hash: _old, ...row } of rows) {
        const forged = { ...row, prev_hash: previous };
        previous = entryHash(forged);
        await insertRow({ ...forged, hash: previous });
      }
      await execute(`update sys_audit_head set seq = ${rows.length}, hash = '${previous}' where chain = 'org'`);
    };
    await restoring(async () => {
      await rewrite((await rowsOf('org')).slice(0, 3));
      expect(await verify()).toMatchObject({ ok: true, head: 3 });
      expect(await verify('org', { checkpoint })).toMatchObject({ ok: false, firstBadSeq: 4 });
      expect(await verify('org', { checkpoint, fromSeq: 6 })).toMatchObject({ ok: false, firstBadSeq: 4 });
    });
    await restoring(async () => {
      await rewrite((await rowsOf('org')).map((row) => (row.seq === 2 ? { ...row, actor_id: 'another' } : row)));
      expect(await verify()).toMatchObject({ ok: true, head: 6 });
      expect(await verify('org', { checkpoint })).toMatchObject({ ok: false, firstBadSeq: 5 });
      expect(await verify('org', { checkpoint, fromSeq: 6 })).toMatchObject({ ok: false, firstBadSeq: 6 });
      const newest = { seq: 6, hash: last?.hash ?? '' };
      expect(await verify('org', { checkpoint: newest, fromSeq: 7 })).toMatchObject({ ok: false, firstBadSeq: 6 });
    });
  });

  it('rel G15 a chain that was removed whole is missed where there is or was an organization', async () => {
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;
    await settle(world, controlPlane);
    for (const table of ['sys_audit_event', 'sys_audit_head']) await execute(`delete from ${table} where chain <> 'x'`);
    const missed = { ok: false, checked: 0, head: 0, firstBadSeq: 1 };
    expect(await verify(organizationId)).toMatchObject(missed);
    expect(await verify('never-made')).toMatchObject({ ok: true, head: 0 });
    await finish(service, service.organizations.purge(organizationId, { confirm: 'acme' }));
    for (const table of ['sys_audit_event', 'sys_audit_head']) await execute(`delete from ${table} where chain <> 'x'`);
    expect(await verify(organizationId)).toMatchObject(missed);
  });

  it('verifies while others append, without finding anything', async () => {
    for (let index = 1; index <= 3; index += 1) await append(`action ${index}`);
    const appending = Array.from({ length: 30 }, (_, index) => append(`later ${index}`));
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => verify()));
    await Promise.all(appending);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ ok: true });
    expect(await verify()).toMatchObject({ ok: true, checked: 33, head: 33 });
  });

  const rowsOf = async (chain: string): Promise<AuditEventRow[]> => {
    const { main } = await world.inspect();
    return (await main.select<AuditEventRow>(`select * from sys_audit_event where chain = '${chain}' order by seq`, []))
      .rows;
  };

  async function insertRow(row: AuditEventRow): Promise<void> {
    const { main } = await world.inspect();
    await transact(main, (tx) => tx.insert('sys_audit_event', row));
  }

  /** Runs `body` and puts the chain back as it was. */
  async function restoring(body: () => Promise<void>): Promise<void> {
    const { main } = await world.inspect();
    const rows = await rowsOf('org');
    const head = await transact(main, (tx) => tx.find('sys_audit_head', { chain: 'org' }));
    await body();
    await execute("delete from sys_audit_event where chain = 'org'");
    for (const row of rows) await insertRow(row);
    if (head) await transact(main, (tx) => tx.update('sys_audit_head', head, { chain: 'org' }));
  }
});

/** A literal that differs from what `entry` writes. */
function otherValue(store: StoreKind, column: string): string {
  if (column === 'detail') return `'{"action":"other"}'`;
  if (column === 'occurred_at') return store === 'postgres' ? "'2001-01-01T00:00:00Z'" : '1';
  return "'other'";
}

describe('a long chain', () => {
  const LENGTH = 10_000;
  const chain = buildChain(LENGTH);
  const head = { seq: LENGTH, hash: chain.at(-1)?.hash ?? '' };

  const stored = (rows: readonly AuditEventRow[]) => ({
    head: async () => head,
    pages: async function* () {
      for (let from = 0; from < rows.length; from += 500) yield rows.slice(from, from + 500);
    },
  });

  it('rel G15 of 10,000 entries is verified whole', async () => {
    expect(await verifyChain(stored(chain))).toEqual({
      ok: true,
      checked: LENGTH,
      head: LENGTH,
      headHash: head.hash,
    });
  });

  it('rel G15 an edit, a deletion, an insertion or a swap at any place is found at that place', async () => {
    const seed = Date.now() % 1000;
    for (let round = 0; round < 10; round += 1) {
      const at = (seed + round * 997) % (LENGTH - 1);
      const before = chain.slice(0, at);
      const [mine, next, ...rest] = chain.slice(at);
      if (!mine || !next) throw new Error('the place is inside the chain');
      const changed: Record<string, AuditEventRow[]> = {
        edited: [...before, { ...mine, action: 'another' }, next, ...rest],
        deleted: [...before, next, ...rest],
        inserted: [...before, { ...mine, action: 'another' }, mine, next, ...rest],
        swapped: [...before, { ...next, seq: mine.seq }, { ...mine, seq: next.seq }, ...rest],
      };
      for (const [what, rows] of Object.entries(changed)) {
        const verdict = await verifyChain(stored(rows));
        expect(verdict, `seed ${seed}: ${what} at ${at + 1}`).toMatchObject({ ok: false, firstBadSeq: at + 1 });
      }
    }
  });

  function buildChain(length: number): AuditEventRow[] {
    const rows: AuditEventRow[] = [];
    for (let seq = 1; seq <= length; seq += 1) {
      const unhashed = {
        chain: 'org',
        seq,
        ...entry(`a${seq}`),
        occurred_at: seq,
        prev_hash: rows.at(-1)?.hash ?? GENESIS_HASH,
      };
      rows.push({ ...unhashed, hash: entryHash(unhashed) });
    }
    return rows;
  }
});
