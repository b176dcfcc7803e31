import type { ObjectDefinition, ObjectField } from '../objects/define-object.ts';
import {
  SysDatabaseCredential,
  SysEnvironment,
  SysEnvironmentDatabase,
  SysEnvironmentMember,
} from '../objects/index.ts';
import { shownFields } from '../store/record-reads.ts';

/** The datasource that the host reads them from. */
export const DATASOURCE = 'envplane';

/** An object as hosts take it: only keys that all of them know. */
export interface HostObject {
  name: string;
  label: string;
  pluralLabel: string;
  description: string;
  icon: string;
  isSystem: true;
  datasource?: string;
  fields: Record<string, object>;
  indexes: { name: string; fields: string[]; unique: boolean }[];
  enable: { apiEnabled: boolean; apiMethods: ('get' | 'list')[] };
}

/** What a host gets to see of the control plane's records. */
export const readableObjects: readonly ObjectDefinition[] = [
  SysEnvironment,
  SysEnvironmentDatabase,
  SysDatabaseCredential,
  SysEnvironmentMember,
];

/** Plain copies: a host changes what it is given. */
export const hostObjects = (): HostObject[] =>
  readableObjects.map((object) => ({
    ...hostObject(object, shownFields(object), object !== SysDatabaseCredential),
    datasource: DATASOURCE,
  }));

/** @param isExposed whether the host's generic API may read it; nobody writes through that */
export function hostObject(
  { name, label, pluralLabel, description, icon, indexes }: Omit<ObjectDefinition, 'schema'>,
  fields: readonly ObjectField[],
  isExposed: boolean,
): HostObject {
  const known = new Set(fields.map((field) => field.name));
  return {
    ...{ name, label, pluralLabel, description, icon },
    isSystem: true,
    fields: Object.fromEntries(fields.map((field) => [field.name, hostField(field)])),
    // The condition of a partial index is none of the keys that all hosts know; the store has the index all the same.
    indexes: indexes
      .filter((index) => !index.where && index.fields.every((field) => known.has(field)))
      .map((index) => ({ name: index.name, fields: [...index.fields], unique: index.unique })),
    enable: { apiEnabled: isExposed, apiMethods: isExposed ? ['get', 'list'] : [] },
  };
}

function hostField({
  label,
  description,
  type,
  required,
  readonly,
  hidden,
  maxLength,
  options,
  reference,
}: ObjectField) {
  return {
    ...{ type, label, description, required, readonly, hidden },
    ...(maxLength !== undefined && { maxLength }),
    ...(options && { options: options.map((option) => ({ ...option })) }),
    ...(reference !== undefined && { reference }),
  };
}
