import type { IndexHit, SearchScope, VectorSpace } from '../../knowledge/knowledge-index.ts';
import type { IndexFile } from '../file/index-file.ts';
import { MemoryCache } from '../memory-cache.ts';
import type { Work } from '../work-queue.ts';
import { VectorMatrix, type NearVector } from './vector-matrix.ts';

/** Vectors side by side in `values`, in the order of the ids. */
export interface VectorBatch<Buffer extends ArrayBufferLike = ArrayBufferLike> {
  chunkIds: readonly string[];
  documentIds: readonly string[];
  values: Float32Array<Buffer>;
}

export interface VectorQuery {
  space: VectorSpace;
  vector: Float32Array;
  scope: Pick<SearchScope, 'documentIds' | 'limit'>;
}

interface VectorRow {
  number: number;
  documentId: string;
  vector: Uint8Array;
}

const SLICE_ROWS = 256;
/** Vectors that are in memory at once when a space is larger than memory may be. */
const WINDOW_ROWS = 4_096;
/** What a space can have in memory at most, below the 4 GiB that a matrix can. */
const MOST_BYTES = 3 * 1024 ** 3;
/** Rows of a space are numbered from its number times this. */
export const SPACE_STEP = 2 ** 32;
const SELECT_VECTORS = `select number, document_id as documentId, vector from vectors
  where number > ? and number < ? order by number`;

/** The vectors of all spaces, inside the thread. */
export class VectorStore {
  readonly #file: IndexFile;
  readonly #memoryBytes: number;
  readonly #matrices: MemoryCache<VectorMatrix>;

  constructor(file: IndexFile, memoryBytes: number) {
    this.#file = file;
    this.#memoryBytes = Math.min(memoryBytes, MOST_BYTES);
    this.#matrices = new MemoryCache(memoryBytes);
  }

  put(space: VectorSpace, { chunkIds, documentIds, values }: VectorBatch): void {
    const number = this.#find(space) ?? this.#make(space);
    const size = space.dimensions * 4;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const rows = chunkIds.map((chunkId, index) => ({
      chunkId,
      documentId: documentIds[index] ?? '',
      vector: bytes.subarray(index * size, (index + 1) * size),
    }));
    const numbers = this.#file.transact(() => rows.map((row) => this.#putRow(number, row)));
    const matrix = this.#matrices.peek(number);
    for (const [index, { documentId, vector }] of rows.entries()) {
      matrix?.put({ number: numbers[index] ?? 0, documentId }, vector);
    }
  }

  remove(space: VectorSpace, chunkIds: readonly string[]): void {
    const number = this.#find(space);
    if (number === null) return;
    const sql = 'delete from vectors where space = ? and chunk_id = ? returning number';
    this.#forget(number, () => chunkIds.flatMap((id) => this.#file.get<{ number: number }>(sql, number, id) ?? []));
  }

  *removeDocument(space: VectorSpace, documentId: string): Work<void> {
    const number = this.#find(space);
    const sql = `delete from vectors where number in
      (select number from vectors where space = ? and document_id = ? limit ${SLICE_ROWS}) returning number`;
    while (number !== null) {
      const gone = this.#forget(number, () => this.#file.all<{ number: number }>(sql, number, documentId));
      if (gone < SLICE_ROWS) return;
      yield;
    }
  }

  /** Takes it out of sight at once; its rows go bit by bit. */
  removeSpace(id: string): void {
    const row = this.#file.get<{ number: number }>('select number from spaces where id = ?', id);
    if (!row) return;
    this.#file.run('update spaces set id = null where number = ?', row.number);
    this.#matrices.drop(row.number);
  }

  search(query: VectorQuery): IndexHit[] {
    const number = this.#find(query.space);
    if (number === null) return [];
    return this.#nearest(number, query).map((near) => this.#toHit(query.space, near));
  }

