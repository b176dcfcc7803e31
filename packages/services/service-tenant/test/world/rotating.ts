import type { DatabaseHandle, OperationView } from '@envplane/spec';
import type { ControlPlane } from '../../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { type Hold, holdAt } from './hold.ts';
import { readRows } from './oracle.ts';
import { finish, type MemoryDriver, openWorld, organizationRequest, type World } from './world.ts';

export const GRACE_MS = 120_000;
export const ONE_PAGE = { limit: 100 };

/** The world of the test that runs, with one environment whose credentials are rotated. */
export let world: World<MemoryDriver>;
export let controlPlane: ControlPlane;
export let service: EnvironmentProvisioningService;
export let environmentId: string;

export async function begin(
  kind: 'memory' | 'minted' = 'memory',
  options: Parameters<World['open']>[0] = {},
): Promise<void> {
  world = await openWorld('sqlite', kind);
  await reopen(options);
  const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
  environmentId = defaultEnvironment.environment.id;
  await world.remember();
}

/** Another process on the same store. */
export async function reopen(options: Parameters<World['open']>[0] = {}): Promise<void> {
  controlPlane = await world.open(options);
  service = controlPlane.service;
}

/** Another process on the same store, which stops before a boundary once it is armed. */
export async function held(...at: Parameters<typeof holdAt>): Promise<Hold> {
  await controlPlane.close();
  const hold = holdAt(...at);
  await reopen({ effect: hold.effect });
  return hold;
}

export const rotate = (body = {}): Promise<OperationView> =>
  finish(service, service.credentials.rotate(environmentId, body));
export const list = async () => (await service.credentials.list(environmentId, ONE_PAGE)).items;
export const operations = async () => (await service.operations.list({ environmentId }, ONE_PAGE)).items;
export const stepsOf = ({ steps }: OperationView) => steps.map(({ name, status }) => `${name} ${status}`);

/** Of every secret seen so far, oldest first: whether it opens the database now. */
export async function open(): Promise<boolean[]> {
  await world.remember();
  const { credentials } = await readRows(world);
  const versions = new Map(credentials.map(({ id, version }) => [id, version]));
  const known = [...world.remembered].filter(([id]) =>
    credentials.some((row) => row.id === id && row.authorization === 'full_access'),
  );
  known.sort(([a], [b]) => (versions.get(a) ?? 0) - (versions.get(b) ?? 0));
  return Promise.all(known.map(async ([, { login }]) => login().then(works, () => false)));
}

export const OUTCOME = [() => true, () => false] as const;

export async function works(handle: DatabaseHandle): Promise<boolean> {
  const answered = await handle.query('SELECT 1').then(...OUTCOME);
  await handle.close();
  return answered;
}

export async function pass(ms: number): Promise<void> {
  world.clock.advance(ms);
  await controlPlane.worker.settle();
}

/** The full-access credentials, the newest first. */
export const states = async () =>
  (await list()).filter(({ authorization }) => authorization === 'full_access').map(({ state }) => state);
