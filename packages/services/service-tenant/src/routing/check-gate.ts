import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { CheckOptions, Verdict } from './gate.ts';

/** What the gate says of somebody; as a part of the request, if it is asked for one. */
export function checkGate(
  { gate, trace, access }: Pick<Deps, 'gate' | 'trace' | 'access'>,
  caller: Caller,
  environmentId: string,
  permission: string,
  options?: CheckOptions,
): Promise<Verdict> {
  if (!trace) return gate.check(caller, environmentId, permission, options);
  trace.about(environmentId);
  return trace.timed('gate', () => gate.check(caller, environmentId, permission, { ...options, access }));
}
