import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';

/** As whom the store logs in, and on which server: what `initdb` called it. Null on SQLite. */
export async function storeLogin(
  engine: StoreEngine<ControlPlaneTables>,
): Promise<{ server: string; role: string } | null> {
  if (engine.dialect === 'sqlite') return null;
  const { rows } = await engine.select<{ server: string; role: string }>(
    'select system_identifier::text as server, session_user::text as role from pg_control_system()',
    [],
  );
  return rows[0] ?? null;
}
