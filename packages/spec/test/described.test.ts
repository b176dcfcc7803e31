import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as spec from '../src/index.ts';

const schemas = Object.entries(spec).flatMap(([name, value]): [string, z.ZodType][] =>
  value instanceof z.ZodType ? [[name, value]] : [],
);
schemas.push(['PageSchema', spec.PageSchema(spec.EnvironmentViewSchema)]);

/** The schemas directly below one. */
function children(schema: z.ZodType): [string, z.ZodType][] {
  const below: [string, unknown][] =
    schema instanceof z.ZodObject
      ? Object.entries(schema.shape).map(([key, field]) => [`.${key}`, field])
      : schema instanceof z.ZodArray
        ? [['[]', schema.element]]
        : schema instanceof z.ZodUnion
          ? schema.options.map((option, index) => [`|${index}`, option])
          : schema instanceof z.ZodRecord
            ? [['{}', schema.valueType]]
            : schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
              ? [['', schema.unwrap()]]
              : [];
  return below.map(([path, child]) => [path, child as z.ZodType]);
}

/** A schema and everything inside it, with paths. */
function walk(path: string, schema: z.ZodType): [string, z.ZodType][] {
  return [[path, schema], ...children(schema).flatMap(([step, child]) => walk(path + step, child))];
}

/** Optional fields of a named schema carry the description of that schema: describing them again would inline a copy. */
function description(schema: z.ZodType): string | undefined {
  return (
    schema.description ?? (schema instanceof z.ZodOptional ? description(schema.unwrap() as z.ZodType) : undefined)
  );
}

const named = (suffix: RegExp) => schemas.filter(([name]) => suffix.test(name));

describe('every schema', () => {
  it('is found by this test', () => {
    expect(schemas.length).toBeGreaterThan(60);
    expect(schemas.every(([name]) => name.endsWith('Schema'))).toBe(true);
  });

  it.each(schemas)('%s says what it and each of its fields is', (name, schema) => {
    expect(schema.description, name).toMatch(/\S/);
    for (const [path, part] of walk(name, schema)) {
      if (!(part instanceof z.ZodObject)) continue;
      for (const [key, field] of Object.entries(part.shape)) {
        expect(description(field as z.ZodType), `${path}.${key}`).toMatch(/\S/);
      }
    }
  });

  it('has a name in the API document that is its own', () => {
    const ids = new Map<unknown, z.ZodType>();
    for (const [name, schema] of schemas.flatMap(([top, value]) => walk(top, value))) {
      const id = schema.meta()?.id;
      if (id === undefined) continue;
      expect(ids.get(id) ?? schema, `${name} and another schema are both called ${id}`).toBe(schema);
      ids.set(id, schema);
    }
    expect(ids.size).toBeGreaterThan(30);
  });
});

describe('records', () => {
  const records = [
    spec.OrganizationSchema,
    spec.OrganizationMemberSchema,
    spec.EnvironmentSchema,
    spec.EnvironmentMemberSchema,
    spec.EnvironmentDatabaseSchema,
    spec.DatabaseCredentialSchema,
    spec.PlacementSchema,
    spec.AuditEventSchema,
    spec.TenantDatabaseSchema,
    spec.PackageInstallationSchema,
  ];

  it('describe each field at the field itself, where object definitions read it', () => {
    for (const record of records) {
      for (const [key, field] of Object.entries(record.shape)) {
        expect((field as z.ZodType).description, key).toMatch(/\S/);
      }
    }
  });
});

describe('views', () => {
  it.each(named(/View(Schema)$|^PageSchema$/))('%s always has every key and changes nothing', (name, schema) => {
    for (const [path, part] of walk(name, schema)) {
      const kind = part.def.type;
      expect(['optional', 'default', 'prefault', 'transform', 'pipe', 'catch'], `${path} is ${kind}`).not.toContain(
        kind,
      );
      expect(isNullableName(part), `${path}: a named schema loses its null in the document`).toBe(false);
      const rewrites = (part.def.checks ?? []).some((check) => check._zod.def.check === 'overwrite');
      expect(rewrites, `${path} rewrites its value`).toBe(false);
    }
  });

  it('tolerate a field that a later version adds', () => {
    const driver = {
      driver: 'sqlite',
      configured: true,
      guarantees: 'full',
      credentials: 'none',
      facets: {
        readOnly: false,
        copy: 'online',
        suspend: false,
        archive: true,
        inventory: true,
        stats: true,
        drift: true,
        storageLimit: 'measured',
        rotatesCredentials: false,
        revokesOne: false,
        revokedSessions: null,
        socketsOutlive: false,
        credentialsExpire: false,
        limitsLifetime: false,
        rotatesAdministrator: false,
      },
    };
    expect(spec.DriverViewSchema.safeParse({ ...driver, later: 1 }).success).toBe(true);
  });

  it('sec: hold no ciphertext and no secret, but for the connection', () => {
    for (const [name, schema] of named(/ViewSchema$/)) {
      const secrets = walk(name, schema).flatMap(([path]) =>
        /secret|token|password|ciphertext/i.test(path) ? [path] : [],
      );
      expect(
        secrets.filter((path) => !path.startsWith('ConnectionViewSchema.secret')),
        name,
      ).toEqual([]);
    }
  });
});

function isNullableName(schema: z.ZodType): boolean {
  return schema instanceof z.ZodNullable && (schema.unwrap() as z.ZodType).meta()?.id !== undefined;
}

describe('requests', () => {
  const requests = named(/(Body|Request|Config)Schema$/);

  it('are found by this test', () => {
    expect(requests.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'CreateEnvironmentBodySchema',
        'ProvisionEnvironmentRequestSchema',
        'TenantRoutingConfigSchema',
      ]),
    );
  });

  it.each(requests)('%s refuses a key it does not know, at every level', (name, schema) => {
    const objects = walk(name, schema).filter(([, part]) => part instanceof z.ZodObject);
    expect(objects.length).toBeGreaterThan(0);
    for (const [path, part] of objects) {
      for (const key of ['later', '__proto__', 'constructor']) {
        const issues = part.safeParse(JSON.parse(`{${JSON.stringify(key)}:1}`)).error?.issues ?? [];
        const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
        expect(unknown, path).toEqual([key]);
      }
    }
  });
});
