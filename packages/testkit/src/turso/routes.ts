import { randomUUID } from 'node:crypto';
import { type Cloud, type CloudDatabase, type Group, parseSize } from './cloud.ts';
import type { TursoSwitches } from './faults.ts';
import type { Namespaces } from './namespaces.ts';
import { newSigningKey, parseExpiration, signToken } from './tokens.ts';

/** What a platform token may do. The names are the provider's. */
export type TursoScope =
  | 'read'
  | 'db:create'
  | 'db:delete'
  | 'db:configure'
  | 'db:mint-token'
  | 'db:rotate-creds'
  | 'group:manage';

export interface ApiAnswer {
  status: number;
  /** Sent as JSON; nothing is sent when it is left out. */
  body?: unknown;
}

interface Call {
  cloud: Cloud;
  namespaces: Namespaces;
  switches: TursoSwitches;
  /** The variable segments of the path, decoded. */
  names: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
}

interface Route {
  method: string;
  path: RegExp;
  scope: TursoScope;
  answer(call: Call): ApiAnswer | Promise<ApiAnswer>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const LOCATIONS = {
  'aws-us-east-1': 'AWS US East (Virginia)',
  'aws-eu-west-1': 'AWS EU West (Ireland)',
  lhr: 'London, United Kingdom',
};

const ok = (body?: unknown): ApiAnswer => ({ status: 200, body });
const refuse = (status: number, error: string): ApiAnswer => ({ status, body: { error } });
const noDatabase = (name = '') => refuse(404, `could not find database with name ${name}: record not found`);
const noGroup = () => refuse(404, 'group not found');

/** Answers a request to the API host whose token has been checked; undefined when there is no such route. */
export function routeOf(method: string, path: string, organization: string) {
  for (const route of ROUTES) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match === null) continue;
    const [owner = organization, ...names] = match.slice(1).map(decodeURIComponent);
    return owner === organization ? { ...route, names } : undefined;
  }
  return undefined;
}

const O = '/v1/organizations/([^/]+)';
const D = `${O}/databases/([^/]+)`;
const G = `${O}/groups/([^/]+)`;

function route(method: string, path: string, scope: TursoScope, answer: Route['answer']): Route {
  return { method, path: new RegExp(`^${path}$`), scope, answer };
}

/** A route below one database. `lagging` ones read as stale readers do. */
function ofDatabase(
  method: string,
  path: string,
  scope: TursoScope,
  answer: (database: CloudDatabase, call: Call) => ApiAnswer | Promise<ApiAnswer>,
  lagging = false,
): Route {
  return route(method, `${D}${path}`, scope, (call) => {
    const [name = ''] = call.names;
    const database = call.cloud.find(name, lagging ? call.switches.staleReadMs : 0);
    return database ? answer(database, call) : noDatabase(name);
  });
}

function ofGroup(
  method: string,
  path: string,
  scope: TursoScope,
  answer: (group: Group, call: Call) => ApiAnswer | Promise<ApiAnswer>,
): Route {
  return route(method, `${G}${path}`, scope, (call) => {
    const group = call.cloud.groups.get(call.names[0] ?? '');
    return group ? answer(group, call) : noGroup();
  });
}

