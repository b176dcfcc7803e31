import { describe, expect, it } from 'vitest';
import {
  controlPlaneObjects,
  createStatements,
  keyStoreObjects,
  SysEnvironment,
  SysEnvironmentDatabase,
  SysOrganization,
  SysPlacement,
  SysSigningKey,
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

interface Component {
  properties: Record<string, unknown>;
}

const { components } = JSON.parse(read('packages/services/control-plane/openapi.json')) as {
  components: { schemas: Record<string, Component> };
};

describe('cap SP5 what the OpenAPI document shows', () => {
  it.each([
    // Embedded records have objects of their own; the time of a purge stands with the database.
    ['Environment', SysEnvironment, ['database', 'credential', 'purgeAfter']],
    ['EnvironmentDatabase', SysEnvironmentDatabase, []],
    // Derived from the environments.
    ['Organization', SysOrganization, ['defaultEnvironmentId']],
    ['Placement', SysPlacement, ['administrator', 'databases']],
    ['SigningKey', SysSigningKey, []],
  ] as const)('of %s is what the object shows', (schema, object, derived) => {
    const camel = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    const visible = object.fields.filter((field) => !field.hidden).map((field) => camel(field.name));
    const shown = Object.keys(components.schemas[schema]?.properties ?? {});
    const timesOnly = schema === 'EnvironmentDatabase' || schema === 'Placement' ? ['createdAt', 'updatedAt'] : [];
    const internal = new Set<string>(['placementId', 'bound', ...timesOnly]);
    expect(shown.filter((name) => !(derived as readonly string[]).includes(name)).sort()).toEqual(
      visible.filter((name) => !internal.has(name)).sort(),
    );
  });
});
