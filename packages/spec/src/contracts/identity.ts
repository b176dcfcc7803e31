import type { Pattern } from '../access/patterns.ts';
import type { RequestTrace } from './request-trace.ts';

/** Who is calling. A principal holds no role and no permission; those are read per request. */
export interface Principal {
  kind: 'platform' | 'user' | 'service';
  /** User id, service-account id, or the platform's own. */
  id: string;
  /** With `subject`, the key of an identity. An e-mail address is never a key. */
  issuer: string;
  subject: string;
  /** The organization that owns the service account; the platform's own accounts have none. */
  organizationId?: string;
  /** As the issuer says; for people to read, and nothing is decided by it. */
  email?: string;
  /** Whether the issuer has checked that the address is the user's. */
  emailVerified?: boolean;
  /** When the user last proved who they are, in seconds since the Unix epoch (`auth_time` of OpenID Connect). */
  authTime?: number;
  /** How they did, as the issuer says (`amr`, RFC 8176). */
  amr?: readonly string[];
  /** Name of the sign-in connection, where a host has several. */
  connection?: string;
  /** SHA-256 of the id of the session, hexadecimal, where there is one that may have an active environment. */
  session?: string;
  /** The organization that the session is in, as the host says. It chooses among the user's own, and gives no right. */
  activeOrganizationId?: string;
  /** What the key that was presented leaves of the rights; absent: all of them. */
  narrowedTo?: Narrowing;
  /** Who acts for this principal. The rights are the principal's, the deeds are recorded as the actor's. */
  actor?: { kind: Principal['kind']; id: string };
}

/** What a key of a service account is limited to. It never adds anything. */
export interface Narrowing {
  /** Patterns; null: no limit. */
  permissions: readonly Pattern[] | null;
  /** Ids; everything outside of these environments is out of reach, the organization itself too. Null: no limit. */
  environmentIds: readonly string[] | null;
}

/** The parts of a request that identity may depend on. */
export interface IdentityRequest {
  /** Upper case. */
  method: string;
  headers: Headers;
  /** Where a provider writes down what it takes; absent outside of a request. */
  trace?: RequestTrace;
}

/** What one provider makes of a request. */
export type IdentityOutcome =
  /** Not this provider's kind of credential: the next one is asked. */
  | { outcome: 'none' }
  /** This provider's kind, and bad: 401, nobody else is asked. */
  | { outcome: 'invalid' }
  | { outcome: 'principal'; principal: Principal };

/** One way to tell who is calling. Providers are asked in a fixed order; a throw means that a dependency is down (503). */
export interface IdentityProvider {
  readonly name: string;
  authenticate(request: IdentityRequest): Promise<IdentityOutcome>;
}
