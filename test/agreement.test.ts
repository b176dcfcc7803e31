import { describe, expect, it } from 'vitest';
import {
  controlPlaneObjects,
  createStatements,
  keyStoreObjects,
} from '../packages/services/service-tenant/src/schema.ts';
import { controlPlaneSteps, keyStoreSteps } from '../packages/services/service-tenant/src/store/schema/steps.ts';
import { read } from './tree.ts';

// Schema, object, table and OpenAPI document say the same; changing one of them alone fails here. That the tables in a store
// are what their statements say is the store's own suite (schema.store.test.ts).

describe.each([
  ['control plane', controlPlaneObjects, controlPlaneSteps],
  ['key store', keyStoreObjects, keyStoreSteps],
] as const)('cap SP5 the tables of the %s', (_name, objects, [initial, ...later]) => {
  it.each(['sqlite', 'postgres'] as const)('are what the object definitions derive on %s', (engine) => {
    const known = new Set(objects.map((object) => object.name));
    const derived = objects.flatMap((object) => createStatements(object, engine, known));
    const changes = later.flatMap((step) => [...step.statements[engine]]);
    const made = [...(initial?.statements[engine] ?? []), ...changes].filter((text) => text.startsWith('create '));
    // An index is dropped only where the same step makes it anew, as the later of two that are created.
    const indexOf = (text: string) => /^create (?:unique )?index (\w+) /.exec(text)?.[1];
    const dropped = changes.flatMap((change) => /^drop index (\w+)$/.exec(change)?.[1] ?? []);
    const created = made.filter(
      (text, at) =>
        !dropped.includes(indexOf(text) ?? '') ||
        made.findLastIndex((other) => indexOf(other) === indexOf(text)) === at,
    );
    // What a later step adds to a table of an earlier one is compared in the store itself (schema.store.test.ts).
    const isChanged = (statement: string) => {
      const table = /^create table (\w+)/.exec(statement)?.[1];
      return changes.some((change) => change.startsWith(`alter table ${table} `));
    };
    const unchanged = (statements: readonly string[]) => statements.filter((statement) => !isChanged(statement)).sort();
    expect(unchanged(created)).toEqual(unchanged(derived));
    expect(
      changes.filter((change) => !/^(alter table \w+ add column|create |update|drop index) ?/.test(change)),
    ).toEqual([]);
    for (const index of dropped) expect(created.map(indexOf)).toContain(index);
  });
});

describe('cap OB5 every object', () => {
  it.each([...controlPlaneObjects, ...keyStoreObjects].map((object) => [object.name, object] as const))(
    '%s has labels, descriptions and a sys_ name',
    (name, object) => {
      expect(name).toMatch(/^sys_[a-z_]+$/);
      expect([object.label, object.pluralLabel, object.icon, object.description].every((text) => text.length > 0)).toBe(
        true,
      );
      for (const field of object.fields)
        expect(
          [field.label, field.description].every((text) => text.length > 0),
          field.name,
        ).toBe(true);
      const fields = new Set(object.fields.map((field) => field.name));
      for (const index of object.indexes) for (const field of index.fields) expect(fields, index.name).toContain(field);
    },
  );
});

it('every table that keeps a wrapped data key is one that re-wrapping knows', () => {
  const keeping = [...controlPlaneObjects, ...keyStoreObjects].filter(({ fields }) =>
    fields.some(({ name }) => name === 'kek_id'),
  );
  const known = read('packages/services/service-tenant/src/store/wrapped-keys.ts').matchAll(/table: '(\w+)'/g);
  expect([...known].map(([, table]) => table).sort()).toEqual(keeping.map(({ name }) => name).sort());
});

interface Shape {
  $ref?: string;
  type?: string | string[];
  format?: string;
  anyOf?: Shape[];
  properties?: Record<string, Shape>;
  required?: string[];
}

const { components } = JSON.parse(read('packages/services/control-plane/openapi.json')) as {
  components: { schemas: Record<string, Shape> };
};

/** What a value may be: JSON types, an instant apart. */
function typesOf({ $ref, type, format, anyOf }: Shape): string[] {
  if ($ref) return typesOf(components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {});
  if (anyOf) return [...new Set(anyOf.flatMap(typesOf))].sort();
  return [type ?? []]
    .flat()
    .map((each) => (each === 'string' && format === 'date-time' ? 'instant' : each))
    .sort();
}

const JSON_TYPES: Record<string, readonly string[]> = {
  text: ['string'],
  integer: ['integer'],
  boolean: ['boolean'],
  instant: ['instant'],
  json: ['array', 'object'],
};

/** Empty only in rows that are not shown any more. */
const OF_WHAT_IS_THERE = ['EnvironmentDatabase.environmentId'];
const TIMES = ['createdAt', 'updatedAt'];

describe('cap SP5 what the OpenAPI document shows', () => {
  // Shown and not stored there · stored and not shown.
  it.each([
    // Embedded records have objects of their own; the time of a purge stands with the database.
    ['Environment', 'sys_environment', ['database', 'credential', 'purgeAfter'], []],
    ['EnvironmentDatabase', 'sys_environment_database', [], ['placementId', 'bound', ...TIMES]],
    [
      'DatabaseCredentialDetail',
      'sys_database_credential',
      [],
      ['environmentDatabaseId', 'secretCiphertext', 'updatedAt'],
    ],
    // Derived from the environments.
    ['Organization', 'sys_organization', ['defaultEnvironmentId'], []],
    ['OrganizationMember', 'sys_organization_member', [], ['id']],
    ['EnvironmentMember', 'sys_environment_member', [], ['id']],
    ['Placement', 'sys_placement', ['administrator', 'databases'], TIMES],
    ['SigningKey', 'sys_signing_key', [], []],
    ['ServiceAccount', 'sys_service_account', ['keys'], []],
    [
      'Operation',
      'sys_operation',
      ['done', 'target'],
      ['targetType', 'targetId', 'organizationId', 'environmentId', 'parentId', 'requestId', 'finishedAt'],
    ],
    ['AuditEvent', 'sys_audit_event', [], ['chain']],
  ] as const)(
    'of %s is what the object stores: its fields, their types, and which are never absent',
    (name, table, derived, internal) => {
      const camel = (field: string) => field.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
      const { properties = {}, required = [] } = components.schemas[name] ?? {};
      const without = (names: string[], others: readonly string[]) =>
        names.filter((each) => !others.includes(each)).sort();
      const object = controlPlaneObjects.find((each) => each.name === table);
      const visible = object?.fields.filter((field) => !field.hidden) ?? [];
      const stored = new Map(visible.map((field) => [camel(field.name), field]));
      const shown = Object.keys(properties);
      expect(without(shown, derived)).toEqual(without([...stored.keys()], internal));
      expect([...required].sort()).toEqual([...shown].sort());
      for (const [property, shape] of Object.entries(properties)) {
        const field = stored.get(property);
        if (!field) continue;
        const types = typesOf(shape);
        expect(types.includes('null'), property).toBe(
          !field.required && !OF_WHAT_IS_THERE.includes(`${name}.${property}`),
        );
        const values = types.filter((each) => each !== 'null');
        expect(
          values.length > 0 && values.every((each) => JSON_TYPES[field.kind]?.includes(each)),
          `${property}: ${values}`,
        ).toBe(true);
      }
    },
  );
});
