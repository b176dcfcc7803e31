import {
  EVERY_ENVIRONMENT,
  isSafeText,
  type MeView,
  type MyEnvironmentView,
  type OrganizationRole,
  type Principal,
} from '@envplane/spec';
import { type RawBuilder, sql } from 'kysely';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { Page, Position } from './reads.ts';
import { type Rebindable, rebindable } from './rebindable.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** What something belongs to, and which roles the asking principal has there; null where it has none. */
export interface AccessRow {
  /** Null when there is no such target; the role on the platform is told all the same. */
  found: number | null;
  organization_id: string | null;
  environment_id: string | null;
  /** State of the environment; `purged` when only its tombstone is left; null for what belongs to no environment. */
  environment_status: string | null;
  platform_role: string | null;
  organization_role: string | null;
  environment_role: string | null;
  /** Its own id where the principal is a service account of the organization, with or without a role in it. */
  service_account_id: string | null;
  environment_epoch: number | null;
  subject_epoch: number | null;
  /** Of the subject in every environment. */
  everywhere_epoch: number | null;
}

/** What a decision is about. */
export type Target =
  | { environmentId: string }
  /** Id or slug. */
  | { organizationId: string }
  | { operationId: string }
  | { serviceAccountId: string };

/** One statement each: where a target belongs to, with the number of placeholders it takes. */
const TARGETS = {
  environmentId: [
    `select 1 as found, id as environment_id, organization_id, status from sys_environment where id = ?
     union all
     select 1, environment_id, organization_id, 'purged' from sys_tombstone where environment_id = ? and kind = 'purged'`,
    2,
  ],
  organizationId: [
    `select 1 as found, null as environment_id, id as organization_id, null as status from sys_organization where id = ?
     union all
     select 1, null, id, null from sys_organization
     where slug = ? and not exists (select 1 from sys_organization where id = ?)`,
    3,
  ],
  operationId: [
    `select 1 as found, o.environment_id, o.organization_id, e.status
     from sys_operation o left join sys_environment e on e.id = o.environment_id where o.id = ?`,
    1,
  ],
  serviceAccountId: [
    'select 1 as found, null as environment_id, organization_id, null as status from sys_service_account where id = ?',
    1,
  ],
} as const;

const roles = (
  target: string,
) => `select t.found as found, t.organization_id, t.environment_id, t.status as environment_status,
  p.role as platform_role,
  coalesce(om.role, s.organization_role) as organization_role,
  coalesce(em.role, g.role) as environment_role,
  s.id as service_account_id,
  ee.epoch as environment_epoch,
  es.epoch as subject_epoch,
  ea.epoch as everywhere_epoch
from (select 1) always
left join (${target}) t on 1 = 1
left join sys_organization_member om on om.organization_id = t.organization_id and om.user_id = ?
left join sys_environment_member em on em.environment_id = t.environment_id and em.user_id = ?
left join sys_service_account s on s.id = ? and s.organization_id = t.organization_id and s.status = 'active'
left join sys_environment_grant g on g.environment_id = t.environment_id and g.grantee_type = 'service' and g.grantee_id = s.id
left join sys_platform_grant p on p.grantee_type = ? and p.grantee_id = ?
left join sys_token_epoch ee on ee.environment_id = t.environment_id and ee.subject = ''
left join sys_token_epoch es on es.environment_id = t.environment_id and es.subject = ?
left join sys_token_epoch ea on ea.environment_id = '${EVERY_ENVIRONMENT}' and ea.subject = ?
limit 1`;

const PLATFORM = 'select role as platform_role from sys_platform_grant where grantee_type = ? and grantee_id = ?';

/** The reads behind decisions: one statement each, the same one whoever asks and whatever exists. */
export type AccessReads = Rebindable<ReturnType<typeof accessMethods>>;

export const createAccessReads = (engine: Engine): AccessReads => rebindable(accessMethods(engine));

