import { EXIT, refusal } from '../exit.ts';

export const FORMATS = ['table', 'json', 'yaml', 'env'] as const;
export type Format = (typeof FORMATS)[number];

type Row = Record<string, unknown>;

/** Columns of a list, by noun: heading and where the value is. */
const COLUMNS: Record<string, readonly (readonly [heading: string, path: string])[]> = {
  org: [
    ['SLUG', 'slug'],
    ['NAME', 'displayName'],
    ['PLAN', 'plan'],
    ['STATUS', 'status'],
    ['ID', 'id'],
  ],
  env: [
    ['SLUG', 'slug'],
    ['TYPE', 'envType'],
    ['STATUS', 'status'],
    ['DEFAULT', 'isDefault'],
    ['DRIVER', 'database.driver'],
    ['ID', 'id'],
  ],
  op: [
    ['ID', 'id'],
    ['KIND', 'kind'],
    ['STATUS', 'status'],
    ['TARGET', 'target.id'],
    ['CREATED', 'createdAt'],
  ],
  audit: [
    ['SEQ', 'seq'],
    ['TIME', 'occurredAt'],
    ['ACTOR', 'actorId'],
    ['ACTION', 'action'],
    ['TARGET', 'targetId'],
    ['OUTCOME', 'outcome'],
  ],
  history: [
    ['TIME', 'occurredAt'],
    ['WHO', 'actorId'],
    ['FOR', 'actingFor'],
    ['WHAT', 'action'],
    ['OUTCOME', 'outcome'],
    ['BEFORE', 'before'],
    ['AFTER', 'after'],
    ['DETAIL', 'detail'],
  ],
  driver: [
    ['DRIVER', 'driver'],
    ['CONFIGURED', 'configured'],
    ['GUARANTEES', 'guarantees'],
    ['CREDENTIALS', 'credentials'],
  ],
  placement: [
    ['NAME', 'name'],
    ['DRIVER', 'driver'],
    ['REGION', 'region'],
    ['STATUS', 'status'],
    ['DATABASES', 'databases'],
    ['CAPACITY', 'capacity'],
    ['WEIGHT', 'weight'],
    ['ID', 'id'],
  ],
  account: [
    ['NAME', 'name'],
    ['STATUS', 'status'],
    ['ROLE', 'organizationRole'],
    ['ID', 'id'],
  ],
  grant: [
    ['ACCOUNT', 'granteeId'],
    ['ROLE', 'role'],
    ['SINCE', 'createdAt'],
    ['ID', 'id'],
  ],
  platform: [
    ['TYPE', 'granteeType'],
    ['GRANTEE', 'granteeId'],
    ['ROLE', 'role'],
    ['ID', 'id'],
  ],
  member: [
    ['USER', 'userId'],
    ['ROLE', 'role'],
    ['ADDED BY', 'invitedBy'],
    ['SINCE', 'createdAt'],
  ],
  environments: [
    ['ORG', 'organizationSlug'],
    ['SLUG', 'slug'],
    ['TYPE', 'envType'],
    ['STATUS', 'status'],
    ['ROLE', 'role'],
    ['ID', 'id'],
  ],
  permissions: [
    ['PERMISSION', 'permission'],
    ['DESCRIPTION', 'description'],
  ],
  cred: [
    ['AUTHORIZATION', 'authorization'],
    ['VERSION', 'version'],
    ['STATE', 'state'],
    ['SINCE', 'activatedAt'],
    ['VALID UNTIL', 'retireAfter'],
    ['EXPIRES', 'expiresAt'],
    ['ID', 'id'],
  ],
  key: [
    ['ENCRYPTOR', 'encryptor'],
    ['CURRENT', 'current'],
    ['DATA KEYS', 'dataKeys'],
    ['KEY', 'kekId'],
  ],
  'signing-key': [
    ['KID', 'kid'],
    ['ALG', 'alg'],
    ['STATUS', 'status'],
    ['CREATED', 'createdAt'],
    ['RETIRES', 'retireAfter'],
  ],
  'store-calls': [
    ['TIME', 'occurredAt'],
    ['PLANE', 'plane'],
    ['ENVIRONMENT', 'environmentId'],
    ['METHOD', 'method'],
    ['PARAMS', 'parameterCount'],
    ['ROWS', 'rowCount'],
    ['MS', 'durationMs'],
    ['REQUEST', 'requestId'],
    ['STATEMENT', 'statement'],
  ],
  'trace hops': [
    ['HOP', 'name'],
    ['PLANE', 'plane'],
    ['START', 'startMs'],
    ['MS', 'durationMs'],
    ['ENVIRONMENT', 'environmentId'],
  ],
  setting: [
    ['SETTING', 'name'],
    ['SOURCE', 'source'],
    ['VALUE', 'value'],
  ],
  'migration-row': [
    ['DATABASE', 'databaseName'],
    ['OUTCOME', 'outcome'],
    ['STATUS', 'status'],
    ['REASON', 'code'],
    ['ORGANIZATION', 'organizationId'],
    ['ROW', 'sourceId'],
  ],
  'split tables': [
    ['TABLE', 'table'],
    ['OUTCOME', 'outcome'],
    ['ROWS', 'rows'],
    ['CREATED', 'created'],
    ['DIGEST', 'digest'],
  ],
  'migration-status': [
    ['STATE', 'state'],
    ['REASON', 'code'],
    ['ROWS', 'count'],
  ],
  check: [
    ['CHECK', 'name'],
    ['STATUS', 'status'],
    ['DETAIL', 'detail'],
  ],
};

