import type { IndexedChunk } from '../../knowledge/knowledge-index.ts';
import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import type { Cells } from './cells.ts';
import { Draft } from './draft.ts';
import { OpenSegment, SealedSegment } from './segment.ts';
import { tokenize, toPendingRow, type TokenizedPassage } from './tokenized-passage.ts';
import type { WordBase } from './word-base.ts';
import type { WordBases } from './word-bases.ts';
import { writeSegment } from './write-segment.ts';

const DELETE_DOCUMENT = 'delete from documents where base = ? and id = ?';

/**
 * One document on its way into the file: passages are added in parts, and are seen all at once with
 * the commit, which also takes the document's earlier passages out of sight.
 */
export class DocumentWriter {
  readonly #file: IndexFile;
  /** The document's number in the file, if it gets that far. */
  readonly #number: number;
  /** What came last, or all of a document that is not large. */
  #passages: TokenizedPassage[] = [];
  /** The part of a large document that is not in the file yet. */
  #draft: Draft | null = null;
  /** Its segments that are: not to be seen yet. */
  readonly #staged: { number: number; cells: Cells; bits: number }[] = [];

  /** A document with more passages than a segment has segments of its own. */
  readonly #segmentPassages: number;

  constructor(file: IndexFile, segmentPassages: number) {
    this.#file = file;
    this.#segmentPassages = segmentPassages;
    const sql = "update meta set value = value + 1 where key = 'last_document' returning value";
    this.#number = file.get<{ value: number }>(sql)?.value ?? 0;
  }

  *add(chunks: readonly IndexedChunk[]): Work<void> {
    for (const chunk of chunks) {
      if (this.#passages.length === this.#segmentPassages) yield* this.#moveToDraft();
      this.#passages.push(tokenize(chunk));
      yield;
    }
  }

  /** Answers the base that changed; null: there was nothing to change. */
  *commit(bases: WordBases, { baseId, documentId }: { baseId: string; documentId: string }): Work<WordBase | null> {
    if (this.#draft || this.#staged.length > 0) {
      yield* this.#moveToDraft();
      yield* this.#stage();
    }
    if (this.#passages.length + this.#staged.length === 0) return this.#remove(bases.byId(baseId), documentId);
    const base = bases.make(baseId);
    const target = this.#passages.length > 0 ? (base.open ?? this.#openSegment(base)) : null;
    const staged = this.#file.transact(() => {
      this.#replaceDocumentRow(base, documentId);
      if (target) this.#insertPending(target);
      return this.#revealStaged(base);
    });
    base.removeDocument(documentId);
    base.documents.set(documentId, this.#number);
    target?.add(this.#number, this.#passages);
    for (const segment of staged) base.replace([], segment);
    return base;
  }

  discard(): void {
    for (const { number } of this.#staged.splice(0)) {
      this.#file.run("update segments set state = 'dropped' where number = ?", number);
    }
  }

  *#moveToDraft(): Work<void> {
    for (const passage of this.#passages.splice(0)) {
      this.#draft ??= new Draft();
      this.#draft.add(this.#number, passage);
      if (this.#draft.isFull(this.#segmentPassages)) yield* this.#stage();
      yield;
    }
  }

  *#stage(): Work<void> {
    const draft = this.#draft;
    if (!draft) return;
    const number = this.#file.insert("insert into segments (base, rank, state) values (0, 0, 'building')");
    const staged = { number, cells: draft.cells, bits: 0 };
    this.#staged.push(staged);
    this.#draft = null;
    staged.bits = yield* writeSegment(this.#file, { number, draft, isLive: () => true });
  }

  #openSegment(base: WordBase): OpenSegment {
    const rank = base.nextRank;
    const sql = "insert into segments (base, rank, state) values (?, ?, 'open')";
    const segment = new OpenSegment({ number: this.#file.insert(sql, base.number, rank), rank, isClosed: false });
    base.replace([], segment);
    return segment;
  }

  #remove(base: WordBase | null, documentId: string): WordBase | null {
    if (base) this.#file.run(DELETE_DOCUMENT, base.number, documentId);
    base?.removeDocument(documentId);
    return base;
  }

  #replaceDocumentRow({ number }: WordBase, documentId: string): void {
    this.#file.run(DELETE_DOCUMENT, number, documentId);
    this.#file.run('insert into documents (number, base, id) values (?, ?, ?)', this.#number, number, documentId);
  }

  #insertPending({ number }: OpenSegment): void {
    const { document, ids, terms } = toPendingRow(this.#number, this.#passages);
    const sql = 'insert into pending (segment, document, ids, terms) values (?, ?, ?, ?)';
    this.#file.run(sql, number, document, ids, terms);
  }

  #revealStaged(base: WordBase): SealedSegment[] {
    return this.#staged.splice(0).map(({ number, cells, bits }, index) => {
      const rank = base.nextRank + index;
      const sql = "update segments set base = ?, rank = ?, state = 'sealed', cells = ?, bits = ? where number = ?";
      this.#file.run(sql, base.number, rank, cells.toBytes(), bits, number);
      return new SealedSegment(this.#file, { number, rank, bits }, cells);
    });
  }
}
