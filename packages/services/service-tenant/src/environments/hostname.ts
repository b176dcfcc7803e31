import { ControlPlaneError } from '@envplane/spec';
import type { Deps } from '../deps.ts';

/** How many names are tried where the one that is wanted is taken. */
export const MOST_NAMES = 100;

const LABEL_LENGTH = 63;

/** A name with a number, from the second on: at most 63 characters, as slugs and labels of DNS names have. */
export function numberedLabel(label: string, number: number): string {
  const suffix = number === 1 ? '' : `-${number}`;
  return `${label.slice(0, LABEL_LENGTH - suffix.length).replace(/-+$/, '')}${suffix}`;
}

/** A DNS name with a number at its first label, from the second on. */
export function numberedHostname(hostname: string, number: number): string {
  const [first = '', ...rest] = hostname.split('.');
  return [numberedLabel(first, number), ...rest].join('.');
}

/** The DNS name of an environment that nobody gave one; null without a root domain. */
export function generatedHostname(
  rootDomain: string | null,
  environmentSlug: string,
  organizationSlug: string,
): string | null {
  return rootDomain === null ? null : `${numberedLabel(`${environmentSlug}-${organizationSlug}`, 1)}.${rootDomain}`;
}

/**
 * Makes an environment under the DNS name that was asked for, else under a generated one. Slugs of different organizations can come to
 * the same: then a number is added. One that was asked for is never changed.
 * @throws ControlPlaneError `hostname_taken`, and as `make` does
 */
export async function underHostname<Made>(
  { settings }: Pick<Deps, 'settings'>,
  asked: { hostname?: string | undefined; slug: string },
  organizationSlug: string,
  make: (hostname: string | null) => Promise<Made>,
): Promise<Made> {
  if (asked.hostname !== undefined) return make(asked.hostname);
  const generated = generatedHostname(settings.rootDomain, asked.slug, organizationSlug);
  if (generated === null) return make(null);
  for (let number = 1; ; number += 1) {
    try {
      return await make(numberedHostname(generated, number));
    } catch (error) {
      const isTaken = error instanceof ControlPlaneError && error.code === 'hostname_taken';
      if (!isTaken || number === MOST_NAMES) throw error;
    }
  }
}
