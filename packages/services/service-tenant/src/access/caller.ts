import type { Principal } from '@envplane/spec';

/** Who asks, and in which request. Every verb takes one. */
export interface Caller {
  principal: Principal;
  /** `X-Request-Id` of the HTTP request; null for a call in process. */
  requestId: string | null;
  /** Network of the client, already truncated; null in process. */
  clientAddress: string | null;
}

/** The process itself, calling the library directly. */
export const IN_PROCESS: Caller = {
  principal: { kind: 'platform', id: 'in-process', issuer: 'envplane', subject: 'in-process' },
  requestId: null,
  clientAddress: null,
};
