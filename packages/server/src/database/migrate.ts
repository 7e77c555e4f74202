import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { Migrator, type Migration, type MigrationProvider } from 'kysely/migration';
import { ParleyError } from '@parley/contracts';
import { backUp } from './backup.ts';
import type { Database } from './schema.ts';

/** One step of the schema. Names sort in the order in which the steps run. */
export interface NamedMigration extends Migration {
  name: string;
}

export interface MigrateOptions {
  db: Kysely<Database>;
  file: DatabaseSync;
  backupFolder: string;
  now: () => number;
  migrations: readonly NamedMigration[];
}

/** Runs what is pending, all of it or nothing, after a copy of a database that has something in it. */
export async function migrate({ db, file, backupFolder, now, migrations }: MigrateOptions): Promise<void> {
  const done = executedMigrations(file);
  refuseNewerDatabase(done, migrations);
  const isCurrent = migrations.every(({ name }) => done.includes(name));
  if (isCurrent) return;
  const copy = done.length > 0 ? await backUp(file, backupFolder, now()) : null;
  const { error } = await new Migrator({ db, provider: new ListedMigrations(migrations) }).migrateToLatest();
  if (error === undefined) return;
  const where = copy === null ? '' : ` A copy made before is ${copy}.`;
  const reason = error instanceof Error ? error.message : 'unknown reason';
  throw new ParleyError(
    'storage_failed',
    `The database could not be updated, so it was left as it is: ${reason}.${where}`,
    {
      cause: error,
    },
  );
}

function executedMigrations(file: DatabaseSync): string[] {
  const table = file.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get();
  if (table === undefined) return [];
  const rows = file.prepare('select name from kysely_migration order by name').all() as { name: string }[];
  return rows.map(({ name }) => name);
}

function refuseNewerDatabase(done: readonly string[], migrations: readonly NamedMigration[]): void {
  const unknown = done.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new ParleyError(
    'storage_failed',
    `The database was written by a newer Parley (it knows ${unknown.join(', ')}). Start that version, or restore an older copy from the backups folder.`,
  );
}

class ListedMigrations implements MigrationProvider {
  readonly #migrations: readonly NamedMigration[];

  constructor(migrations: readonly NamedMigration[]) {
    this.#migrations = migrations;
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    return Object.fromEntries(this.#migrations.map((migration) => [migration.name, migration]));
  }
}
