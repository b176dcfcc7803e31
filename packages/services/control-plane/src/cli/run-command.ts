import type { Operation, Problem } from '../client/index.ts';
import { readVariable } from '../config.ts';
import { EXIT, type ExitCode, refusal } from '../exit.ts';
import { type ContractCommand, type Field, fieldKey, flagOf, isReveal } from './contract.ts';
import { type Confirmation, confirmed } from './guard.ts';
import { print } from './output.ts';
import { dataOf, type GlobalOptions, openSession, type Session } from './session.ts';
import { defaultOf, environmentId, findSubject, organizationId } from './subject.ts';
import { follow, outcomeOf } from './wait.ts';

/** What was given on the command line, beside the fields of the request. */
export interface CommandOptions extends GlobalOptions, Confirmation {
  wait?: boolean;
  timeout?: number;
  show?: boolean;
}

/** A request as the contract describes it. */
interface Request {
  path: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown> | undefined;
}

/** The verb of the client that is not bound to one route; what it sends was described by the document its types come from. */
type AnyRequest = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: Problem; response: Response }>;

/** Carries out a command of the contract and prints what came of it. Returns the exit code. */
export async function runCommand(
  command: ContractCommand,
  values: Record<string, unknown>,
  options: CommandOptions,
): Promise<ExitCode> {
  const session = openSession(options);
  const request = await buildRequest(session, command, values);
  if (command.streams) return watch(session, request.path['id'] ?? '', options);
  if (command.method !== 'get') await announce(session, command, request, options);
  const startedAt = performance.now();
  const { data, response } = await send(session, command, request);
  if (response.status !== 202) {
    const elapsed = command.long ? performance.now() - startedAt : undefined;
    return finish(session, command, data, options, elapsed);
  }
  const accepted = data as Operation;
  if (options.wait === false) {
    await print(accepted, 'op', session.format);
    session.notice(`Accepted. Follow it: envplane op watch ${accepted.id}`);
    return EXIT.ok;
  }
  const operation = await follow(session, accepted.id, options.timeout);
  if (operation.status !== 'succeeded') return reportUnfinished(session, operation);
  const result = command.noun === 'op' ? operation : await outcomeOf(session.client, operation);
  return finish(session, command, result, options, performance.now() - startedAt);
}

async function buildRequest(
  session: Session,
  command: ContractCommand,
  values: Record<string, unknown>,
): Promise<Request> {
  const path: Record<string, string> = {};
  for (const { name } of command.arguments) {
    const given = values[name] === undefined ? await defaultOf(session, name) : String(values[name]);
    path[name] = name === 'env' ? await environmentId(session, given) : given;
  }
  return {
    path,
    query: await valuesOf(session, command.query, values),
    body: command.body ? await valuesOf(session, command.body, values) : undefined,
  };
}

/** The fields that were given, nested as the request wants them. */
async function valuesOf(session: Session, fields: readonly Field[], values: Record<string, unknown>) {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const given = field.kind === 'secret' ? await readSecret(field, values) : values[fieldKey(field)];
    if (given === undefined) continue;
    const last = field.path.at(-1) ?? '';
    let holder = result;
    for (const name of field.path.slice(0, -1)) {
      holder[name] ??= {};
      holder = holder[name] as Record<string, unknown>;
    }
    holder[last] = await resolved(session, last, given);
  }
  return result;
}

/** @throws refusal when the named variable is not set, or there is nothing on standard input */
async function readSecret(field: Field, values: Record<string, unknown>): Promise<string | undefined> {
  const variable = values[`${fieldKey(field)}Env`];
  const isOnInput = values[`${fieldKey(field)}Stdin`] === true;
  const flag = `--${flagOf(field.path)}`;
  if (variable !== undefined && isOnInput) throw refusal(EXIT.usage, `Only one of ${flag}-stdin and ${flag}-env.`);
  if (variable !== undefined) {
    const value = readVariable(String(variable));
    if (value === undefined) throw refusal(EXIT.usage, `The variable ${variable} of ${flag}-env is not set.`);
    return value;
  }
  if (!isOnInput) return undefined;
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  // One newline at the end is the shell's.
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw refusal(EXIT.usage, `There is nothing on standard input for ${flag}-stdin.`);
  return value;
}

