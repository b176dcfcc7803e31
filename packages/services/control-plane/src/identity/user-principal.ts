import { type Principal, UserIdSchema } from '@envplane/spec';

/** What somebody else's word on a user may add to a principal. Organizations, roles and rights are never taken from there. */
export type UserDetails = Pick<Principal, 'email' | 'emailVerified' | 'authTime' | 'amr' | 'connection'>;

/**
 * A user as a principal, made field by field: nothing else that the source knows comes along.
 * @throws TypeError when the id cannot be one
 */
export function userPrincipal(id: string, issuer: string, subject: string, details: UserDetails): Principal {
  if (!UserIdSchema.safeParse(id).success) throw new TypeError('what was given as a user id cannot be one');
  const { email, emailVerified, authTime, amr, connection } = details;
  return {
    kind: 'user',
    id,
    issuer,
    subject,
    ...(email !== undefined && { email, emailVerified: emailVerified === true }),
    ...(authTime !== undefined && { authTime }),
    ...(amr !== undefined && { amr }),
    ...(connection !== undefined && { connection }),
  };
}