const ROUTES: readonly Route[] = [
  route('GET', '/v1/locations', 'read', () => ok({ locations: LOCATIONS })),
  route('GET', '/v1/auth/(?:api-tokens/)?validate', 'read', () => ok({ exp: Math.floor(Date.now() / 1000) + 3600 })),
  route('GET', '/v1/organizations', 'read', ({ cloud, switches }) => {
    const organizations = [
      {
        name: cloud.organization,
        slug: cloud.organization,
        type: 'team',
        overages: false,
        blocked_reads: false,
        blocked_writes: false,
      },
    ];
    return ok(switches.organizationsAsArray ? organizations : { organizations });
  }),

  route('GET', `${O}/databases`, 'read', listDatabases),
  route('POST', `${O}/databases`, 'db:create', createDatabase),
  ofDatabase('GET', '', 'read', (database, { cloud }) => ok({ database: shownDatabase(cloud, database) }), true),
  ofDatabase('DELETE', '', 'db:delete', async (database, { cloud }) => {
    if (database.deleteProtection) return refuse(403, 'database is protected from deletion');
    await cloud.remove(database);
    return ok({ database: database.name });
  }),
  ofDatabase('GET', '/configuration', 'read', (database) => ok(shownConfiguration(database))),
  ofDatabase('PATCH', '/configuration', 'db:configure', configure),
  ofDatabase('POST', '/auth/tokens', 'db:mint-token', (database, call) =>
    mint(database.key, call, { id: database.id, p: database.label }),
  ),
  ofDatabase('POST', '/auth/rotate', 'db:rotate-creds', async (database, { cloud }) => {
    await cloud.change(database, { key: newSigningKey() });
    return ok();
  }),
  ofDatabase('GET', '/usage', 'read', usage),
  ofDatabase('GET', '/stats', 'read', async ({ label }, { namespaces }) =>
    ok({ top_queries: (await namespaces.stats(label)).topQueries }),
  ),
  ofDatabase('GET', '/instances', 'read', (database, { cloud }) => ok({ instances: [instanceOf(cloud, database)] })),
  ofDatabase('GET', '/instances/([^/]+)', 'read', (database, { cloud, names }) => {
    const instance = instanceOf(cloud, database);
    return instance.name === names[1] ? ok({ instance }) : refuse(404, 'could not find instance');
  }),

  route('GET', `${O}/groups`, 'read', ({ cloud }) => ok({ groups: [...cloud.groups.values()].map(shownGroup) })),
  route('POST', `${O}/groups`, 'group:manage', ({ cloud, body }) => {
    const { name, location } = body;
    if (typeof name !== 'string' || !NAME.test(name)) return refuse(422, 'group name is not valid');
    if (typeof location !== 'string' || !(location in LOCATIONS)) return refuse(400, 'location not found');
    if (cloud.groups.has(name)) return refuse(409, 'group already exists');
    const group = { name, uuid: randomUUID(), location, deleteProtection: false, key: newSigningKey() };
    cloud.groups.set(name, group);
    return ok({ group: shownGroup(group) });
  }),
  ofGroup('GET', '', 'read', (group) => ok({ group: shownGroup(group) })),
  ofGroup('DELETE', '', 'group:manage', async (group, { cloud }) => {
    for (const database of cloud.list()) if (database.group === group) await cloud.remove(database);
    cloud.groups.delete(group.name);
    return ok({ group: shownGroup(group) });
  }),
  ofGroup('POST', '/auth/tokens', 'db:mint-token', (group, call) => mint(group.key, call, { gid: group.uuid })),
  ofGroup('POST', '/auth/rotate', 'db:rotate-creds', async (group, { cloud }) => {
    group.key = newSigningKey();
    for (const database of cloud.list())
      if (database.group === group) await cloud.change(database, { key: newSigningKey() });
    return ok();
  }),
];

function listDatabases({ cloud, switches, query }: Call): ApiAnswer {
  const [group, parent] = [query.get('group'), query.get('parent')];
  const found = cloud
    .list(switches.staleReadMs)
    .filter(
      (database) =>
        (group === null || database.group.name === group) && (parent === null || database.parent?.id === parent),
    )
    .map((database) => shownDatabase(cloud, database));
  if (switches.pageSize === null) return ok({ databases: found });
  const page = Number(query.get('page') ?? 1);
  const from = (page - 1) * switches.pageSize;
  return ok({
    databases: found.slice(from, from + switches.pageSize),
    pagination: {
      page,
      page_size: switches.pageSize,
      total_pages: Math.ceil(found.length / switches.pageSize),
      total_rows: found.length,
    },
  });
}

async function createDatabase({ cloud, switches, body }: Call): Promise<ApiAnswer> {
  const { name, group: groupName, size_limit: sizeLimit = null, seed = null } = body;
  if (typeof name !== 'string' || !NAME.test(name) || `${name}-${cloud.organization}`.length > 63) {
    return refuse(422, 'database name is not valid');
  }
  const group = cloud.groups.get(String(groupName));
  if (!group) return refuse(400, 'group not found');
  if (sizeLimit !== null && (typeof sizeLimit !== 'string' || parseSize(sizeLimit) === undefined))
    return refuse(400, 'invalid size limit');
  let source: CloudDatabase | null = null;
  if (seed !== null) {
    const { type, name: sourceName } = seed as { type?: unknown; name?: unknown };
    if (type !== 'database') return refuse(400, 'this emulator seeds from databases only');
    source = cloud.find(String(sourceName)) ?? null;
    if (source === null) return noDatabase(String(sourceName));
  }
  if (cloud.find(name)) {
    return switches.duplicateStatus === 409
      ? refuse(409, `database with name ${name} already exists`)
      : refuse(400, 'database with same name already exists');
  }
  const database = await cloud.create({ name, group, sizeLimit, seed: source });
  return ok({ database: { DbId: database.id, Hostname: cloud.hostnameOf(database), Name: name } });
}

