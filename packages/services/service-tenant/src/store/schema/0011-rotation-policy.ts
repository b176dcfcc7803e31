// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** After how many days credentials are replaced by themselves. */
export const rotationPolicy: SchemaStep = {
  id: 11,
  name: 'rotation policy',
  statements: {
    sqlite: ['environment', 'organization'].map(
      (object) => `alter table sys_${object} add column "credential_rotation_days" integer`,
    ),
    postgres: ['environment', 'organization'].map(
      (object) => `alter table sys_${object} add column "credential_rotation_days" bigint`,
    ),
  },
};
