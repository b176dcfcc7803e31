import {
  ControlPlaneError,
  type OrganizationView,
  type TenantContext,
  type TenantIdentificationSource,
  type TenantRoutingConfig,
  TenantRoutingConfigSchema,
} from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { EnvironmentProvisioningService } from '../service.ts';
import { headersOf } from './kernel-resolver.ts';

/** What a host says of a request. Session and claims are those it has checked. */
export interface TenantRequest {
  hostname?: string;
  headers?: Headers | Record<string, string | string[] | undefined>;
  session?: { user?: { id?: string }; activeOrganizationId?: string; session?: { activeOrganizationId?: string } };
  jwt?: { sub?: string } & Record<string, unknown>;
}

/**
 * The service `tenant`: the environment of a request by the sources that the configuration names, in that order. A tenant is an
 * environment; where a source names an organization, its default one. Whoever the request is of must be let in by the gate.
 */
export class TenantContextService {
  readonly #open: () => { service: EnvironmentProvisioningService };
  readonly #config: ReturnType<typeof TenantRoutingConfigSchema.parse>;
  readonly #subdomain: RegExp | null;

  /** @throws ZodError, TypeError for a configuration that is not one */
  constructor(config: TenantRoutingConfig, open: () => { service: EnvironmentProvisioningService }) {
    this.#open = open;
    this.#config = TenantRoutingConfigSchema.parse(config);
    const { subdomainPattern } = this.#config;
    this.#subdomain = subdomainPattern === undefined ? null : patternOf(subdomainPattern);
  }

  /** Null when no source names one, when it is not there, not active, or closed to whoever asks. */
  async resolveTenantContext(request: TenantRequest): Promise<TenantContext | null> {
    const userId = request.session?.user?.id ?? request.jwt?.sub;
    if (!this.#config.enabled || typeof userId !== 'string') return null;
    const caller: Caller = {
      principal: { kind: 'user', id: userId, issuer: 'host', subject: userId },
      requestId: null,
      clientAddress: null,
    };
    for (const source of this.#config.identificationSources) {
      const name = await this.#named(source, request);
      // The first source that names one decides: another one would be a way around it.
      if (name !== undefined) return this.#enter(caller, name);
    }
    return null;
  }

  /** What another process changes is seen by itself; this is for hosts that ask for it at once. */
  invalidateTenant(_id: string): void {
    this.clearCache();
  }

  clearCache(): void {
    this.#open().service.routing.forget();
  }

  /** An id of an environment or of an organization. */
  async #named(source: TenantIdentificationSource, request: TenantRequest): Promise<string | undefined> {
    const host = request.hostname
      ?.toLowerCase()
      .replace(/:\d{1,5}$/, '')
      .replace(/\.$/, '');
    const { customDomainMapping, defaultTenantId, jwtOrganizationClaim, tenantHeaderName } = this.#config;
    switch (source) {
      case 'subdomain':
        return host === undefined ? undefined : await this.#ofSubdomain(host);
      case 'custom_domain':
        return host === undefined
          ? undefined
          : customDomainMapping && Object.hasOwn(customDomainMapping, host)
            ? customDomainMapping[host]
            : undefined;
      case 'header':
        return headersOf(request.headers).get(tenantHeaderName) ?? undefined;
      case 'jwt_claim':
        return text(request.jwt?.[jwtOrganizationClaim]);
      case 'session':
        return text(request.session?.activeOrganizationId ?? request.session?.session?.activeOrganizationId);
      case 'default':
        return defaultTenantId;
    }
  }

  /** A hostname that an environment has, else the organization that the pattern finds in it, where there is one. */
  async #ofSubdomain(host: string): Promise<string | undefined> {
    const environmentId = await this.#open().service.routing.findByHostname(host);
    return environmentId ?? this.#subdomain?.exec(host)?.[1];
  }

  /** What is looked up here nobody sees whom the gate does not let in. */
  async #enter(caller: Caller, name: string): Promise<TenantContext | null> {
    const { service } = this.#open();
    try {
      const organization = await organizationOf(service, name);
      const url = organization ? organization.defaultEnvironmentId : name;
      const found = url === null ? null : await service.routing.resolve(caller, { url });
      if (!found) return null;
      const environment = await service.environments.get(found.environmentId);
      const { slug } = await service.organizations.get(environment.organizationId);
      const { databaseUrl } = environment.database;
      if (databaseUrl === null) return null;
      return {
        tenantId: environment.id,
        organizationId: environment.organizationId,
        organizationSlug: slug,
        databaseUrl,
        plan: environment.plan,
        ...(environment.metadata && { metadata: environment.metadata }),
      };
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code !== 'store_unavailable') return null;
      throw error;
    }
  }
}

/** Organizations and environments may have ids of one form; what is no organization is taken for an environment. */
async function organizationOf(service: EnvironmentProvisioningService, name: string): Promise<OrganizationView | null> {
  try {
    return await service.organizations.get(name);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'not_found') return null;
    throw error;
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** `{tenant}.example.com` finds `acme` in `acme.example.com`. @throws TypeError */
function patternOf(pattern: string): RegExp {
  const [before, after, ...more] = pattern.split(/\{[a-zA-Z]+\}/);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new TypeError('subdomainPattern holds one placeholder, such as {tenant}.example.com');
  }
  const literal = (part: string) => part.toLowerCase().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal(before)}([a-z0-9][a-z0-9-]{0,62})${literal(after)}$`);
}
