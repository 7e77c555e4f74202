import { toQueryTerms } from '../../lexical/bm25.ts';
import type {
  IndexedChunk,
  IndexedDocument,
  IndexHit,
  SearchScope,
  WordHits,
} from '../../knowledge/knowledge-index.ts';
import type { IndexFile } from '../file/index-file.ts';
import type { Work } from '../work-queue.ts';
import { DocumentWriter } from './document-writer.ts';
import type { WordBase } from './word-base.ts';
import { WordBases } from './word-bases.ts';
import { WordMaintenance } from './word-maintenance.ts';
import { WordSearch, type FoundPlace } from './word-search.ts';

/** The words of all bases, inside the thread. */
export class WordStore {
  readonly maintenance: WordMaintenance;
  readonly #file: IndexFile;
  readonly #bases: WordBases;
  readonly #segmentPassages: number;
  readonly #search = new WordSearch();
  /** Documents that are being written, by a number that the asking side keeps. */
  readonly #writers = new Map<number, DocumentWriter>();
  #lastWriter = 0;

  constructor(file: IndexFile, { memoryBytes, segmentPassages }: { memoryBytes: number; segmentPassages: number }) {
    this.#file = file;
    this.#segmentPassages = segmentPassages;
    this.#bases = new WordBases(file, memoryBytes);
    this.maintenance = new WordMaintenance(file, this.#bases, segmentPassages);
  }

  beginDocument(): number {
    this.#lastWriter += 1;
    this.#writers.set(this.#lastWriter, new DocumentWriter(this.#file, this.#segmentPassages));
    return this.#lastWriter;
  }

  *addChunks(writer: number, chunks: readonly IndexedChunk[]): Work<void> {
    yield* this.#writer(writer).add(chunks);
  }

  *commitDocument(writer: number, document: { baseId: string; documentId: string }): Work<void> {
    const base = yield* this.#writer(writer).commit(this.#bases, document);
    this.#writers.delete(writer);
    if (base) this.maintenance.noteChange(base);
  }

  discardDocument(writer: number): void {
    this.#writers.get(writer)?.discard();
    this.#writers.delete(writer);
  }

  removeBase(baseId: string): void {
    this.#bases.remove(baseId);
  }

  search(query: string, { baseIds, documentIds, limit }: SearchScope): WordHits {
    const terms = toQueryTerms(query);
    const bases = this.#known(baseIds);
    const allowed = documentIds && toNumbers(bases, documentIds);
    const found = this.#search.search(
      bases.flatMap(({ segments }) => segments),
      { terms, allowed, limit },
    );
    return { hits: found.map((place) => this.#toHit(bases, place)), terms: terms.length };
  }

  documents(baseId: string): IndexedDocument[] {
    const base = this.#bases.byId(baseId);
    if (!base) return [];
    const chunkIds = new Map<number, string[]>([...base.documents.values()].map((number) => [number, []]));
    for (const segment of base.segments) {
      for (const [place, id] of segment.allIds().entries()) chunkIds.get(segment.cells.documentAt(place))?.push(id);
    }
    return [...base.documents].map(([documentId, number]) => ({ documentId, chunkIds: chunkIds.get(number) ?? [] }));
  }

  position(): number {
    return this.#file.get<{ value: number }>("select value from meta where key = 'position'")?.value ?? 0;
  }

  setPosition(sequence: number): void {
    this.#file.run("update meta set value = ? where key = 'position'", sequence);
  }

  #writer(number: number): DocumentWriter {
    const writer = this.#writers.get(number);
    if (!writer) throw new Error('The document is not being written any more.');
    return writer;
  }

  #known(baseIds: readonly string[]): WordBase[] {
    return [...new Set(baseIds)].flatMap((id) => this.#bases.byId(id) ?? []);
  }

  #toHit(bases: readonly WordBase[], { segment, place, score }: FoundPlace): IndexHit {
    const [chunkId = ''] = segment.idsAt([place]);
    const number = segment.cells.documentAt(place);
    const document = this.#file.get<{ id: string }>('select id from documents where number = ?', number);
    const base = bases.find(({ segments }) => segments.includes(segment));
    return { chunkId, documentId: document?.id ?? '', baseId: base?.id ?? '', score };
  }
}

function toNumbers(bases: readonly WordBase[], documentIds: readonly string[]): Set<number> {
  const numbers = bases.flatMap(({ documents }) => documentIds.map((id) => documents.get(id) ?? 0));
  return new Set(numbers);
}
