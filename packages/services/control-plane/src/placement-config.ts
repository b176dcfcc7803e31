import { Secret } from '@envplane/spec';
import { z } from 'zod';

/** The variables that each make one placement, named like its driver. */
export const placementVariables = {
  ENVPLANE_POSTGRES_ADMIN_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^/?#@]+:[^/?#@]+@./, 'must be postgres://<administrator>:<password>@<host>…')
    .refine((url) => URL.canParse(url), 'must be a URL')
    .optional(),
  ENVPLANE_LIBSQL_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  ENVPLANE_LIBSQL_ADMIN_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  ENVPLANE_LIBSQL_ADMIN_KEY: z
    .string()
    .regex(/^[^:]+:./, 'must be <user>:<password> of the admin port')
    .optional(),
  TURSO_ORG_NAME: z.string().optional(),
  TURSO_API_TOKEN: z.string().optional(),
  TURSO_API_URL: z.url({ protocol: /^https$/, error: 'must be an https URL' }).optional(),
  TURSO_GROUP: z.string().optional(),
};

type Values = { [Name in keyof typeof placementVariables]?: string | undefined };

/** Variables that make sense together only. `TURSO_API_TOKEN` alone may be meant for another program. */
const TOGETHER: readonly { when: readonly (keyof Values)[]; all: readonly (keyof Values)[] }[] = [
  {
    when: ['ENVPLANE_LIBSQL_URL', 'ENVPLANE_LIBSQL_ADMIN_URL', 'ENVPLANE_LIBSQL_ADMIN_KEY'],
    all: ['ENVPLANE_LIBSQL_URL', 'ENVPLANE_LIBSQL_ADMIN_URL', 'ENVPLANE_LIBSQL_ADMIN_KEY'],
  },
  { when: ['TURSO_ORG_NAME', 'TURSO_GROUP'], all: ['TURSO_ORG_NAME', 'TURSO_API_TOKEN', 'TURSO_GROUP'] },
];

/** The first variable that is missing beside those that are set. */
export function missingVariable(values: Values): { missing: string; beside: string } | undefined {
  for (const { when, all } of TOGETHER) {
    const beside = when.find((name) => values[name] !== undefined);
    const missing = beside && all.find((name) => values[name] === undefined);
    if (missing) return { missing, beside };
  }
  return undefined;
}

/** A placement of the configuration; its administrator stays in the environment. */
export interface PlacementConfig {
  name: string;
  driver: string;
  settings?: Record<string, string>;
  administratorVariable?: string;
}

/** The placements that the variables describe, SQLite's directory first: it needs none. */
export function placementsOf(values: Values): PlacementConfig[] {
  const placements: PlacementConfig[] = [{ name: 'sqlite', driver: 'sqlite' }];
  if (values.ENVPLANE_POSTGRES_ADMIN_URL !== undefined) {
    const url = new URL(values.ENVPLANE_POSTGRES_ADMIN_URL);
    url.password = '';
    placements.push({
      name: 'postgres',
      driver: 'postgres',
      settings: { url: url.href },
      administratorVariable: 'ENVPLANE_POSTGRES_ADMIN_URL',
    });
  }
  const { ENVPLANE_LIBSQL_URL: libsqlUrl, ENVPLANE_LIBSQL_ADMIN_URL: adminUrl } = values;
  if (libsqlUrl !== undefined && adminUrl !== undefined) {
    placements.push({
      name: 'libsql',
      driver: 'libsql',
      settings: { url: libsqlUrl, adminUrl },
      administratorVariable: 'ENVPLANE_LIBSQL_ADMIN_KEY',
    });
  }
  const { TURSO_ORG_NAME: organization, TURSO_GROUP: group, TURSO_API_URL: apiUrl } = values;
  if (organization !== undefined && group !== undefined) {
    placements.push({
      name: 'turso',
      driver: 'turso',
      settings: { organization, group, ...(apiUrl !== undefined && { apiUrl }) },
      administratorVariable: 'TURSO_API_TOKEN',
    });
  }
  return placements;
}

/** The administrator secret that a variable holds: of a URL its password, else the value. */
export function administratorSecret(name: string, value: string | undefined): Secret | undefined {
  if (value === undefined) return undefined;
  if (name !== 'ENVPLANE_POSTGRES_ADMIN_URL') return new Secret(value);
  return new Secret(decodeURIComponent(new URL(value).password));
}
