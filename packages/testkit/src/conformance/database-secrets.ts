import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import {
  type AdapterCredential,
  AdapterError,
  type AdministratorFacet,
  type CredentialsFacet,
  type Placement,
  Secret,
} from '@envplane/spec';
import { describe, expect, it } from 'vitest';
import { adapterContext } from '../adapter-context.ts';
import { type DatabaseAdapterHarness, newTarget, objectsOf, provision, withHandle } from './database-harness.ts';

/** What becomes of secrets: none in an error, and what the administrator of a placement may do about its own. */
export function describeDatabaseSecrets(harness: DatabaseAdapterHarness): void {
  const { administrator, credentials } = harness.adapter;
  if (credentials.kind !== 'none') describeWrongCredential(harness, credentials);
  if (harness.placement.administrator !== null) describeWrongAdministrator(harness);
  if (administrator !== undefined) describeAdministrator(harness, administrator);
}

function describeWrongCredential(harness: DatabaseAdapterHarness, credentials: CredentialsFacet): void {
  it('sec S27 the error about a wrong credential does not hold it', async () => {
    const { adapter } = harness;
    const { target, location, credential } = await provision(harness);
    const secret = credentials.kind === 'caller_set' ? credentials.generateSecret() : canary();
    const wrong = { ...(credential as AdapterCredential), secret };
    const attempts = [
      () => withHandle(harness, { target, location, credential: wrong }, (handle) => handle.query('SELECT 1')),
      () =>
        withHandle(harness, { target, location, credential: wrong }, (handle) => handle.tx((tx) => tx.one('SELECT 1'))),
      () => adapter.verifyDatabase(target, wrong, adapterContext()),
    ];
    for (const attempt of attempts) expectNotShown(await failureOf(attempt), secret);
  });
}

function describeWrongAdministrator(harness: DatabaseAdapterHarness): void {
  it('sec S27 a wrong administrator is refused by every verb, changes nothing, and is in no error', async () => {
    const { adapter } = harness;
    const there = await provision(harness);
    const administrator = canary();
    const placement: Placement = { ...harness.placement, administrator };
    const [target, fresh] = [{ ...there.target, placement }, newTarget(harness, { placement })];
    const before = [await objectsOf(harness, target), await objectsOf(harness, fresh)];
    const attempts = [
      () => adapter.checkPlacement(placement),
      () => adapter.createDatabase(fresh, { mustExist: false }, adapterContext()),
      () => adapter.createDatabase(target, { mustExist: true }, adapterContext()),
      () => adapter.deleteDatabase(target, adapterContext()),
    ];
    for (const attempt of attempts) {
      const error = await failureOf(attempt);
      expect(error).toMatchObject({ code: 'unauthorized' });
      expectNotShown(error, administrator);
    }
    const observation = await adapter.findDatabase(target, adapterContext());
    expect(observation).toMatchObject({ kind: 'unknown', error: { code: 'unauthorized' } });
    expectNotShown((observation as { error: AdapterError }).error, administrator);
    expect([await objectsOf(harness, target), await objectsOf(harness, fresh)]).toEqual(before);
  });
}

