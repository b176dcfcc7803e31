// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** What a key of a service account is narrowed to. */
export const narrowedKeys: SchemaStep = {
  id: 5,
  name: 'narrowed-keys',
  statements: {
    sqlite: [
      `alter table sys_service_account_key add column "permissions" text check (json_valid("permissions"))`,
      `alter table sys_service_account_key add column "environment_ids" text check (json_valid("environment_ids"))`,
    ],
    postgres: [
      `alter table sys_service_account_key add column "permissions" jsonb`,
      `alter table sys_service_account_key add column "environment_ids" jsonb`,
    ],
  },
};
