import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
} from 'kysely';
import { toStorageError } from './storage-error.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/**
 * Kysely on `node:sqlite`. Kysely's own SQLite driver asks its statements for a `reader` flag,
 * which Node's do not have; everything else of its dialect is used as it is.
 */
export class NodeSqliteDialect implements Dialect {
  readonly #file: DatabaseSync;
  readonly #log: WriteAheadLog;

  /** The open database file; destroying the Kysely instance closes it. */
  constructor(file: DatabaseSync, log: WriteAheadLog) {
    this.#file = file;
    this.#log = log;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#file, this.#log);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }
}

// Kysely says no for SQLite as a whole. It holds as long as a migration sets no pragma, and
// without it a migration that fails half way would leave half its tables behind.
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #file: DatabaseSync;
  readonly #log: WriteAheadLog;
  readonly #connection: NodeSqliteConnection;

  constructor(file: DatabaseSync, log: WriteAheadLog) {
    this.#file = file;
    this.#log = log;
    this.#connection = new NodeSqliteConnection(file, log);
  }

  async init(): Promise<void> {}

  // One connection for all: Kysely queues whoever asks while a transaction holds it.
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  // Taken for writing at once, so that two writers wait for each other instead of one failing half way.
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  // A full disk makes SQLite roll back by itself; a second rollback would hide the first error.
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.isTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await this.#log.close();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #file: DatabaseSync;
  readonly #log: WriteAheadLog;

  constructor(file: DatabaseSync, log: WriteAheadLog) {
    this.#file = file;
    this.#log = log;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const result = this.#execute<Row>(query);
      const mayHaveStored = query.query.kind !== 'SelectQueryNode' && !this.#file.isTransaction;
      if (mayHaveStored) await this.#log.sync();
      return result;
    } catch (error) {
      throw toStorageError(error);
    }
  }

  #execute<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const statement = this.#file.prepare(sql);
    const values = parameters as readonly SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    const statement = this.#file.prepare(sql);
    for (const row of statement.iterate(...(parameters as readonly SQLInputValue[]))) yield { rows: [row as Row] };
  }
}