function describeAdministrator(harness: DatabaseAdapterHarness, administrator: AdministratorFacet): void {
  /** An administrator of the test's own, and the placement as it is entered with another secret. */
  async function anAdministrator() {
    if (harness.plantAdministrator === undefined) throw new Error('the harness gives no administrator of its own');
    const { placement, enter } = await harness.plantAdministrator();
    return { placement, enter, showing: (secret: Secret): Placement => ({ ...placement, administrator: secret }) };
  }
  const accepts = (placement: Placement) => administrator.isAdministratorAccepted(placement, adapterContext());

  describe('administrator', () => {
    it('sec S24 every secret is new and has at least 192 bits, and the name is none', async () => {
      const texts = Array.from({ length: 5 }, () => administrator.generateSecret().reveal());
      expect(new Set(texts).size).toBe(5);
      for (const text of texts) expect(text.length).toBeGreaterThanOrEqual(32);
      const { placement } = await anAdministrator();
      const name = administrator.nameOf(placement.settings);
      expect(name).not.toBe('');
      expect(name).not.toContain(placement.administrator?.reveal());
    });

    it('R3 R6 the next secret is accepted and the earlier one forgotten in the same moment; setting it again changes nothing', async () => {
      const { placement, showing } = await anAdministrator();
      const next = administrator.generateSecret();
      expect([await accepts(placement), await accepts(showing(next))]).toEqual([true, false]);
      await administrator.setAdministrator(placement, next, adapterContext({ fence: { epoch: 4 } }));
      expect([await accepts(placement), await accepts(showing(next))]).toEqual([false, true]);
      await administrator.setAdministrator(showing(next), next, adapterContext({ fence: { epoch: 4 } }));
      expect([await accepts(placement), await accepts(showing(next))]).toEqual([false, true]);
      expect((await harness.adapter.checkPlacement(showing(next))).identity).not.toBe('');
    });

    it('I3 a late call of an earlier claim changes nothing', async () => {
      const { placement, showing } = await anAdministrator();
      const [next, late] = [administrator.generateSecret(), administrator.generateSecret()];
      await administrator.setAdministrator(placement, next, adapterContext({ fence: { epoch: 4 } }));
      const setting = administrator.setAdministrator(showing(next), late, adapterContext({ fence: { epoch: 3 } }));
      await expect(setting).rejects.toMatchObject({ name: 'AdapterError', definitive: false, isStale: true });
      expect([await accepts(showing(next)), await accepts(showing(late))]).toEqual([true, false]);
    });

    it('sec S27 who does not know the secret sets none, and is told without it', async () => {
      const { placement, showing } = await anAdministrator();
      const [wrong, next] = [canary(), administrator.generateSecret()];
      for (const attempt of [
        () => administrator.setAdministrator(showing(wrong), next, adapterContext()),
        () => administrator.endAdministratorSessions(showing(wrong), adapterContext()),
      ]) {
        const error = await failureOf(attempt);
        expect(error).toMatchObject({ code: 'unauthorized' });
        for (const secret of [wrong, next]) expectNotShown(error, secret);
      }
      expect([await accepts(placement), await accepts(showing(next))]).toEqual([true, false]);
    });

    it('R9 sec S18 a session outlives its secret until it is ended, and ending is idempotent', async () => {
      const { placement, enter, showing } = await anAdministrator();
      const use = await enter();
      const next = administrator.generateSecret();
      await administrator.setAdministrator(placement, next, adapterContext());
      await use();
      await administrator.endAdministratorSessions(showing(next), adapterContext());
      await administrator.endAdministratorSessions(showing(next), adapterContext());
      await expect(use()).rejects.toThrow();
      expect(await accepts(showing(next))).toBe(true);
    });
  });
}

/** In the form of a login, which some administrators are. */
function canary(): Secret {
  return new Secret(`canary:${randomBytes(24).toString('hex')}`);
}

async function failureOf(attempt: () => Promise<unknown>): Promise<AdapterError> {
  const error = await attempt().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AdapterError);
  return error as AdapterError;
}

/** Neither as it is, nor as it travels. */
function expectNotShown(error: AdapterError, secret: Secret): void {
  const chain: unknown[] = [];
  for (let each: unknown = error; each !== undefined; each = (each as Error).cause) chain.push(each);
  const shown = chain.map((each) =>
    [String(each), (each as Error).stack, JSON.stringify(each), inspect(each, { depth: null, showHidden: true })].join(
      '\n',
    ),
  );
  const text = secret.reveal();
  for (const form of [text, encodeURIComponent(text), Buffer.from(text).toString('base64')]) {
    expect(shown.join('\n').includes(form), 'the error holds the secret').toBe(false);
  }
}
