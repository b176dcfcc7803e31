// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** What an operation ends beyond what was asked for, announced when it is accepted. */
export const blastRadius: SchemaStep = {
  id: 15,
  name: 'blast radius',
  statements: {
    sqlite: [`alter table sys_operation add column "blast_radius" text check (json_valid("blast_radius"))`],
    postgres: [`alter table sys_operation add column "blast_radius" jsonb`],
  },
};
