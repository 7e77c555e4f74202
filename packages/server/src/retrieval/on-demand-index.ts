import { ParleyError } from '@parley/contracts';
import type { KnowledgeIndex, VectorIndex, WordIndex } from '@parley/rag';

/** Opening it again takes some 100 ms; holding it takes 80 MB and more. */
const IDLE_MS = 120_000;

export interface OnDemandIndexOptions {
  file: string;
  /** Milliseconds without a call after which the index is closed. */
  idleMs?: number;
  /** Only tests bring their own. */
  openIndex?: (file: string) => Promise<KnowledgeIndex>;
}

/**
 * The embedded index, whose thread runs only while it is used: opened with the first call, closed
 * when none came for a while, and opened again with the next. One that could not be opened is tried
 * again.
 */
export class OnDemandIndex {
  readonly #file: string;
  readonly #idleMs: number;
  readonly #openIndex: (file: string) => Promise<KnowledgeIndex>;
  #opened: Promise<KnowledgeIndex> | null = null;
  #closing: Promise<void> = Promise.resolve();
  #calls = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ file, idleMs = IDLE_MS, openIndex = openEmbeddedIndex }: OnDemandIndexOptions) {
    this.#file = file;
    this.#idleMs = idleMs;
    this.#openIndex = openIndex;
  }

  /** Stays of use however often the thread behind it ends and is started again. */
  readonly open = async (): Promise<KnowledgeIndex> => this.#index;

  readonly #words: WordIndex = {
    replaceDocument: (document, chunks) => this.#use(({ words }) => words.replaceDocument(document, chunks)),
    removeBase: (baseId) => this.#use(({ words }) => words.removeBase(baseId)),
    search: (query, scope) => this.#use(({ words }) => words.search(query, scope)),
    documents: (baseId) => this.#use(({ words }) => words.documents(baseId)),
    position: () => this.#use(({ words }) => words.position()),
    setPosition: (sequence) => this.#use(({ words }) => words.setPosition(sequence)),
  };

  readonly #vectors: VectorIndex = {
    put: (space, vectors) => this.#use((index) => index.vectors.put(space, vectors)),
    remove: (space, chunkIds) => this.#use((index) => index.vectors.remove(space, chunkIds)),
    removeDocument: (space, documentId) => this.#use((index) => index.vectors.removeDocument(space, documentId)),
    removeSpace: (spaceId) => this.#use((index) => index.vectors.removeSpace(spaceId)),
    search: (space, vector, scope) => this.#use((index) => index.vectors.search(space, vector, scope)),
    chunkIds: (space) => this.#use((index) => index.vectors.chunkIds(space)),
  };

  readonly #index: KnowledgeIndex = { words: this.#words, vectors: this.#vectors, close: () => this.close() };

  /** Ends the thread for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#letGo();
    await this.#closing;
  }

  async #use<Value>(work: (index: KnowledgeIndex) => Promise<Value>): Promise<Value> {
    clearTimeout(this.#timer);
    this.#calls += 1;
    try {
      return await work(await this.#start());
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0 && !this.#isClosed) {
        this.#timer = setTimeout(() => this.#letGo(), this.#idleMs).unref();
      }
    }
  }

  #start(): Promise<KnowledgeIndex> {
    if (this.#isClosed) throw new ParleyError('storage_failed', 'The search index is closed.');
    // The file has one owner at a time: the thread before must be gone.
    this.#opened ??= this.#closing
      .then(() => this.#openIndex(this.#file))
      .catch((error: unknown) => {
        this.#opened = null;
        throw error;
      });
    return this.#opened;
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    const opened = this.#opened;
    this.#opened = null;
    if (opened === null) return;
    this.#closing = opened
      .then((index) => index.close())
      // It could not be opened, or died while it closed: nothing is left of it either way.
      .catch(() => {});
  }
}

async function openEmbeddedIndex(file: string): Promise<KnowledgeIndex> {
  const { openKnowledgeIndex } = await import('@parley/rag/index-thread');
  return openKnowledgeIndex({ file });
}
