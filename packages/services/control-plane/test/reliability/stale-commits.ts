import postgres from 'postgres';

/** As whom each process logs in to the store, so that the store knows who writes. */
export const roleOf = (index: number): string => `process_${index}`;

/** A process is killed, is stopped, or loses the store's server. */
export interface Strike {
  index: number;
  /** When at the earliest and at the latest, epoch ms. */
  fromMs: number;
  toMs: number;
}

/** What watches a store on PostgreSQL for commits of those who no longer hold the claim, and for claims that came to nothing. */
export interface CommitWatch {
  /** The store's URL for one of the processes. */
  urlFor(index: number): string;
  /** Begins, once the tables are there. */
  start(): Promise<void>;
  /** Commits by somebody else than whoever made the claim that they belong to. */
  stale(): Promise<string[]>;
  /**
   * How many claims were made, and how many of them for nothing: no phase was written under them and nobody gave them back, although
   * nothing had struck the process before the next one claimed the row.
   */
  claims(strikes: readonly Strike[]): Promise<{ made: number; wasted: number }>;
  close(): Promise<void>;
}

/** @param storeUrl of the superuser. Every process gets a role of its own, with the same password */
export async function watchCommits(storeUrl: string, processes: number): Promise<CommitWatch> {
  const sql = postgres(storeUrl, { max: 1, onnotice: () => undefined });
  const { password } = new URL(storeUrl);
  for (let index = 0; index < processes; index += 1) {
    await sql.unsafe(`create role ${roleOf(index)} login superuser password '${password}'`);
  }
  return {
    urlFor: (index) => {
      const url = new URL(storeUrl);
      url.username = roleOf(index);
      return url.href;
    },
    start: async () => void (await sql.unsafe(WATCH)),
    stale: async () => {
      const rows = await sql<{ what: string }[]>`select what from watch.stale`;
      return rows.map(({ what }) => `a stale commit: ${what}`);
    },
    claims: async (strikes) => {
      const rows = await sql<{ who: string; made: number; until: number | null }[]>`
        select c.who, extract(epoch from c.at)::float8 * 1000 as made, min(extract(epoch from n.at))::float8 * 1000 as until
        from watch.claim c left join watch.claim n on n.id = c.id and n.epoch > c.epoch
        where not c.used group by c.id, c.epoch, c.who, c.at`;
      const wasted = rows.filter(({ who, made, until }) => {
        const isStruck = ({ index, fromMs, toMs }: Strike) =>
          roleOf(index) === who && toMs >= made && fromMs <= (until ?? Number.POSITIVE_INFINITY);
        return !strikes.some(isStruck);
      });
      const [all] = await sql<{ count: number }[]>`select count(*)::int as count from watch.claim`;
      return { made: all?.count ?? 0, wasted: wasted.length };
    },
    close: () => sql.end(),
  };
}

/**
 * Who claims raises the epoch, or inserts the row with it; who changes the wish raises the generation. What else says when it was
 * written is a step of the reconciler, whatever it changes.
 */
const WATCH = `
  create schema watch;
  create table watch.claim (
    id text, epoch bigint, who text, at timestamptz not null default clock_timestamp(), used boolean not null default false,
    primary key (id, epoch));
  create table watch.stale (what text);
  create function watch.note() returns trigger language plpgsql as $$
  declare
    is_claim boolean := tg_op <> 'DELETE' and (tg_op = 'INSERT' or new.fence_epoch > old.fence_epoch);
    owner text;
  begin
    if is_claim then
      -- A row that comes without a lease is claimed by nobody yet.
      insert into watch.claim (id, epoch, who, used) values (new.id, new.fence_epoch, session_user, new.lease_owner is null)
        on conflict do nothing;
      return null;
    end if;
    if tg_op = 'DELETE' or new.phase <> old.phase or (new.lease_owner is null and old.lease_owner is not null) then
      update watch.claim set used = true where id = old.id::text and epoch = old.fence_epoch and who = session_user;
    end if;
    if tg_op = 'UPDATE' and (new.generation > old.generation or new.updated_at = old.updated_at) then return null; end if;
    select who into owner from watch.claim where id = old.id::text and epoch = old.fence_epoch;
    if owner is not null and owner <> session_user then
      insert into watch.stale values (format('%s of epoch %s, claimed by %s, by %s', old.phase, old.fence_epoch, owner, session_user));
    end if;
    return null;
  end $$;
  create trigger watch after insert or update or delete on envplane.sys_environment_database
    for each row execute function watch.note();
`;
