import type { AuditEventView, AuditFilter } from '@envplane/spec';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { appendAudit } from '../src/store/audit.ts';
import { openStores } from '../src/store/open-stores.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { openWorld, type World } from './world/world.ts';

const ENVIRONMENTS = ['0192f0c1-7b7e-7000-8000-00000000000a', '0192f0c1-7b7e-7000-8000-00000000000b'];
const ACTORS = ['ada', 'bob', 'eve'];
const ACTIONS = ['environment.suspend', 'member.added', 'access.denied'];
const OUTCOMES = ['allow', 'deny', 'error'] as const;
const BEGAN_MS = Date.UTC(2030, 0, 1);

describe.each(STORES)('the filters of the audit log on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let everything: AuditEventView[];

  const list = (filter: AuditFilter, limit = 200, cursor?: string) =>
    controlPlane.service.auditEvents.list({ organizationId: 'org', ...filter }, { limit, cursor });

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    const { main } = await openStores(world.store.url, () => world.clock.nowMs);
    for (let index = 0; index < 120; index += 1) {
      // Transactions are dated when they begin: now and then a later number has an earlier time.
      world.clock.nowMs = BEGAN_MS + index * 1_000 - (index % 7 === 0 ? 2_500 : 0);
      const pick = <T>(values: readonly T[], step: number) => values[(index * step) % values.length] as T;
      await transact(main, (tx) =>
        appendAudit(tx, {
          organization_id: index % 10 === 9 ? 'other' : 'org',
          environment_id: pick([...ENVIRONMENTS, null], 1),
          actor_kind: 'user',
          actor_id: pick(ACTORS, 5),
          acting_for: null,
          action: pick(ACTIONS, 7),
          target_kind: 'environment',
          target_id: `target-${index % 4}`,
          outcome: pick(OUTCOMES, 11),
          reason: null,
          request_id: null,
          client_address: null,
          detail: {},
        }),
      );
    }
    await main.close();
    everything = (await list({})).items;
  });
  afterAll(() => world.close());

  const instant = fc.integer({ min: -5, max: 130 }).map((second) => new Date(BEGAN_MS + second * 1_000).toISOString());
  const filters = fc.record(
    {
      environmentId: fc.constantFrom(...ENVIRONMENTS),
      actorId: fc.constantFrom(...ACTORS, 'nobody'),
      action: fc.constantFrom(...ACTIONS),
      targetId: fc.constantFrom('target-0', 'target-3'),
      outcome: fc.constantFrom(...OUTCOMES),
      since: instant,
      until: instant,
    },
    { requiredKeys: [] },
  );
  const matches = (event: AuditEventView, { since = '', until = '9', ...equal }: AuditFilter) =>
    Object.entries(equal).every(([field, value]) => event[field as keyof AuditEventView] === value) &&
    event.occurredAt >= since &&
    event.occurredAt < until;

  it('cap AU1 find what matches and nothing else, in order, whole and page by page', async () => {
    expect(everything).toHaveLength(108);
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 9 }), async (filter, limit) => {
        const expected = everything.filter((event) => matches(event, filter));
        expect((await list(filter)).items).toEqual(expected);
        const paged: AuditEventView[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await list(filter, limit, cursor);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          paged.push(...page.items);
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect(paged).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  });

  it('cap AU1 a time window holds what happened in it, also where times do not rise with the numbers', async () => {
    const at = (second: number) => new Date(BEGAN_MS + second * 1_000).toISOString();
    for (let second = -3; second < 124; second += 1) {
      for (const window of [
        { since: at(second) },
        { until: at(second) },
        { since: at(second), until: at(second + 4) },
      ]) {
        const expected = everything.filter((event) => matches(event, window)).map(({ seq }) => seq);
        expect((await list(window)).items.map(({ seq }) => seq)).toEqual(expected);
      }
    }
  });

  it('refuse what is no filter, and a cursor of another one', async () => {
    for (const filter of [
      { outcome: 'maybe' },
      { since: 'yesterday' },
      { until: '2030-02-30T00:00:00Z' },
      { actor: 'ada' },
    ]) {
      await expect(list(filter as AuditFilter), JSON.stringify(filter)).rejects.toMatchObject({
        code: 'validation_failed',
      });
    }
    const { nextCursor } = await list({ actorId: 'ada' }, 1);
    await expect(list({ actorId: 'bob' }, 1, nextCursor ?? '')).rejects.toMatchObject({ code: 'cursor_mismatch' });
    expect((await list({ since: '0000-01-01T00:00:00Z', until: '9999-12-31T23:59:59.999Z' })).items).toEqual(
      everything,
    );
  });
});
