/** Who is calling. A principal holds no role and no permission; those are read per request. */
export interface Principal {
  kind: 'platform' | 'user' | 'service';
  /** User id, service-account id, or the platform's own. */
  id: string;
  /** With `subject`, the key of an identity. An e-mail address is never a key. */
  issuer: string;
  subject: string;
}

/** The parts of a request that identity may depend on. Header names are lower case. */
export interface IdentityRequest {
  method: string;
  header(name: string): string | undefined;
}

/** One way to tell who is calling. Providers are asked in a fixed order; a throw means that a dependency is down (503). */
export interface IdentityProvider {
  readonly name: string;
  authenticate(request: IdentityRequest): Promise<
    /** Not this provider's kind of credential: the next one is asked. */
    | { outcome: 'none' }
    /** This provider's kind, and bad: 401, nobody else is asked. */
    | { outcome: 'invalid' }
    | { outcome: 'principal'; principal: Principal }
  >;
}