/** Prints data to stdout. `noun` chooses the columns of a list and the prefix of `env` output. */
export async function print(data: unknown, noun: string, format: Format): Promise<void> {
  process.stdout.write(await formatted(data, noun, format));
}

async function formatted(data: unknown, noun: string, format: Format): Promise<string> {
  if (format === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  if (format === 'yaml') return (await import('yaml')).stringify(data);
  const items = isRow(data) && Array.isArray(data['items']) ? (data['items'] as Row[]) : undefined;
  if (format === 'env') {
    if (items) throw refusal(EXIT.usage, '-o env prints one resource; a list has no keys of its own.');
    return environmentLines(data, noun);
  }
  return items ? listTable(items, noun) : detailTable(data, noun);
}

/** On a terminal no row is wider than it. */
async function listTable(items: readonly Row[], noun: string): Promise<string> {
  const columns = COLUMNS[noun] ?? [];
  return table(
    columns.map(([heading]) => heading),
    items.map((item) => columns.map(([, path]) => cell(valueAt(item, path)))),
    (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY,
  );
}

/** A list inside that has columns of its own stands below. */
async function detailTable(data: unknown, noun: string): Promise<string> {
  const values = leaves(data).map(([path, value]) => ({ name: path.join('.'), value }));
  const isList = ({ name }: { name: string }) => `${noun} ${name}` in COLUMNS;
  const plain = values.filter((each) => !isList(each)).map(({ name, value }) => [name, cell(value)]);
  const lists = values.filter(isList).map(({ name, value }) => listTable(value as Row[], `${noun} ${name}`));
  return [await table([], plain), ...(await Promise.all(lists))].join('\n');
}

/** Columns apart by two spaces, no lines. */
async function table(head: string[], rows: string[][], width = Number.POSITIVE_INFINITY): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const sides = ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => `${side}${part}`),
  );
  const rendered = new Table({
    head,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: { ...Object.fromEntries(sides.map((name) => [name, ''])), middle: '' },
  });
  rendered.push(...rows);
  const lines = rendered
    .toString()
    .split('\n')
    .map((line) => line.trimEnd().slice(0, width));
  return `${lines.join('\n')}\n`;
}

/** `NOUN_KEY=value` lines that a shell and dotenv read alike. What is null has no line. */
function environmentLines(data: unknown, noun: string): string {
  return leaves(data)
    .filter(([, value]) => value !== null)
    .map(([path, value]) => {
      const key = [noun, ...path]
        .map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/\W/g, '_'))
        .join('_');
      return `${key.toUpperCase()}=${quoted(cell(value))}\n`;
    })
    .join('');
}

/** A value as a shell and dotenv read it alike. */
export const quoted = (value: string): string =>
  /^[\w./:@%+,=-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** The values of a resource with the names that lead to each. A list is one value. */
function leaves(data: unknown, path: string[] = []): [path: string[], value: unknown][] {
  return isRow(data) ? Object.entries(data).flatMap(([name, value]) => leaves(value, [...path, name])) : [[path, data]];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (isRow(value)) {
    const fields = Object.entries(value).map(([name, each]) => `${name}=${cell(each)}`);
    return fields.join(' ') || '-';
  }
  // Control characters of stored text must not reach a terminal.
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(/\p{Cc}/gu, '�');
}

const valueAt = (item: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (isRow(value) ? value[name] : undefined), item);

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
