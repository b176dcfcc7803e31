// What the simulation found, each alone.
import { AdapterError } from '@envplane/spec';
import { afterEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

const MINUTE_MS = 60_000;

describe.each(STORES)('%s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  afterEach(() => world.close());

  async function begin(effect?: EffectHook) {
    world = await openWorld(store, 'memory');
    controlPlane = await world.open(effect && { effect });
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id: environmentId, organizationId } = defaultEnvironment.environment;
    return { service, environmentId, organizationId };
  }

  const defaults = async () =>
    (await readRows(world)).environments.filter((row) => row.is_default).map(({ slug }) => slug);

  it('rel G10 a copy that is asked for again when its source is archived, or gone, is the one that was made', async () => {
    const { service, environmentId } = await begin();
    const ask = () =>
      service.environments.copy(environmentId, { slug: 'copy', envType: 'test' }, { idempotencyKey: 'the-same-key' });
    const made = await ask();
    await settle(world, controlPlane);
    await finish(service, service.environments.archive(environmentId));
    expect(await ask()).toMatchObject({ targetId: made.targetId, operationId: made.operationId, replayed: true });
    const another = service.environments.copy(environmentId, { slug: 'another', envType: 'test' });
    await expect(another).rejects.toMatchObject({ code: 'invalid_state' });
    await service.environments.setDefault(made.targetId);
    await finish(service, service.environments.purge(environmentId, { confirm: 'prod' }));
    expect(await ask()).toMatchObject({ targetId: made.targetId, replayed: true });
  });

  it('rel G10 an environment that is asked for again when its organization is archived is the one that was made', async () => {
    const { service, organizationId } = await begin();
    const ask = (idempotencyKey: string) =>
      service.environments.provision({ ...environmentRequest(organizationId), idempotencyKey });
    const made = await ask('the-same-key');
    await settle(world, controlPlane);
    await service.organizations.archive(organizationId);
    await settle(world, controlPlane);
    expect(await ask('the-same-key')).toMatchObject({ targetId: made.targetId, replayed: true });
    await expect(ask('another-key')).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('I4 one look at which a database is not seen does not archive it: it would stay open', async () => {
    let unseen = 0;
    const { service, environmentId } = await begin(async (name, run) => {
      if (name !== 'me.observe' || unseen === 0) return run();
      unseen -= 1;
      return { kind: 'absent' } as Awaited<ReturnType<typeof run>>;
    });
    unseen = 2;
    await service.environments.archive(environmentId);
    for (let looks = 0; looks < 3; looks += 1) {
      await controlPlane.worker.settle();
      world.clock.advance(MINUTE_MS);
    }
    expect((await service.environments.get(environmentId)).status).toBe('archived');
    expect(unseen).toBe(0);
    expect(await violations(world, controlPlane)).toEqual([]);
    expect(await world.survey()).toEqual([expect.stringMatching(/^cut /)]);
  });

  it('F3 a call that nobody answered meets a newer epoch when it arrives after another wish was fulfilled', async () => {
    let slug: string | null = null;
    let arrive = async () => undefined as unknown;
    const { service, organizationId } = await begin(async (name, run) => {
      if (name !== 'me.create' || slug === null) return run();
      const { items } = await service.environments.list(organizationId, {}, { limit: 50 });
      const confirm = slug;
      slug = null;
      arrive = async () => run();
      await service.environments.purge(items.find((one) => one.slug === confirm)?.id ?? '', { confirm });
      throw new AdapterError('outcome_unknown', 'The connection was reset.');
    });
    const before = await world.survey();
    slug = 'regretted';
    await service.environments.provision(environmentRequest(organizationId, slug));
    await settle(world, controlPlane);
    await expect(arrive()).rejects.toMatchObject({ isStale: true });
    expect(await world.survey()).toEqual(before);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('I6 when the default environment ends with its grace, the oldest that stays is the default', async () => {
    const { service, environmentId, organizationId } = await begin();
    for (const slug of ['second', 'third'])
      await service.provisionEnvironment(environmentRequest(organizationId, slug));
    await finish(service, service.environments.archive(environmentId));
    expect(await defaults()).toEqual(['prod']);
    world.clock.advance(31 * DAY_MS);
    await settle(world, controlPlane);
    expect(await defaults()).toEqual(['second']);
    expect(await violations(world, controlPlane)).toEqual([]);
    const { items } = await service.auditEvents.list({ organizationId }, { limit: 50 });
    expect(items.filter(({ action }) => action === 'environment.set_default')).toHaveLength(1);
  });

  it('R7 what a rotation replaced is refused at the end of its grace, also when the environment was archived meanwhile', async () => {
    const { service, environmentId } = await begin();
    await world.remember();
    await finish(service, service.credentials.rotate(environmentId));
    await finish(service, service.environments.archive(environmentId));
    world.clock.advance(3 * MINUTE_MS);
    await controlPlane.worker.settle();
    const { credentials } = await readRows(world);
    expect(credentials.filter(({ state }) => state === 'retiring')).toEqual([]);
    expect(credentials.filter(({ state }) => state === 'revoked').map((row) => row.secret_ciphertext)).toEqual([
      '',
      '',
    ]);
    await expect(world.login(environmentId)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
