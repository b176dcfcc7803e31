import postgres from 'postgres';

/** As whom each process logs in to the store, so that the store knows who writes. */
export const roleOf = (index: number): string => `process_${index}`;

/** What watches a store on PostgreSQL for commits of those who no longer hold the claim. */
export interface CommitWatch {
  /** The store's URL for one of the processes. */
  urlFor(index: number): string;
  /** Begins, once the tables are there. */
  start(): Promise<void>;
  /** Commits by somebody else than whoever made the claim that they belong to. */
  stale(): Promise<string[]>;
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
    close: () => sql.end(),
  };
}

/** A phase is written by the reconciler alone, under the claim it made: raising the epoch, or inserting the row with it. */
const WATCH = `
  create schema watch;
  create table watch.claim (id text, epoch bigint, who text, primary key (id, epoch));
  create table watch.stale (what text);
  create function watch.note() returns trigger language plpgsql as $$
  declare
    is_claim boolean := tg_op <> 'DELETE' and (tg_op = 'INSERT' or new.fence_epoch > old.fence_epoch);
    owner text;
  begin
    if is_claim then
      insert into watch.claim values (new.id, new.fence_epoch, session_user) on conflict do nothing;
      return null;
    end if;
    if tg_op = 'UPDATE' and new.phase = old.phase then return null; end if;
    select who into owner from watch.claim where id = old.id::text and epoch = old.fence_epoch;
    if owner is not null and owner <> session_user then
      insert into watch.stale values (format('%s of epoch %s, claimed by %s, by %s', old.phase, old.fence_epoch, owner, session_user));
    end if;
    return null;
  end $$;
  create trigger watch after insert or update or delete on envplane.sys_environment_database
    for each row execute function watch.note();
`;