function accessMethods(engine: Engine) {
  const prepared = Object.fromEntries(
    Object.entries(TARGETS).map(([kind, [text]]) => [kind, numbered(engine, roles(text))]),
  );
  const platform = numbered(engine, PLATFORM);
  const select = <Row>(from: Engine, text: string, values: unknown[]): Promise<Row | undefined> =>
    mapped(async () => (await from.select<Row>(text, values)).rows[0]);

  return {
    engine,

    /** Where the target belongs to and what the principal's roles there are. */
    async rolesAt({ kind, id }: Pick<Principal, 'kind' | 'id'>, target: Target): Promise<AccessRow> {
      const [name, value] = Object.entries(target)[0] as [keyof typeof TARGETS, unknown];
      const [, placeholders] = TARGETS[name];
      const user = kind === 'user' ? id : NOBODY;
      const service = kind === 'service' ? id : NOBODY;
      const row = await select<AccessRow>(this.engine, prepared[name] as string, [
        ...Array.from({ length: placeholders }, () => bindable(value)),
        ...[user, user, service, kind, id, id, id],
      ]);
      if (!row) throw new TypeError('a decision has a row, whatever there is');
      return row;
    },

    /** The principal's role on the platform. */
    async platformRole({ kind, id }: Pick<Principal, 'kind' | 'id'>): Promise<string | null> {
      const row = await select<{ platform_role: string }>(this.engine, platform, [kind, id]);
      return row?.platform_role ?? null;
    },

    /** The organizations in which a principal has a role, by slug. */
    organizationsOf({ kind, id }: Pick<Principal, 'kind' | 'id'>): Promise<OrganizationOfCaller[]> {
      return mapped(async () => {
        const roles =
          kind === 'user'
            ? sql`select organization_id, role from sys_organization_member where user_id = ${id}`
            : sql`select organization_id, organization_role as role from sys_service_account
                where id = ${id} and status = 'active' and organization_role is not null`;
        const { rows } = await sql<{ id: string; slug: string; display_name: string; role: OrganizationRole }>`
          select o.id, o.slug, o.display_name, r.role from (${roles}) r
          join sys_organization o on o.id = r.organization_id order by o.slug limit 200`.execute(this.engine.read);
        return rows.map((row) => ({
          organizationId: row.id,
          slug: row.slug,
          displayName: row.display_name,
          role: row.role,
        }));
      });
    },

    /** The environments that a reader may see, with the principal's own role. */
    environmentsOf(
      { kind, id }: Pick<Principal, 'kind' | 'id'>,
      reader: Reader | null,
      limit: number,
      position: Position | null,
    ): Promise<Page<MyEnvironmentView>> {
      return mapped(async () => {
        const [user, service] = [kind === 'user' ? id : NOBODY, kind === 'service' ? id : NOBODY];
        const mine = reader
          ? readableBy(reader, { organization: 'e.organization_id', environment: 'e.id' })
          : sql`1 = 1`;
        const after = position
          ? sql`(e.created_at, e.id) > (${encodeValue(engine.dialect, 'created_at', position.createdAtMs)}, ${position.id})`
          : sql`1 = 1`;
        const { rows } = await sql<MyEnvironmentRow>`
          select e.id, e.organization_id, o.slug as organization_slug, e.slug, e.display_name, e.env_type, e.status,
            coalesce(m.role, g.role) as role, e.created_at
          from sys_environment e
          join sys_organization o on o.id = e.organization_id
          left join sys_environment_member m on m.environment_id = e.id and m.user_id = ${user}
          left join sys_environment_grant g
            on g.environment_id = e.id and g.grantee_type = 'service' and g.grantee_id = ${service}
          where ${mine} and ${after} order by e.created_at, e.id limit ${limit + 1}`.execute(this.engine.read);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        const next = last ? { createdAtMs: last.created_at, id: last.id } : null;
        return { rows: rows.slice(0, limit).map(myEnvironmentView), next };
      });
    },
  };
}

type OrganizationOfCaller = MeView['organizations'][number];

interface MyEnvironmentRow {
  id: string;
  organization_id: string;
  organization_slug: string;
  slug: string;
  display_name: string;
  env_type: MyEnvironmentView['envType'];
  status: MyEnvironmentView['status'];
  role: MyEnvironmentView['role'];
  created_at: number;
}

const myEnvironmentView = (row: MyEnvironmentRow): MyEnvironmentView => ({
  id: row.id,
  organizationId: row.organization_id,
  organizationSlug: row.organization_slug,
  slug: row.slug,
  displayName: row.display_name,
  envType: row.env_type,
  status: row.status,
  role: row.role,
});

async function mapped<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw storeError(error);
  }
}

/** No id of a user or service account. */
const NOBODY = '';

/** What cannot be an id is looked for like any other that does not exist. */
const bindable = (value: unknown): string => (typeof value === 'string' && isSafeText(value) ? value : NOBODY);

function numbered({ dialect }: Engine, text: string): string {
  if (dialect === 'sqlite') return text;
  let count = 0;
  return text.replace(/\?/g, () => {
    count += 1;
    return `$${count}`;
  });
}

/** Whom a list is for: in it is what they hold one of these roles on. */
export interface Reader {
  principal: Pick<Principal, 'kind' | 'id'>;
  organizationRoles: readonly string[];
  environmentRoles: readonly string[];
  /** Nothing outside of these environments; null: no such limit. */
  environmentIds: readonly string[] | null;
}

/**
 * The condition that a row is one its reader may see.
 * @param columns of the row: its organization, and its environment where it has one
 */
export function readableBy(
  reader: Reader,
  columns: { organization: string; environment?: string },
): RawBuilder<boolean> {
  const { kind, id } = reader.principal;
  const organization = sql.ref(columns.organization);
  const environment = columns.environment === undefined ? null : sql.ref(columns.environment);
  const either: RawBuilder<boolean>[] = [];
  if (kind === 'user') {
    either.push(sql`exists (select 1 from sys_organization_member m where m.organization_id = ${organization}
      and m.user_id = ${id} and ${oneOf('m.role', reader.organizationRoles)})`);
    if (environment) {
      either.push(sql`exists (select 1 from sys_environment_member m where m.environment_id = ${environment}
        and m.user_id = ${id} and ${oneOf('m.role', reader.environmentRoles)})`);
    }
  } else {
    const granted = environment
      ? sql`exists (select 1 from sys_environment_grant g where g.environment_id = ${environment}
          and g.grantee_type = 'service' and g.grantee_id = s.id and ${oneOf('g.role', reader.environmentRoles)})`
      : sql`1 = 0`;
    either.push(sql`exists (select 1 from sys_service_account s where s.id = ${id} and s.status = 'active'
      and s.organization_id = ${organization} and (${oneOf('s.organization_role', reader.organizationRoles)} or ${granted}))`);
  }
  const readable = sql<boolean>`(${sql.join(either, sql` or `)})`;
  if (reader.environmentIds === null) return readable;
  return columns.environment === undefined
    ? sql`1 = 0`
    : sql`(${readable} and ${oneOf(columns.environment, reader.environmentIds)})`;
}

function oneOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return values.length === 0 ? sql`1 = 0` : sql`${sql.ref(column)} in (${sql.join(values)})`;
}
