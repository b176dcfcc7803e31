import { ControlPlaneError } from '@envplane/spec';
import postgres from 'postgres';
import { UNIQUE_INDEXES } from './tables.ts';

/**
 * What a failed store call means to the caller. A refused unique index becomes the conflict declared with it; a defect of
 * ours stays what it is; everything else is the store being unavailable. Driver text holds SQL and values and goes nowhere.
 */
export function storeError(error: unknown): unknown {
  const violated = violatedIndex(error);
  if (violated) {
    return violated.conflict
      ? new ControlPlaneError(violated.conflict, CONFLICTS[violated.conflict] ?? 'This already exists.')
      : new Error(`unique index ${violated.name} refused a write`);
  }
  if (/^SQLITE_(?!CONSTRAINT|ERROR)/.test(codeOf(error))) return unavailable(codeOf(error));
  if (error instanceof postgres.PostgresError) {
    // Classes 08 connection, 53 resources, 57 operator intervention; what others stand in the way of: a lock that they keep, a
    // deadlock and a conflict that outlast the repetitions. The others are defects of ours.
    return /^(08|53|57|55P03|40P01|40001)/.test(error.code)
      ? unavailable(error.code)
      : new Error(`the store refused a statement (${error.code})`);
  }
  if (CONNECTION_ERROR.test(codeOf(error))) return unavailable(codeOf(error));
  return error;
}

const CONFLICTS: Record<string, string> = {
  name_taken: 'This name is taken, or was; choose another.',
  slug_taken: 'This slug is taken; choose another.',
  default_taken: 'The organization already has a default environment; use set-default to change it.',
  hostname_taken: 'This hostname is taken; choose another.',
  already_member: 'This user is already a member.',
};

function unavailable(code: string): ControlPlaneError {
  return new ControlPlaneError('store_unavailable', `The control-plane store cannot be used (${code}); try again.`, {
    retryAfterMs: 1_000,
  });
}

/** Codes of the operating system and of the PostgreSQL client. */
const CONNECTION_ERROR = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|EAI_AGAIN|CONNECT|CONNECTION_)/;

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
}

function violatedIndex(error: unknown) {
  if (error instanceof Error && codeOf(error) === 'SQLITE_CONSTRAINT_UNIQUE') {
    // "UNIQUE constraint failed: sys_environment.organization_id, sys_environment.slug"
    const columns = error.message.replace(/^.*failed: /, '').split(', ');
    const table = columns[0]?.split('.')[0] ?? '';
    const fields = columns.map((column) => column.split('.')[1]).join();
    return UNIQUE_INDEXES.get(table)?.find((index) => index.fields.join() === fields);
  }
  if (error instanceof postgres.PostgresError && error.code === '23505') {
    return UNIQUE_INDEXES.get(error.table_name ?? '')?.find((index) => index.name === error.constraint_name);
  }
  return undefined;
}
