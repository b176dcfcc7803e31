import type { DatabaseTarget } from '@envplane/spec';
import { adapterContext, letIn, newTarget, provision, type TursoFault, type TursoRequest } from '@envplane/testkit';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { EMERGENCY_SCOPES, expectClean, failure, type TursoHarness, tursoHarness } from './turso-harness.ts';

const harness: TursoHarness = await tursoHarness();
const { adapter, cloud } = harness;
const usual = { ...cloud.switches };

afterEach(() => {
  Object.assign(cloud.switches, usual);
});
afterAll(() => harness.close());

const create = (target: DatabaseTarget, context = adapterContext()) =>
  adapter.createDatabase(target, { mustExist: false }, context);
const find = (target: DatabaseTarget) => adapter.findDatabase(target, adapterContext());
const isCreate = ({ method, path }: TursoRequest) => method === 'POST' && path.endsWith('/databases');
const is = (method: string, ending: RegExp) => (request: TursoRequest) =>
  request.host === 'api.turso.tech' && request.method === method && ending.test(request.path);
/** A read of one database. */
const isGet = is('GET', /\/databases\/[a-z0-9]+$/);

describe('answers of the Platform API', () => {
  it.each<[string, TursoFault['answer'], string, boolean, number?]>([
    ['401', { status: 401, body: { error: 'provider text' } }, 'unauthorized', true],
    ['402', { status: 402, body: { error: 'provider text' } }, 'quota_exceeded', true],
    ['403', { status: 403, body: { error: 'provider text' } }, 'unauthorized', true],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' }, body: {} }, 'rate_limited', false, 7000],
    ['429 without Retry-After', { status: 429, body: { error: 'provider text' } }, 'rate_limited', false],
    ['500', { status: 500, body: { error: 'provider text' } }, 'unavailable', false],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '2' } }, 'unavailable', false, 2000],
    [
      'an error that is no text',
      { status: 400, body: { error: { code: 17, of: ['provider text'] } } },
      'outcome_unknown',
      false,
    ],
    ['an error that is null', { status: 422, body: { error: null } }, 'outcome_unknown', false],
    ['a success that is no JSON', { status: 200, body: '<html>provider text</html>' }, 'outcome_unknown', false],
    ['a failure that is no JSON', { status: 502, body: '<html>provider text</html>' }, 'unavailable', false],
    ['a success of another shape', { status: 200, body: { database: { Name: 17 } } }, 'outcome_unknown', false],
    [
      'a success about another name',
      { status: 200, body: { database: { Name: 'x', DbId: 'y', Hostname: 'z' } } },
      'outcome_unknown',
      false,
    ],
    ['404', { status: 404, body: { error: 'provider text' } }, 'outcome_unknown', false],
    ['a redirect', { status: 307, headers: { location: 'https://evil.example/v1' } }, 'outcome_unknown', false],
  ])(
    'I4 a create that meets %s fails as it should, and the repeat succeeds',
    async (_title, answer, code, definitive, retryAfterMs) => {
      const target = newTarget(harness);
      if (answer) cloud.inject({ match: isCreate, answer });
      const error = await failure(create(target));
      expect({ code: error.code, definitive: error.definitive, retryAfterMs: error.retryAfterMs }).toEqual({
        code,
        definitive,
        retryAfterMs,
      });
      expectClean(harness, error, target);
      expect(harness.objectOf(target)).toBeUndefined();
      const { location } = await provision(harness, target);
      expect(harness.objectOf(target)).toMatchObject({ id: location.externalUid, deleteProtection: true });
      expect(cloud.dialled).not.toContain('evil.example');
    },
  );

  it.each([
    ['POST', isCreate],
    ['PATCH', is('PATCH', /configuration$/)],
    ['GET', isGet],
  ])('I4 a lost reply to a %s is told from the world, in the same call', async (_method, match) => {
    const target = newTarget(harness);
    cloud.inject({ match, loseReply: true });
    const location = await create(target);
    expect(harness.objectOf(target)).toMatchObject({ id: location.externalUid, deleteProtection: true });
    expect(cloud.objects().filter(({ name }) => name === target.databaseName)).toHaveLength(1);
  });

  it('I4 a lost reply to a delete: it is gone, and deleting succeeds', async () => {
    const { target } = await provision(harness);
    cloud.inject({ match: is('DELETE', /./), loseReply: true });
    await adapter.deleteDatabase(target, adapterContext());
    expect(harness.objectOf(target)).toBeUndefined();
  });

  it('a lost reply to a mint settles nothing; the next token is good', async () => {
    const { target, location } = await provision(harness);
    cloud.inject({ match: is('POST', /auth\/tokens/), loseReply: true });
    const credentials = adapter.credentials;
    if (credentials.kind !== 'provider_minted') throw new Error('tokens are minted');
    const mint = () => credentials.mintCredential(target, { authorization: 'full_access' }, adapterContext());
    expect(await failure(mint())).toMatchObject({ code: 'outcome_unknown' });
    await letIn(harness, target, location);
  });

  it('T1 a lost reply to a rotation of the keys settles nothing, and it is not sent again', async () => {
    const { target, credential } = await provision(harness);
    const credentials = adapter.credentials;
    if (credentials.kind !== 'provider_minted' || !credentials.withdrawal || !credential) throw new Error('is missing');
    const stronger = { ...target.placement, administrator: cloud.issueToken(EMERGENCY_SCOPES) };
    cloud.inject({ match: is('POST', /auth\/rotate/), loseReply: true });
    const before = cloud.requests.length;
    const withdrawing = credentials.withdrawal.withdrawCredentials(
      { ...target, placement: stronger },
      adapterContext(),
    );
    expect(await failure(withdrawing)).toMatchObject({ code: 'outcome_unknown' });
    expect(cloud.requests.slice(before).filter(is('POST', /auth\/rotate/))).toHaveLength(1);
    await credentials.verifyRefused(target, credential, adapterContext());
  });

  it('what may be repeated is repeated twice, and not longer', async () => {
    const target = newTarget(harness);
    const answer = { status: 503, body: {} };
    cloud.inject({ match: isGet, times: 2, answer });
    expect(await find(target)).toEqual({ kind: 'absent' });
    cloud.inject({ match: isGet, times: 3, answer });
    expect(await find(target)).toMatchObject({ kind: 'unknown', error: { code: 'unavailable' } });
    expect(await find(target)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['1', 1000],
    [() => new Date(Date.now() + 2000).toUTCString(), 900],
  ])('a short pause that the provider asks for is kept (%s)', async (header, atLeastMs) => {
    const target = newTarget(harness);
    const retryAfter = typeof header === 'string' ? header : header();
    cloud.inject({ match: isGet, answer: { status: 429, headers: { 'retry-after': retryAfter }, body: {} } });
    const startedAt = Date.now();
    expect(await find(target)).toEqual({ kind: 'absent' });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('a long pause is the caller’s to keep', async () => {
    const target = newTarget(harness);
    cloud.inject({ match: isGet, answer: { status: 429, headers: { 'retry-after': '60' }, body: {} } });
    const before = cloud.requests.length;
    expect(await find(target)).toMatchObject({
      kind: 'unknown',
      error: { code: 'rate_limited', retryAfterMs: 60_000 },
    });
    expect(cloud.requests.length - before).toBe(1);
  });

  it('I8 an abort ends a call that waits, and settles nothing', async () => {
    const target = newTarget(harness);
    const controller = new AbortController();
    cloud.inject({ match: isCreate, delayMs: 20_000 });
    const creating = failure(create(target, adapterContext({ signal: controller.signal })));
    while (!cloud.requests.some((request) => isCreate(request) && request.body.includes(target.databaseName))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    controller.abort();
    expect(await creating).toMatchObject({ code: 'outcome_unknown', definitive: false });
  });

  it.each([409, 400] as const)('I4 an existing name, reported as %s, is told by reading it', async (status) => {
    cloud.switches.duplicateStatus = status;
    const target = newTarget(harness);
    const location = await create(target);
    // A reader that lags: the name seems free, is refused, and still cannot be seen.
    cloud.switches.staleReadMs = 600_000;
    expect(await failure(create(target))).toMatchObject({ code: 'outcome_unknown' });
    cloud.switches.staleReadMs = 0;
    // One answer is late: it is refused, then seen and adopted.
    cloud.inject({ match: isGet, answer: { status: 404, body: {} } });
    expect(await create(target)).toEqual(location);
  });

  it('a definitive refusal does not count where the database is there', async () => {
    const target = newTarget(harness);
    const location = await create(target);
    cloud.inject({ match: isGet, answer: { status: 404, body: {} } });
    cloud.inject({ match: isCreate, answer: { status: 402, body: {} } });
    expect(await create(target)).toEqual(location);
  });
});

it('sec S40 an answer without end is not read, and one of another size is', async () => {
  const { target } = await provision(harness);
  const seen = await (await harness.callApi('GET', `databases/${target.databaseName}`)).json();
  const padded = (size: number) => ({ status: 200, body: { ...(seen as object), padding: 'x'.repeat(size) } });
  cloud.inject({ match: isGet, answer: padded(1_000_000) });
  expect(await find(target)).toMatchObject({ kind: 'ours' });
  cloud.inject({ match: isGet, times: 3, answer: padded(17_000_000) });
  expect(await find(target)).toMatchObject({ kind: 'unknown', error: { code: 'outcome_unknown' } });
  expect(await find(target)).toMatchObject({ kind: 'ours' });
});

describe('seeing', () => {
  it('one 404 does not make a confirmed database absent, two do', async () => {
    const { target, location } = await provision(harness);
    const notFound = { match: isGet, answer: { status: 404, body: {} } };
    cloud.inject(notFound);
    const startedAt = Date.now();
    expect(await find(target)).toEqual({ kind: 'ours', ...location });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
    cloud.inject({ ...notFound, times: 2 });
    expect(await find(target)).toEqual({ kind: 'absent' });
  });

  it('where the group itself is gone, nothing is known of a database', async () => {
    const { target } = await provision(harness);
    cloud.inject({ match: isGet, answer: { status: 404, body: {} } });
    cloud.inject({ match: is('GET', /groups/), answer: { status: 404, body: {} } });
    expect(await find(target)).toMatchObject({ kind: 'unknown' });
  });

  it('I5 lagging readers never let a confirmed database be created again', async () => {
    const { target } = await provision(harness);
    cloud.switches.staleReadMs = 600_000;
    const before = cloud.requests.filter(isCreate).length;
    const again = adapter.createDatabase(target, { mustExist: true }, adapterContext());
    expect(await failure(again)).toMatchObject({ code: 'unavailable' });
    expect(cloud.requests.filter(isCreate).length).toBe(before);
  });

  it('I10 a database of our name in another group, or with another id, is foreign', async () => {
    const elsewhere = newTarget(harness);
    await harness.callApi('POST', 'groups', { name: 'other', location: 'lhr' });
    await harness.callApi('POST', 'databases', { name: elsewhere.databaseName, group: 'other' });
    const { target } = await provision(harness);
    for (const one of [elsewhere, { ...target, externalUid: 'of another one' }]) {
      expect(await find(one)).toEqual({ kind: 'foreign' });
      expect(await failure(adapter.deleteDatabase(one, adapterContext()))).toMatchObject({ code: 'conflict' });
    }
    expect(harness.objectOf(elsewhere)).toMatchObject({ group: 'other', deleteProtection: false });
  });

  it('an empty database of our name, made by an earlier attempt, is ours', async () => {
    const target = newTarget(harness);
    await harness.callApi('POST', 'databases', { name: target.databaseName, group: cloud.group });
    expect(await find(target)).toMatchObject({ kind: 'ours', externalUid: harness.objectOf(target)?.id });
    await provision(harness, target);
  });

  it('cap DB list: pages are followed, and no database is listed twice', async () => {
    const own = { ...harness, installationId: 'pages2' };
    const targets = await Promise.all(Array.from({ length: 5 }, () => provision(own)));
    const list = async () => {
      const names: string[] = [];
      const objects = adapter.inventory?.listDatabases(harness.placement, 'pages2', adapterContext());
      for await (const { databaseName } of objects ?? []) names.push(databaseName);
      return names.sort();
    };
    const expected = targets.map(({ target }) => target.databaseName).sort();
    for (const pageSize of [null, 1, 2, 500]) {
      cloud.switches.pageSize = pageSize;
      expect(await list()).toEqual(expected);
    }
    cloud.switches.pageSize = 2;
    cloud.inject({ match: is('GET', /page=2/), answer: { status: 401, body: {} } });
    await expect(list()).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('deleting', () => {
  it('I7 one 404 does not pass for gone, neither before nor as the answer', async () => {
    const notFound = { answer: { status: 404, body: {} } };
    const { target } = await provision(harness);
    cloud.inject({ match: is('DELETE', /./), ...notFound });
    expect(await failure(adapter.deleteDatabase(target, adapterContext()))).toMatchObject({ code: 'outcome_unknown' });
    expect(harness.objectOf(target)).toBeDefined();
    cloud.inject({ match: isGet, ...notFound });
    await adapter.deleteDatabase(target, adapterContext());
    expect(harness.objectOf(target)).toBeUndefined();
  });

  it('a database that was protected again meanwhile is not reported as refused for good', async () => {
    const { target } = await provision(harness);
    const context = adapterContext({
      onBoundary: async (name) => {
        if (name !== 'tu.delete') return;
        await harness.callApi('PATCH', `databases/${target.databaseName}/configuration`, { delete_protection: true });
      },
    });
    expect(await failure(adapter.deleteDatabase(target, context))).toMatchObject({ code: 'outcome_unknown' });
    await adapter.deleteDatabase(target, adapterContext());
    expect(harness.objectOf(target)).toBeUndefined();
  });

  it('I7 a refused delete leaves the database, and says so', async () => {
    const { target } = await provision(harness);
    cloud.inject({ match: is('DELETE', /./), answer: { status: 403, body: {} } });
    expect(await failure(adapter.deleteDatabase(target, adapterContext()))).toMatchObject({ code: 'unauthorized' });
    expect(harness.objectOf(target)).toBeDefined();
    await adapter.deleteDatabase(target, adapterContext());
  });
});

it('sec S8 no request ever names an address or a file to load from', () => {
  const bodies = cloud.requests
    .filter(({ host, body }) => host === 'api.turso.tech' && body !== '')
    .map(({ body }) => JSON.parse(body));
  expect(bodies.length).toBeGreaterThan(50);
  const allowed = [
    'name',
    'group',
    'location',
    'seed',
    'size_limit',
    'delete_protection',
    'block_reads',
    'block_writes',
  ];
  for (const body of bodies) {
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(body)));
    if (body.seed) expect(Object.keys(body.seed).sort()).toEqual(['name', 'type']);
    expect(JSON.stringify(body)).not.toMatch(/:\/\/|dump|upload/);
  }
});
