import fc from 'fast-check';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { brokenPromises } from './invariants.ts';
import type { KnownEnvironment, Model, Told } from './model.ts';
import type { Simulation } from './simulation.ts';

type Act = (model: Model, simulation: Simulation) => Promise<void>;

/** One thing that somebody does, or that befalls them. After it whatever always holds must hold. */
class Command implements fc.AsyncCommand<Model, Simulation> {
  readonly #title: string;
  readonly #act: Act;
  readonly #isPossible: (model: Readonly<Model>) => boolean;

  constructor(title: string, act: Act, isPossible: (model: Readonly<Model>) => boolean = () => true) {
    this.#title = title;
    this.#act = act;
    this.#isPossible = isPossible;
  }

  check(model: Readonly<Model>): boolean {
    return this.#isPossible(model);
  }

  async run(model: Model, simulation: Simulation): Promise<void> {
    simulation.history.note('command', this.#title);
    await this.#act(model, simulation);
    const broken = await brokenPromises(model, simulation);
    if (broken.length > 0) throw new Error(`after "${this.#title}": ${broken.join('; ')}`);
  }

  toString(): string {
    return this.#title;
  }
}

/** Often the first: what befalls one environment in a row is what breaks it. */
const index = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 30 }) });
const thinkMs = fc.constantFrom(0, 5, 40, 500, 3_000);
const times = fc.constantFrom(1 as const, 1 as const, 1 as const, 2 as const);

const MOST_ORGANIZATIONS = 2;
const MOST_ENVIRONMENTS = 8;
const MOST_REPLICAS = 3;

type Send = (
  service: EnvironmentProvisioningService,
  environment: KnownEnvironment,
  options: { idempotencyKey: string },
) => Promise<Told>;

/** A verb on one of the environments. */
function verb(
  name: string,
  send: Send,
  told: { accepted?: (environment: KnownEnvironment, nowMs: number) => void; doubted?: typeof told.accepted } = {},
) {
  return fc.tuple(index, thinkMs, times).map(
    ([at, ms, sent]) =>
      new Command(
        `${name} ${at}`,
        async (model, simulation) => {
          const environment = model.environment(at);
          if (!environment) return;
          await model.request(
            simulation,
            {
              send: (service, idempotencyKey) => send(service, environment, { idempotencyKey }),
              accepted: ({ operationId }) => {
                if (operationId) environment.operationId = operationId;
                told.accepted?.(environment, simulation.time.nowMs);
              },
              doubted: () => told.doubted?.(environment, simulation.time.nowMs),
            },
            sent,
          );
          await simulation.time.advance(ms);
        },
        (model) => model.environments.length > 0,
      ),
  );
}

const ended = {
  accepted: (environment: KnownEnvironment) => void Object.assign(environment, { isEnded: 'yes' }),
  doubted: (environment: KnownEnvironment) => {
    if (environment.isEnded === 'no') environment.isEnded = 'perhaps';
  },
};
const archived = {
  accepted: (environment: KnownEnvironment, nowMs: number) => {
    environment.archivedMs ??= nowMs;
  },
  doubted: (environment: KnownEnvironment, nowMs: number) => {
    environment.archivedMs ??= nowMs;
  },
};
const restored = { accepted: (environment: KnownEnvironment) => void Object.assign(environment, { archivedMs: null }) };

async function addOrganization(model: Model, simulation: Simulation): Promise<void> {
  const slug = model.fresh('org-');
  const organization = { slug, displayName: slug, ownerUserId: `owner-of-${slug}` };
  await model.request(simulation, {
    send: async (service, idempotencyKey) => {
      const accepted = await service.organizations.provision({ organization, createdBy: 'tester', idempotencyKey });
      const { targetId: organizationId, operationId } = accepted;
      const { items } = await service.environments.list(organizationId, {}, { limit: 50 });
      return { targetId: items.find(({ isDefault }) => isDefault)?.id ?? '', operationId, organizationId };
    },
    accepted: (told) => {
      const { organizationId = '' } = told;
      if (model.organizations.every(({ id }) => id !== organizationId))
        model.organizations.push({ id: organizationId });
      model.know(told, { organizationId, slug: 'prod', isDefault: true });
    },
  });
}

/** What every history begins with. */
export const beginning = new Command('begin', addOrganization);

