import type { Principal } from '@envplane/spec';
import type { Caller } from '../../src/access/caller.ts';

/** Somebody whom an issuer vouches for; what they may do stands in the store. */
export const user = (id: string): Principal => ({ kind: 'user', id, issuer: 'https://idp.example', subject: id });

/** The same as who calls, from within the process. */
export const calling = (principal: Principal): Caller => ({ principal, requestId: null, clientAddress: null });
