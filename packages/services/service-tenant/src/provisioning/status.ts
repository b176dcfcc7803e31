import type { DatabasePhase, DesiredState, EnvironmentStatus } from '@envplane/spec';

const STUCK: readonly DatabasePhase[] = ['failed', 'conflict', 'lost'];
const ARCHIVED: readonly DatabasePhase[] = ['archiving', 'archived', 'restoring', 'purging', 'settling'];
const SUSPENDED: readonly DatabasePhase[] = ['suspended', 'resuming'];

/** What users see of a database's phase and wish; the first rule that matches wins. Written to the `status` column, never read to decide. */
export function projectStatus(database: {
  phase: DatabasePhase;
  desired_state: DesiredState;
  frozen_at: number | null;
}): EnvironmentStatus {
  if (STUCK.includes(database.phase)) return 'failed';
  if (database.desired_state === 'archived' || database.desired_state === 'absent') return 'archived';
  if (ARCHIVED.includes(database.phase)) return 'archived';
  if (database.desired_state === 'suspended' || SUSPENDED.includes(database.phase)) return 'suspended';
  if (database.frozen_at !== null || database.phase === 'adopting') return 'migrating';
  return database.phase === 'ready' ? 'active' : 'provisioning';
}
