import type { EnvironmentProvisioningService } from '../../src/service.ts';
import type { Answer, Simulation } from './simulation.ts';

/** An environment as a client knows it that remembers what it was told. */
export interface KnownEnvironment {
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly isDefault: boolean;
  /** What was written into it and acknowledged. */
  readonly notes: string[];
  /** The last operation on it that a client was told of. */
  operationId: string | null;
  /** Whether its end was asked for; `perhaps`: by a request without an answer. */
  isEnded: 'no' | 'perhaps' | 'yes';
  /** Since when it may be archived, in virtual ms; null when it is not. Its grace can end it. */
  archivedMs: number | null;
}

/** What a mutation tells of itself. */
export interface Told {
  targetId?: string;
  operationId?: string | null;
  /** Of an organization that was made. */
  organizationId?: string;
}

/** A mutation as a client sends it: with a key, so that it can be sent again. */
export interface Request {
  key: string;
  send(service: EnvironmentProvisioningService, key: string): Promise<Told>;
  /** It was accepted. */
  accepted?(told: Told): void;
  /** It may have been accepted. */
  doubted?(): void;
}

/** A request without an answer, and whether some control plane is still at it. */
interface Unanswered {
  request: Request;
  goingOn: readonly (() => boolean)[];
}

/** The grace of an environment that is archived: not less than this. */
const GRACE_MS = 7 * 24 * 3_600_000;

/** What clients know: a small abstract state that the control planes must agree with. */
export class Model {
  readonly organizations: { id: string }[] = [];
  readonly environments: KnownEnvironment[] = [];
  readonly #unanswered: Unanswered[] = [];
  readonly #targets = new Map<string, string>();
  #requests = 0;

  /** A name nobody used before. */
  fresh(prefix: string): string {
    this.#requests += 1;
    return `${prefix}${this.#requests}`;
  }

  environment(index: number): KnownEnvironment | undefined {
    return this.environments[index % Math.max(1, this.environments.length)];
  }

  know(told: Told, about: Pick<KnownEnvironment, 'organizationId' | 'slug' | 'isDefault'>): void {
    const id = told.targetId ?? '';
    if (this.environments.some((environment) => environment.id === id)) return;
    const operationId = told.operationId ?? null;
    this.environments.push({ ...about, id, notes: [], operationId, isEnded: 'no', archivedMs: null });
  }

  /** Whether it may be gone, by what clients asked for. */
  mayBeGone({ isEnded, archivedMs }: KnownEnvironment, nowMs: number): boolean {
    return isEnded !== 'no' || (archivedMs !== null && nowMs - archivedMs >= GRACE_MS);
  }

  /** Sends a request, once or, as an impatient client does, twice. What is not answered is to be sent again. */
  async request(simulation: Simulation, request: Omit<Request, 'key'>, times: 1 | 2 = 1): Promise<void> {
    const keyed = { ...request, key: this.fresh('key-') };
    await this.#send(simulation, { request: keyed, goingOn: [] }, times);
  }

  get isAnswered(): boolean {
    return this.#unanswered.length === 0;
  }

  /** Sends again what was not answered. */
  async repeat(simulation: Simulation): Promise<void> {
    for (const unanswered of this.#unanswered.splice(0)) await this.#send(simulation, unanswered, 1);
  }

  /** A refusal is none while the same request goes on elsewhere: that one may still be accepted. */
  async #send(simulation: Simulation, { request, goingOn }: Unanswered, times: 1 | 2): Promise<void> {
    const answers = await simulation.ask((service) => request.send(service, request.key), times);
    for (const answer of answers) this.#learn(simulation, request, answer);
    if (answers.some(({ kind }) => kind === 'ok')) return;
    const unknown = answers.flatMap((answer) => (answer.kind === 'unknown' ? [answer.isGoingOn] : []));
    const stillGoingOn = goingOn.filter((isGoingOn) => isGoingOn());
    if (unknown.length === 0 && stillGoingOn.length === 0) return;
    request.doubted?.();
    this.#unanswered.push({ request, goingOn: [...stillGoingOn, ...unknown] });
  }

  #learn({ history }: Simulation, request: Request, answer: Answer<Told>): void {
    const { targetId = '', operationId = null } = answer.kind === 'ok' ? answer.value : {};
    history.note('answer', answer.kind, answer.kind === 'refused' ? answer.code : targetId, operationId);
    if (answer.kind !== 'ok') return;
    const before = this.#targets.get(request.key);
    if (before !== undefined && before !== targetId) throw new Error(`one key led to two targets: ${request.key}`);
    this.#targets.set(request.key, targetId);
    request.accepted?.(answer.value);
  }
}