async function resolved(session: Session, field: string, given: unknown): Promise<unknown> {
  if (field === 'organizationId') return organizationId(session, String(given));
  if (field === 'environmentId') return environmentId(session, String(given));
  return given;
}

/** Says on what a change is made, and asks where it is dangerous. */
async function announce(
  session: Session,
  command: ContractCommand,
  request: Request,
  options: CommandOptions,
): Promise<void> {
  if (Object.keys(request.path).length === 0) return;
  const subject = await findSubject(session, request.path);
  if (subject) session.notice(`→ ${subject.description} at ${session.url}`);
  if (!subject && !command.destructive) return;
  const slug = await confirmed(session, command, subject, options);
  if (command.destructive && request.body) request.body['confirm'] = slug;
}

async function send(session: Session, command: ContractCommand, { path, query, body }: Request) {
  const request = session.client.request as unknown as AnyRequest;
  const answer = await request(command.method, command.path, {
    params: { path, query },
    ...(body && { body }),
    // Waiting is done here, where the steps can be shown.
    ...(command.long && { headers: { prefer: 'respond-async' } }),
  });
  return { data: dataOf(answer), response: answer.response };
}

async function finish(
  session: Session,
  command: ContractCommand,
  data: unknown,
  options: CommandOptions,
  elapsedMs: number | undefined,
): Promise<ExitCode> {
  if (data === undefined) {
    session.notice('Removed.');
    return EXIT.ok;
  }
  const hidden = command.secret && !options.show && !isReveal(command) ? secretsOf(data) : [];
  const isHidden = hidden.length > 0;
  const masked = Object.fromEntries(hidden.map((name) => [name, '********']));
  await print(isHidden ? { ...(data as object), ...masked } : data, nounOf(command), session.format);
  if (isHidden) session.notice('The secret is hidden; --show prints it.');
  if (elapsedMs !== undefined) session.notice(`Done in ${(elapsedMs / 1_000).toFixed(2)} s.`);
  const { nextCursor, ok } = (data ?? {}) as { nextCursor?: string | null; ok?: boolean };
  if (nextCursor) session.notice(`There is more: --cursor ${nextCursor}`);
  return ok === false ? EXIT.failed : EXIT.ok;
}

/** The fields of an answer that hold a secret. */
const secretsOf = (data: unknown): string[] =>
  ['secret', 'accessToken', 'key'].filter((name) => typeof (data as Record<string, unknown>)[name] === 'string');

/** What the variables of `-o env` begin with: an environment's connection is that of its database. */
const nounOf = ({ noun, verb, path }: ContractCommand): string => {
  if (/\/(connection|database)$/.test(path)) return 'database';
  if (path.endsWith('/history')) return 'history';
  if (path.includes('/members')) return 'member';
  if (path.endsWith('/service-accounts')) return 'account';
  return noun === 'me' ? verb : noun;
};

async function watch(session: Session, id: string, options: CommandOptions): Promise<ExitCode> {
  const operation = await follow(session, id, options.timeout);
  if (operation.status !== 'succeeded') return reportUnfinished(session, operation);
  await print(operation, 'op', session.format);
  return EXIT.ok;
}

async function reportUnfinished(session: Session, operation: Operation): Promise<ExitCode> {
  await print(operation, 'op', session.format === 'env' ? 'json' : session.format);
  const { error, id, status } = operation;
  process.stderr.write(
    error
      ? `error: ${error.title}. ${error.detail}\n  code ${error.code}; when the cause is gone: envplane op retry ${id}\n`
      : `error: The operation was ${status}.\n`,
  );
  return EXIT.failed;
}