const provisionOrganization = thinkMs.map(
  (ms) =>
    new Command(
      'provision an organization',
      async (model, simulation) => {
        await addOrganization(model, simulation);
        await simulation.time.advance(ms);
      },
      (model) => model.organizations.length < MOST_ORGANIZATIONS,
    ),
);

/** An environment under a slug; the same slug twice is one environment. */
function making(
  name: string,
  send: (service: EnvironmentProvisioningService, of: { id: string; slug: string }, key: string) => Promise<Told>,
  slugOf: (model: Model, at: number) => string,
) {
  return fc.tuple(index, thinkMs, times).map(
    ([at, ms, sent]) =>
      new Command(
        `${name} ${at}`,
        async (model, simulation) => {
          const organization = model.organizations[at % model.organizations.length];
          if (!organization) return;
          const slug = slugOf(model, at);
          const about = { organizationId: organization.id, slug, isDefault: false };
          await model.request(
            simulation,
            {
              send: (service, key) => send(service, { id: organization.id, slug }, key),
              accepted: (told) => model.know(told, about),
            },
            sent,
          );
          await simulation.time.advance(ms);
        },
        (model) => model.organizations.length > 0 && model.environments.length < MOST_ENVIRONMENTS,
      ),
  );
}

const sendProvision = (
  service: EnvironmentProvisioningService,
  { id: organizationId, slug }: { id: string; slug: string },
  idempotencyKey: string,
): Promise<Told> =>
  service.environments.provision({
    ...{ organizationId, slug, envType: 'development', createdBy: 'tester', idempotencyKey },
  });

const provision = making('provision', sendProvision, (model) => model.fresh('env-'));

const upsert = making(
  'upsert',
  (service, { id, slug }, idempotencyKey) =>
    service.environments.upsert(id, slug, { displayName: slug, envType: 'test' }, { idempotencyKey }),
  (_model, at) => `same-${at % 3}`,
);

const copy = fc.tuple(index, thinkMs).map(
  ([at, ms]) =>
    new Command(
      `copy ${at}`,
      async (model, simulation) => {
        const source = model.environment(at);
        if (!source) return;
        const slug = model.fresh('copy-');
        await model.request(simulation, {
          send: (service, idempotencyKey) =>
            service.environments.copy(source.id, { slug, envType: 'test' }, { idempotencyKey }),
          accepted: (told) => model.know(told, { organizationId: source.organizationId, slug, isDefault: false }),
        });
        await simulation.time.advance(ms);
      },
      (model) => model.environments.length > 0 && model.environments.length < MOST_ENVIRONMENTS,
    ),
);

/** As a tenant does, through the connection that a control plane hands out. */
const write = index.map(
  (at) =>
    new Command(
      `write ${at}`,
      async (model, simulation) => {
        const environment = model.environment(at);
        if (!environment) return;
        const text = model.fresh('note-');
        const [answer] = await simulation.ask(async (service) => {
          const handle = await service.connect(environment.id);
          await handle.exec('CREATE TABLE IF NOT EXISTS note (text TEXT)');
          await handle.exec(`INSERT INTO note VALUES ('${text}')`);
        });
        simulation.history.note('written', answer?.kind ?? null);
        if (answer?.kind === 'ok') environment.notes.push(text);
      },
      (model) => model.environments.length > 0,
    ),
);

/** Of what is being made nothing remains, what is to go stays, what is on its way back may lie there again. */
function cancelled(environment: KnownEnvironment, nowMs: number): void {
  environment.isEnded = 'perhaps';
  environment.archivedMs ??= nowMs;
}

const VERBS = [
  verb('suspend', (service, { id }, options) => service.environments.suspend(id, options)),
  verb('resume', (service, { id }, options) => service.environments.resume(id, options)),
  verb('archive', (service, { id }, options) => service.environments.archive(id, options), archived),
  verb('restore', (service, { id }, options) => service.environments.restore(id, options), restored),
  verb('purge', (service, { id, slug }, options) => purging(service, id, slug, options), ended),
  verb('rotate', (service, { id }, options) => service.credentials.rotate(id, {}, options)),
  verb('rotate in an emergency', (service, { id }, options) =>
    service.credentials.rotate(id, { urgency: 'emergency' }, options),
  ),
  verb('retry', (service, { id }, options) => service.environments.retry(id, options)),
  verb('cancel', (service, { id, operationId }, options) => cancelling(service, id, operationId, options), {
    accepted: cancelled,
    doubted: cancelled,
  }),
];