async function configure(database: CloudDatabase, { cloud, body }: Call): Promise<ApiAnswer> {
  const {
    size_limit: sizeLimit,
    block_reads: blockReads,
    block_writes: blockWrites,
    delete_protection: deleteProtection,
    allowed_ips: allowedIps,
  } = body;
  if (sizeLimit !== undefined && (typeof sizeLimit !== 'string' || parseSize(sizeLimit) === undefined))
    return refuse(400, 'invalid size limit');
  const changed = await cloud.change(database, {
    ...(typeof sizeLimit === 'string' ? { sizeLimit } : {}),
    ...(typeof blockReads === 'boolean' ? { blockReads } : {}),
    ...(typeof blockWrites === 'boolean' ? { blockWrites } : {}),
    ...(typeof deleteProtection === 'boolean' ? { deleteProtection } : {}),
    ...(allowedIps === undefined ? {} : { allowedIps }),
  });
  return changed ? ok(shownConfiguration(database)) : noDatabase(database.name);
}

function mint(
  key: CloudDatabase['key'],
  { query, switches }: Call,
  about: { id: string; p: string } | { gid: string },
): ApiAnswer {
  const seconds = parseExpiration(query.get('expiration') ?? 'never');
  const authorization = query.get('authorization') ?? 'full-access';
  if (seconds === undefined) return refuse(400, 'Invalid expiration format');
  if (authorization !== 'full-access' && authorization !== 'read-only') return refuse(400, 'Invalid authorization');
  const iat = Math.floor((Date.now() + switches.clockOffsetMs) / 1000);
  const access = authorization === 'full-access' ? 'rw' : 'ro';
  const { p, ...ids } = { p: undefined, ...about };
  return ok({
    jwt: signToken(key, {
      iat,
      ...(seconds === null || switches.ignoreExpiration ? {} : { exp: iat + seconds }),
      // A token without `p` opens every namespace that holds its key: all of the group.
      ...(p === undefined ? { a: access } : { p: { [access]: { ns: [p] } } }),
      ...ids,
    }),
  });
}

async function usage(database: CloudDatabase, { cloud, namespaces, switches, query }: Call): Promise<ApiAnswer> {
  for (const bound of ['from', 'to']) {
    const value = query.get(bound);
    if (value !== null && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value))
      return refuse(400, `invalid ${bound} parameter: cannot parse`);
  }
  const { rowsRead, rowsWritten } = await namespaces.stats(database.label);
  const amounts = {
    rows_read: rowsRead,
    rows_written: rowsWritten,
    storage_bytes: await cloud.storageBytes(database),
    bytes_synced: 0,
  };
  return ok({
    database: { uuid: database.id, instances: [{ uuid: database.id, usage: amounts }], [switches.usageField]: amounts },
  });
}

function shownDatabase(cloud: Cloud, database: CloudDatabase) {
  const { group, parent } = database;
  return {
    ...{ Name: database.name, DbId: database.id, Hostname: cloud.hostnameOf(database) },
    ...{ block_reads: database.blockReads, block_writes: database.blockWrites, allow_attach: false },
    ...{ regions: [group.location], primaryRegion: group.location, type: 'logical', version: 'latest' },
    ...{ group: group.name, is_schema: false, schema: '', sleeping: false, archived: false },
    ...{ delete_protection: database.deleteProtection, ...(parent ? { parent } : {}) },
  };
}

function shownConfiguration({ sizeLimit, blockReads, blockWrites, deleteProtection, allowedIps }: CloudDatabase) {
  return {
    size_limit: sizeLimit ?? '',
    allow_attach: false,
    block_reads: blockReads,
    block_writes: blockWrites,
    delete_protection: deleteProtection,
    allowed_ips: allowedIps,
  };
}

function shownGroup({ name, uuid, location, deleteProtection }: Group) {
  return {
    name,
    uuid,
    locations: [location],
    primary: location,
    version: 'latest',
    archived: false,
    delete_protection: deleteProtection,
  };
}

function instanceOf(cloud: Cloud, database: CloudDatabase) {
  const { location } = database.group;
  return { uuid: database.id, name: location, type: 'primary', region: location, hostname: cloud.hostnameOf(database) };
}
