// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';
import type { Engine } from './ddl.ts';

/** What is wished for a credential, what ends with it, and whose it is. */
export const rotation: SchemaStep = {
  id: 8,
  name: 'rotation',
  statements: { sqlite: statements('sqlite'), postgres: statements('postgres') },
};

/** The default lets code of before this step add rows; of the keys it makes what they were. */
function statements(engine: Engine): string[] {
  const [text, integer, instant] =
    engine === 'sqlite' ? ['text', 'integer', 'integer'] : ['text collate "C"', 'bigint', 'timestamptz(3)'];
  const key = (name: string, rest: string) => [
    `drop index database_credential_${name}_key`,
    `create unique index database_credential_${name}_key on sys_database_credential ("environment_database_id", "principal", "authorization"${rest}`,
  ];
  return [
    ...[
      `"principal" ${text} not null default 'environment'`,
      `"urgency" ${text}`,
      `"grace_ms" ${integer}`,
      `"drain_at" ${instant}`,
      `"operation_id" ${text}`,
    ].map((column) => `alter table sys_database_credential add column ${column}`),
    ...key('version', ', "version")'),
    ...key('active', `) where "state" = 'active'`),
    ...key('staged', `) where "state" = 'staged'`),
  ];
}
