// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** The administrator secret that is to take the place of the sealed one, and the operation that brings it there. */
export const administratorRotation: SchemaStep = {
  id: 13,
  name: 'administrator rotation',
  statements: {
    sqlite: columns('text', 'text', 'integer'),
    postgres: columns('text collate "C"', 'text collate "C"', 'timestamptz(3)'),
  },
};

function columns(...[ciphertext, operation, due]: [string, string, string]): string[] {
  return [
    `"next_administrator_ciphertext" ${ciphertext}`,
    `"rotation_operation_id" ${operation}`,
    `"rotation_due_at" ${due}`,
  ].map((column) => `alter table sys_placement add column ${column}`);
}
