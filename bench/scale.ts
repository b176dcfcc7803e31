import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { openStores } from '../packages/services/service-tenant/dist/store/open-stores.js';
import { transact } from '../packages/services/service-tenant/dist/store/transaction.js';
import { type Figure, median, timed, us, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';

const SIZES = [1_000, 100_000];
const ROUNDS = 200;
const PER_ORGANIZATION = 50;

interface Times {
  provision: number;
  resolve: number;
  list: number;
}

/** Provisioning, reading and listing with 1,000 and with 100,000 environments in the store. */
export async function scale(): Promise<Figure[]> {
  const times: Times[] = [];
  for (const size of SIZES) times.push(await withDirectory((directory) => measure(directory, size)));
  const [few, many] = times;
  if (!few || !many) return [];
  const figure = (name: string, key: keyof Times): Figure => ({
    name: `${name}: 1,000 → 100,000 environments`,
    value: `${us(few[key])} → ${us(many[key])}`,
    ratio: many[key] / few[key],
    bound: '<=1.5',
  });
  return [figure('provision', 'provision'), figure('resolve', 'resolve'), figure('list a page of 50', 'list')];
}

async function measure(directory: string, size: number): Promise<Times> {
  const first = await openPlane(directory);
  const { organizationId, environmentId } = await provisioner(first).organization();
  await first.close();
  await grow(join(directory, 'control-plane.db'), environmentId, size);

  const plane = await openPlane(directory);
  const make = provisioner(plane);
  const { environments } = plane.service;
  const ids = [environmentId];
  const times: Record<keyof Times, number[]> = { provision: [], resolve: [], list: [] };
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    ids.push((await make.environment(organizationId)).environment.id);
    times.provision.push(performance.now() - began);
    times.resolve.push(await timed(() => environments.get(ids[i % ids.length] ?? '')));
    times.list.push(await timed(() => environments.list(organizationId, {}, { limit: 50 })));
  }
  await plane.close();
  return { provision: median(times.provision), resolve: median(times.resolve), list: median(times.list) };
}

/** Fills the store with ready environments, as copies of the rows of one, spread over organizations of fifty. */
async function grow(path: string, templateId: string, size: number): Promise<void> {
  const stores = await openStores(`file:${path}`);
  const { main } = stores;
  const where = { environment_id: templateId };
  const template = await transact(main, async (tx) => ({
    environment: await tx.find('sys_environment', { id: templateId }),
    database: await tx.find('sys_environment_database', where),
  }));
  const { environment, database } = template;
  if (!environment || !database) throw new Error('the template environment is missing');
  const credential = await transact(main, (tx) =>
    tx.find('sys_database_credential', { environment_database_id: database.id }),
  );
  const organization = await transact(main, (tx) => tx.find('sys_organization', { id: environment.organization_id }));
  if (!credential || !organization) throw new Error('the template environment is incomplete');
  for (let made = 0; made < size; ) {
    await transact(main, async (tx) => {
      for (let batch = 0; batch < 20; batch++) {
        const organizationId = uuidv7();
        await tx.insert('sys_organization', {
          ...organization,
          id: organizationId,
          slug: organizationId.replaceAll('-', 'x'),
        });
        for (let i = 0; i < PER_ORGANIZATION && made < size; i++, made++) {
          const id = uuidv7();
          const databaseId = uuidv7();
          const name = `ep${databaseId.replaceAll('-', '')}`;
          const dueAt = tx.nowMs + 3_600_000;
          await tx.insert('sys_environment', {
            ...environment,
            id,
            organization_id: organizationId,
            slug: `e${i}`,
            is_default: i === 0,
          });
          await tx.insert('sys_environment_database', {
            ...database,
            id: databaseId,
            environment_id: id,
            bound_environment_id: id,
            organization_id: organizationId,
            database_name: name,
            due_at: dueAt,
          });
          await tx.insert('sys_database_credential', {
            ...credential,
            id: uuidv7(),
            environment_database_id: databaseId,
          });
        }
      }
    });
  }
  await stores.close();
}
