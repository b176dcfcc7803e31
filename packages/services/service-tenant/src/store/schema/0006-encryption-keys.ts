// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** Re-wrapping data keys: what is wished for, by whom it is worked on, and how far it is. */
export const encryptionKeys: SchemaStep = {
  id: 6,
  name: 'encryption keys',
  statements: {
    sqlite: [
      `alter table sys_operation add column "progress" text check (json_valid("progress"))`,
      `alter table sys_installation add column "rewrap_operation_id" text`,
      `alter table sys_installation add column "rewrap_encryptor_id" text`,
      `alter table sys_installation add column "rewrap_due_at" integer`,
      `alter table sys_installation add column "rewrap_counted_at" integer`,
    ],
    postgres: [
      `alter table sys_operation add column "progress" jsonb`,
      `alter table sys_installation add column "rewrap_operation_id" text collate "C"`,
      `alter table sys_installation add column "rewrap_encryptor_id" text collate "C"`,
      `alter table sys_installation add column "rewrap_due_at" timestamptz(3)`,
      `alter table sys_installation add column "rewrap_counted_at" timestamptz(3)`,
    ],
  },
};
