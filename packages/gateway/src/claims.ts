import type { JWTPayload } from 'jose';

/** Whom a verified token speaks for, and what it may do. Kept with the token, so everything a request needs is made here once. */
export interface Access {
  allowed: true;
  organizationId: string;
  environmentId: string;
  subject: { kind: 'user' | 'service'; id: string };
  /** Who acts for the subject. */
  actor: string | null;
  /** For display; nothing decides by it. */
  role: string | null;
  /** Concrete, or patterns where the token was asked for in that form. */
  permissions: readonly string[];
  /** Services that the environment's plan includes. */
  services: Readonly<Record<string, unknown>>;
  readOnly: boolean;
  epochs: { environment: number; subject: number; everywhere: number };
  /** `jti`, to tell a request from the token it came with. */
  tokenId: string;
}

/** Ids become header values: what a header would trim, split or refuse is no id. */
const ID = /^[\x21-\x7e]{1,255}$/;

/** The claims of an environment token, or undefined when they are not those. Signature and times are checked elsewhere. */
export function readAccess(payload: JWTPayload): Access | undefined {
  const { sub, sub_type: kind, org, env, aud, jti, permissions, services, ep, ro, role, act } = payload;
  if (!isId(sub) || !isId(org) || !isId(env) || aud !== `env:${env}` || typeof jti !== 'string') return undefined;
  if (kind !== 'user' && kind !== 'service') return undefined;
  if (!Array.isArray(permissions) || !permissions.every((each) => typeof each === 'string')) return undefined;
  if (!isObject(services) || !isEpochs(ep) || (ro !== undefined && typeof ro !== 'boolean')) return undefined;
  const actor = act === undefined ? null : isObject(act) ? act['sub'] : undefined;
  if (actor !== null && !isId(actor)) return undefined;
  // A restriction to addresses that is not enforced here must not be taken for one that is.
  if (payload['ip'] !== undefined) return undefined;
  return {
    allowed: true,
    organizationId: org,
    environmentId: env,
    subject: { kind, id: sub },
    actor,
    role: typeof role === 'string' ? role : null,
    permissions,
    services,
    readOnly: ro === true,
    epochs: { environment: ep[0], subject: ep[1], everywhere: ep[2] ?? 0 },
    tokenId: jti,
  };
}

const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEpochs = (value: unknown): value is [environment: number, subject: number, everywhere?: number] =>
  Array.isArray(value) &&
  (value.length === 2 || value.length === 3) &&
  value.every((epoch) => Number.isSafeInteger(epoch) && epoch >= 0);
