import type { OpenedConnection } from '@envplane/service-tenant';
import type { ConnectionView } from '@envplane/spec';

/** S29: the only place in the service where a database secret becomes text. */
export function connectionView({
  secret,
  user,
  namespace,
  expiresAtMs,
  ...connection
}: OpenedConnection): ConnectionView {
  return {
    ...connection,
    user: user ?? null,
    secret: secret?.reveal() ?? null,
    namespace: namespace ?? null,
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
  };
}
