// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** Which secret of its administrator a placement has. The default says that the sealed ones of before are bound to no version. */
export const administratorVersion: SchemaStep = {
  id: 14,
  name: 'administrator version',
  statements: { sqlite: [column('integer')], postgres: [column('bigint')] },
};

function column(integer: string): string {
  return `alter table sys_placement add column "administrator_version" ${integer} not null default 0`;
}