async function purging(
  service: EnvironmentProvisioningService,
  id: string,
  confirm: string,
  options: { idempotencyKey: string },
): Promise<Told> {
  const purged = await service.environments.purge(id, { confirm }, options);
  return purged.kind === 'receipt' ? { targetId: id } : purged;
}

async function cancelling(
  service: EnvironmentProvisioningService,
  id: string,
  operationId: string | null,
  options: { idempotencyKey: string },
): Promise<Told> {
  return { ...(await service.operations.cancel(operationId ?? '', options)), targetId: id };
}

/** What a process must not undo or forget that comes too late. */
const MISFORTUNES: Record<string, (simulation: Simulation) => void> = {
  'none of it late': () => undefined,
  'made late': ({ network }) => {
    network.delayed = 'create';
  },
  // Longer than a lease; and who has taken over stalls too, and still holds it when the first one goes on.
  'forgotten late': ({ stallsAt }) => void stallsAt.set('cp.tombstone', [35_000, 20_000]),
};
const DECIDED_MS = 80_000;

const regret = fc.tuple(index, thinkMs, fc.constantFrom(...Object.keys(MISFORTUNES))).map(
  ([at, ms, misfortune]) =>
    new Command(
      `provision and purge, ${misfortune} ${at}`,
      async (model, simulation) => {
        const organization = model.organizations[at % model.organizations.length];
        if (!organization) return;
        // Who comes too late does harm only where another one was in time.
        while (simulation.replicas().length < MOST_REPLICAS) await simulation.start();
        const slug = model.fresh('env-');
        const about = { organizationId: organization.id, slug, isDefault: false };
        await model.request(simulation, {
          send: (service, key) => sendProvision(service, { id: organization.id, slug }, key),
          accepted: (told) => model.know(told, about),
        });
        // By now it is accepted, and nothing is made yet.
        MISFORTUNES[misfortune]?.(simulation);
        await simulation.time.advance(ms);
        const environment = model.environments.find((known) => known.slug === slug);
        if (!environment) return;
        await model.request(simulation, {
          send: (service, idempotencyKey) => purging(service, environment.id, slug, { idempotencyKey }),
          accepted: () => ended.accepted(environment),
          doubted: () => ended.doubted(environment),
        });
        await simulation.time.advance(DECIDED_MS);
      },
      (model) => model.organizations.length > 0 && model.environments.length < MOST_ENVIRONMENTS,
    ),
);

const crash = index.map(
  (at) =>
    new Command(`crash ${at}`, async (_model, simulation) => {
      const up = simulation.replicas();
      up[at % Math.max(1, up.length)]?.die();
    }),
);

const start = fc.constant(
  new Command('start', async (_model, simulation) => {
    if (simulation.replicas().length < MOST_REPLICAS) await simulation.start();
  }),
);

const stall = fc.tuple(index, fc.integer({ min: 10_000, max: 120_000 })).map(
  ([at, ms]) =>
    new Command(`stall ${at} ${ms}`, async (_model, simulation) => {
      const up = simulation.replicas();
      up[at % Math.max(1, up.length)]?.freeze(ms);
    }),
);

const advance = fc
  .constantFrom(100, 1_000, 5_000, 20_000, 40_000)
  .map((ms) => new Command(`advance ${ms}`, (_model, { time }) => time.advance(ms)));

/** Not while a client still wants an answer: a key is remembered for a day. */
const leap = fc.constantFrom(1, 12, 24, 24 * 8).map(
  (hours) =>
    new Command(
      `leap ${hours} h`,
      (_model, simulation) => simulation.leap(hours * 3_600_000),
      (model) => model.isAnswered,
    ),
);

/** A client sends again what was not answered. */
const again = fc.constant(
  new Command(
    'again',
    (model, simulation) => model.repeat(simulation),
    (model) => !model.isAnswered,
  ),
);

const down = fc.integer({ min: 1_000, max: 60_000 }).map(
  (ms) =>
    new Command(`provider down ${ms}`, async (_model, { network, time }) => {
      network.downUntilMs = time.nowMs + ms;
    }),
);

/** What there is to do, the frequent several times. */
const CHOICES = [
  provisionOrganization,
  ...[provision, provision, upsert, copy, regret, regret],
  ...[write, write, write],
  ...VERBS,
  ...[crash, start, start, stall],
  ...[advance, advance, advance, again, leap, down],
];

export const histories = fc.commands(CHOICES, { maxCommands: 40, size: 'max' });
