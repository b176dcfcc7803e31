import type { SchemaStep } from './apply-steps.ts';
import type { Engine } from './ddl.ts';

/** Weight, capacity, administrator and last check of placements; what identifies the place leaves its settings. */
export const placements: SchemaStep = {
  id: 2,
  name: 'placements',
  statements: {
    sqlite: [
      ...columns('sqlite'),
      `update sys_placement set "identity" = json_extract("settings", '$.identity'), "settings" = json_remove("settings", '$.identity')`,
    ],
    postgres: [
      ...columns('postgres'),
      `update sys_placement set "identity" = "settings" ->> 'identity', "settings" = "settings" - 'identity'`,
    ],
  },
};

/** HAZARD: text of a step that is never edited after a release. The defaults let code of before this step add rows. */
function columns(engine: Engine): string[] {
  const [text, integer] = engine === 'sqlite' ? ['text', 'integer'] : ['text collate "C"', 'bigint'];
  return [
    `"weight" ${integer} not null default 100`,
    `"capacity" ${integer}`,
    `"identity" ${text}`,
    `"administrator_variable" ${text}`,
    `"administrator_ciphertext" ${text}`,
    `"administrator_key_ciphertext" ${text}`,
    `"kek_id" ${text}`,
    `"encryptor_id" ${text}`,
    `"last_error_code" ${text}`,
    `"version" ${integer} not null default 1`,
  ].map((column) => `alter table sys_placement add column ${column}`);
}