  chunkIds(space: VectorSpace): string[] {
    const number = this.#find(space);
    const sql = 'select chunk_id as id from vectors where space = ?';
    return number === null ? [] : this.#file.all<{ id: string }>(sql, number).map(({ id }) => id);
  }

  #find({ id, dimensions }: VectorSpace): number | null {
    const sql = 'select number, dimensions from spaces where id = ?';
    const row = this.#file.get<{ number: number; dimensions: number }>(sql, id);
    if (row && row.dimensions !== dimensions) {
      throw new RangeError(`The space ${id} has vectors of ${row.dimensions} numbers, not of ${dimensions}.`);
    }
    return row?.number ?? null;
  }

  #make({ id, baseId, dimensions }: VectorSpace): number {
    return this.#file.insert('insert into spaces (id, base_id, dimensions) values (?, ?, ?)', id, baseId, dimensions);
  }

  #putRow(space: number, row: { chunkId: string; documentId: string; vector: Uint8Array }): number {
    const sql = `insert into vectors (number, space, chunk_id, document_id, vector)
      values (coalesce((select max(number) from vectors where number >= ? and number < ?), ?) + 1, ?, ?, ?, ?)
      on conflict (space, chunk_id) do update set document_id = excluded.document_id, vector = excluded.vector
      returning number`;
    const [first, end] = [space * SPACE_STEP, (space + 1) * SPACE_STEP];
    const put = this.#file.get<{ number: number }>(
      sql,
      first,
      end,
      first,
      space,
      row.chunkId,
      row.documentId,
      row.vector,
    );
    return put?.number ?? 0;
  }

  /** Answers how many rows `remove` removed. */
  #forget(space: number, remove: () => { number: number }[]): number {
    const gone = this.#file.transact(remove);
    const matrix = this.#matrices.peek(space);
    for (const { number } of gone) matrix?.remove(number);
    if (matrix?.isWorn) this.#matrices.drop(space);
    return gone.length;
  }

  #nearest(number: number, { space, vector, scope }: VectorQuery): NearVector[] {
    const last = this.#file.get<{ number: number | null }>(
      'select max(number) as number from vectors where number < ?',
      (number + 1) * SPACE_STEP,
    );
    const places = (last?.number ?? 0) - number * SPACE_STEP;
    const isSmall = places * space.dimensions * 4 <= this.#memoryBytes;
    if (isSmall) return this.#matrix(number, space.dimensions).search(vector, scope);
    this.#matrices.drop(number);
    let best: NearVector[] = [];
    let after = number * SPACE_STEP;
    for (;;) {
      const window = new VectorMatrix(space.dimensions);
      const rows = this.#file.all<VectorRow>(
        `${SELECT_VECTORS} limit ${WINDOW_ROWS}`,
        after,
        (number + 1) * SPACE_STEP,
      );
      for (const row of rows) window.put(row, row.vector);
      best = [...best, ...window.search(vector, scope)].toSorted((one, other) => other.score - one.score);
      best = best.slice(0, scope.limit);
      if (rows.length < WINDOW_ROWS) return best;
      after = rows.at(-1)?.number ?? after;
    }
  }

  #toHit({ baseId }: VectorSpace, { number, score }: NearVector): IndexHit {
    const sql = 'select chunk_id as chunkId, document_id as documentId from vectors where number = ?';
    const row = this.#file.get<{ chunkId: string; documentId: string }>(sql, number);
    return { chunkId: row?.chunkId ?? '', documentId: row?.documentId ?? '', baseId, score };
  }

  #matrix(number: number, dimensions: number): VectorMatrix {
    return this.#matrices.get(number, () => {
      const matrix = new VectorMatrix(dimensions);
      const rows = this.#file.each<VectorRow>(SELECT_VECTORS, number * SPACE_STEP, (number + 1) * SPACE_STEP);
      for (const row of rows) matrix.put(row, row.vector);
      return matrix;
    });
  }
}
