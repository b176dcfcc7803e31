import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../exit.ts';
import { type ContractCommand, contractCommands, type Field, flagOf, isReveal } from './contract.ts';
import { canAsk } from './guard.ts';
import type { CommandOptions } from './run-command.ts';

const NOUNS: Record<string, string> = {
  org: 'organizations',
  env: 'environments and their databases',
  cred: 'credentials of environments’ databases',
  account: 'service accounts and their keys',
  grant: 'roles of service accounts in environments',
  platform: 'who holds a role on the platform',
  member: 'members of environments',
  me: 'who you are and where you may go',
  op: 'operations: work that takes time',
  audit: 'who did what',
  driver: 'database drivers',
  placement: 'where databases are put',
  inventory: 'databases that exist, compared with the rows',
  key: 'keys that wrap the data keys',
  'signing-key': 'keys that environment tokens are signed with',
};

/** Other words under which a verb is looked for. */
const ALIASES: Record<string, string> = { 'env apply': 'upsert', 'env connect': 'connection' };

/** Adds the commands of the contract to the program. */
export function addResourceCommands(program: Command, end: (code: ExitCode) => void): void {
  const nouns = new Map<string, Command>();
  for (const described of contractCommands()) {
    const { noun } = described;
    if (described.verb === '') {
      addCommand(program, described, end);
      continue;
    }
    const parent = nouns.get(noun) ?? program.command(noun).description(NOUNS[noun] ?? noun);
    nouns.set(noun, parent);
    addCommand(parent, described, end);
  }
}

function addCommand(parent: Command, described: ContractCommand, end: (code: ExitCode) => void): void {
  const fields = [...described.query, ...(described.body ?? [])];
  // A list or a chain is of an organization before it is anything else, so that one is not an option.
  const organization = fields.find((field) => flagOf(field.path) === 'org');
  const names = [...described.arguments.map(({ name }) => name), ...(organization ? ['org'] : [])];
  const command = parent.command(described.verb || described.noun).description(described.summary);
  const alias = ALIASES[`${described.noun} ${described.verb}`];
  if (alias) command.alias(alias);
  for (const { name, description } of described.arguments) {
    const isOptional = hasDefault(described);
    command.argument(isOptional ? `[${name}]` : `<${name}>`, argumentHelp(name, description, isOptional));
  }
  if (organization) command.argument('[org]', organization.description);
  for (const field of fields) {
    // Who confirms what is asked for separately, whether it is a field of the request or not.
    if (field === organization || flagOf(field.path) === 'confirm') continue;
    for (const option of field.kind === 'secret' ? secretOptions(field) : [optionOf(field)]) command.addOption(option);
  }
  if (described.long || described.streams) {
    if (!described.streams) command.option('--no-wait', 'return as soon as the work is accepted');
    command.option('--timeout <seconds>', 'stop waiting after this many seconds (exit 6); the work goes on', number);
  }
  if (canAsk(described)) {
    command
      .option('--yes', 'do not ask')
      .option('--confirm <slug>', 'with --yes: the slug, as confirmation, where it would have to be typed');
  }
  if (described.secret && !isReveal(described)) command.option('--show', 'print the secret');
  command.action(async (...parameters: unknown[]) => {
    const given = Object.fromEntries(names.map((name, index) => [name, parameters[index]]));
    const options: CommandOptions & Record<string, unknown> = command.optsWithGlobals();
    const { runCommand } = await import('./run-command.ts');
    end(await runCommand(described, { ...options, ...given }, options));
  });
}

function argumentHelp(name: string, description: string, isOptional: boolean): string {
  const help = name === 'env' ? 'Id of the environment, or organization/environment.' : description;
  return isOptional ? `${help.replace(/\.$/, '')}; else that of .envplane.json.` : help;
}

/** Whether the project file may say what is meant. What interrupts or destroys is always named. */
const hasDefault = (described: ContractCommand): boolean =>
  described.arguments.length === 1 && ['org', 'env'].includes(described.arguments[0]?.name ?? '') && !canAsk(described);

/** Where a secret is read from; its value is no argument. */
function secretOptions(field: Field): Option[] {
  const flag = `--${flagOf(field.path)}`;
  return [
    new Option(`${flag}-stdin`, `Read from standard input: ${field.description}`),
    new Option(`${flag}-env <variable>`, `Read from a variable of this shell: ${field.description}`),
  ];
}

function optionOf(field: Field): Option {
  const flag = `--${flagOf(field.path)}`;
  if (field.kind === 'boolean') {
    const option = new Option(`${flag} [true|false]`, field.description).choices(['true', 'false']).preset('true');
    return option.argParser((value) => value === 'true').makeOptionMandatory(field.required);
  }
  const value = { text: 'value', texts: 'value...', number: 'number', json: 'json', secret: 'secret' }[field.kind];
  const option = new Option(`${flag} <${value}>`, field.description).makeOptionMandatory(field.required);
  if (field.choices) return option.choices(field.choices);
  if (field.kind === 'number') return option.argParser(number);
  if (field.kind === 'json') return option.argParser(json);
  return option;
}

function number(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON.');
  }
}
