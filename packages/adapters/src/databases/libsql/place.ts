import { AdapterError, type DatabaseTarget, type Placement, type Secret } from '@envplane/spec';
import { invalid } from './errors.ts';

/** A libSQL server (sqld) with namespaces, as a placement describes it. */
export interface Place {
  /** Origin of the data port. */
  url: string;
  /** Origin of the admin port. */
  adminUrl: string;
  /** Host (and port) below which every namespace has a name of its own; null when clients name the namespace in a header. */
  domain: string | null;
  /** `user:pass` of the admin port. */
  administrator: Secret;
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/;
const GENERATED = /^[a-z0-9]{20,40}$/;
const LABEL = /^[A-Za-z0-9-]{1,64}$/;

/** Reads a placement. @throws AdapterError `invalid_request` when an address is missing, unsafe or no plain origin. */
export function placeOf({ settings, administrator }: Placement): Place {
  if (administrator === null || !administrator.reveal().includes(':')) {
    throw invalid('A libSQL placement needs an administrator, as user:pass of the admin port.');
  }
  const domain = settings['domain'] ?? null;
  if (domain !== null && !(typeof domain === 'string' && DOMAIN.test(domain))) {
    throw invalid('The domain of a libSQL placement is a host name, with a port or without.');
  }
  return { url: originOf(settings['url']), adminUrl: originOf(settings['adminUrl']), domain, administrator };
}

/** Plain text is for loopback only: tokens and the administrator's password travel in every request. */
function originOf(setting: unknown): string {
  const url = typeof setting === 'string' && URL.canParse(setting) ? new URL(setting) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid('A libSQL placement has the addresses url and adminUrl, both http or https.');
  }
  if (url.href !== `${url.origin}/`) {
    throw invalid('An address of a libSQL placement is an origin: no user, no path, no parameters.');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid('A libSQL server on another host is reached by https only.');
  }
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * The namespace of a target. The server takes any name, also one with a path in it (S9), so it is checked here.
 * @throws AdapterError `invalid_request` for what our generator cannot have made.
 */
export function namespaceOf(target: DatabaseTarget): string {
  const { databaseName, organizationScope, objectId, installationId } = target;
  const fits = [databaseName, organizationScope].every((name) => GENERATED.test(name));
  if (!fits || !LABEL.test(objectId) || !LABEL.test(installationId)) {
    throw new AdapterError('invalid_request', 'The names of the database are not generated ones.');
  }
  return databaseName;
}

export function isGenerated(databaseName: string): boolean {
  return GENERATED.test(databaseName);
}

export function databaseUrlOf(place: Place, namespace: string): string {
  return place.domain === null ? place.url : `https://${namespace}.${place.domain}`;
}
