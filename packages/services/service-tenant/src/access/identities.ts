import type { Deps } from '../deps.ts';
import { userOfIdentity } from '../store/identities.ts';

/**
 * The user that a subject of an issuer is; made when it is seen for the first time. The same pair is always the same user, and
 * no two pairs are one. For identity providers, which know who it is before anybody is allowed anything.
 * @throws ControlPlaneError `store_unavailable`
 */
export const mapIdentity = (deps: Pick<Deps, 'engine' | 'uuid'>, issuer: string, subject: string): Promise<string> =>
  userOfIdentity(deps.engine, { issuer, subject, newUserId: deps.uuid() });
