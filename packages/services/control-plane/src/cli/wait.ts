import { type EnvplaneClient, type Operation, watchOperation } from '../client/index.ts';
import { EXIT, refusal } from '../exit.ts';
import { dataOf, type Session } from './session.ts';
import { stepDisplay } from './ui.ts';

/**
 * Follows an operation until it is done and shows its steps.
 *
 * @param timeoutSeconds how long at most; undefined: as long as it takes
 * @returns the operation, done, whatever became of it
 * @throws refusal when the time is over, or with Ctrl-C: the operation goes on either way
 */
export async function follow(session: Session, id: string, timeoutSeconds: number | undefined): Promise<Operation> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  const deadline = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1_000);
  const signal = deadline ? AbortSignal.any([interrupted.signal, deadline]) : interrupted.signal;
  const display = stepDisplay(session.isQuiet ? 'silent' : process.stderr.isTTY ? 'terminal' : 'lines');
  let isAnnounced = session.isQuiet;
  try {
    for await (const progress of watchOperation(session.client, id, signal)) {
      const operation = dataOf('problem' in progress ? { error: progress.problem } : { data: progress.operation });
      if (!isAnnounced) announce(operation);
      isAnnounced = true;
      display.show(operation);
      if (operation.done) return operation;
    }
    throw refusal(EXIT.failed, `The service stopped telling about the operation ${id}.`);
  } catch (error) {
    if (interrupted.signal.aborted) throw refusal(EXIT.interrupted, goesOn(id, 'Detached'));
    if (deadline?.aborted) throw refusal(EXIT.timedOut, goesOn(id, `Not done after ${timeoutSeconds} s`));
    throw error;
  } finally {
    display.end();
    process.off('SIGINT', interrupt);
  }
}

/** What ends beyond what was asked for, or does not end, stands above the steps. */
function announce({ blastRadius, warnings }: Operation): void {
  if (blastRadius) {
    const { kind, environments } = blastRadius;
    const where = environments === 1 ? '1 environment' : `${environments} environments`;
    process.stderr.write(`  ends every credential of the ${kind} at once (${where})\n`);
  }
  for (const warning of warnings) process.stderr.write(`  warning: ${warning}\n`);
}

const goesOn = (id: string, what: string): string => `${what}; the operation goes on: envplane op watch ${id}`;

/** What a finished operation made or changed: the resource, or the receipt of what it removed. */
export async function outcomeOf(client: EnvplaneClient, operation: Operation): Promise<unknown> {
  if (operation.kind.endsWith('.purge')) return operation.result ?? operation;
  const { type, id } = operation.target;
  if (type === 'installation') return dataOf(await client.GET('/v1/encryption-keys'));
  if (type === 'placement') {
    return dataOf(await client.GET('/v1/placements/{placement}', { params: { path: { placement: id } } }));
  }
  if (operation.kind.startsWith('credential.')) {
    return dataOf(await client.GET('/v1/environments/{env}/credentials', { params: { path: { env: id } } }));
  }
  return type === 'environment'
    ? dataOf(await client.GET('/v1/environments/{env}', { params: { path: { env: id } } }))
    : dataOf(await client.GET('/v1/organizations/{org}', { params: { path: { org: id } } }));
}
