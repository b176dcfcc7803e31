import Database from 'better-sqlite3';

/** Steps of the reconciler, each with who held the row. What verbs change raises the generation, what a claim takes the epoch. */
const WATCH = `
  CREATE TABLE watched_commit (id INTEGER PRIMARY KEY, holder TEXT, step TEXT);
  CREATE TRIGGER watched_update AFTER UPDATE ON sys_environment_database
    WHEN new.fence_epoch = old.fence_epoch AND new.generation = old.generation
      AND (new.phase <> old.phase OR (old.lease_owner IS NOT NULL AND new.lease_owner IS NULL))
    BEGIN INSERT INTO watched_commit (holder, step) VALUES (old.lease_owner, old.phase || ' to ' || new.phase); END;
  CREATE TRIGGER watched_delete AFTER DELETE ON sys_environment_database
    BEGIN INSERT INTO watched_commit (holder, step) VALUES (old.lease_owner, old.phase || ' to tombstone'); END`;

/** I3, I7: sees in the store itself that nobody commits a step on a row that another one holds, and that what was purged stays gone. */
export class CommitWatch {
  /** One sentence for each that did not. */
  readonly broken: string[] = [];
  readonly #database: Database.Database;
  readonly #next: Database.Statement<[number], { id: number; holder: string | null; step: string }>;
  readonly #isPurged: Database.Statement<[string]>;
  #seen = 0;

  /** @param path of a store that has its schema and no rows yet */
  constructor(path: string) {
    this.#database = new Database(path, { fileMustExist: true });
    this.#database.exec(WATCH);
    this.#next = this.#database.prepare('SELECT id, holder, step FROM watched_commit WHERE id > ?');
    this.#isPurged = this.#database.prepare("SELECT 1 FROM sys_tombstone WHERE database_name = ? AND kind = 'purged'");
  }

  /** Whatever was committed since was committed by this one. */
  attribute(by: { name: string; owner: string | null } | undefined): void {
    for (const { id, holder, step } of this.#next.all(this.#seen)) {
      this.#seen = id;
      // Before it is up nobody knows its name.
      if (by?.owner !== null && holder !== by?.owner)
        this.broken.push(`${by?.name} committed ${step} without the lease`);
    }
  }

  /** A request has reached the provider: the sweeper would mend what it did, and nobody would know. */
  arrived(names: Iterable<string>): void {
    for (const name of names) {
      const broken = `${name} was purged and is there again`;
      if (this.#isPurged.get(name) && !this.broken.includes(broken)) this.broken.push(broken);
    }
  }

  close(): void {
    this.#database.close();
  }
}
