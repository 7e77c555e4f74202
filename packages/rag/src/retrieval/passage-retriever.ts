import { Document } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import type { Source } from '@parley/contracts';
import type { FindPassages } from './find-passages.ts';

/** What a retrieved document carries beside its text: all that a citation of it needs. */
export type PassageMetadata = Omit<Source, 'quote'>;

/** Any search of this room as a LangChain retriever; `signal` ends its searches. */
export class PassageRetriever extends BaseRetriever<PassageMetadata> {
  override lc_namespace = ['parley', 'retrievers'];
  readonly #findPassages: FindPassages;
  readonly #signal: AbortSignal;

  constructor(findPassages: FindPassages, { signal = new AbortController().signal }: { signal?: AbortSignal } = {}) {
    super();
    this.#findPassages = findPassages;
    this.#signal = signal;
  }

  static override lc_name(): string {
    return 'PassageRetriever';
  }

  override async _getRelevantDocuments(query: string): Promise<Document<PassageMetadata>[]> {
    const { sources } = await this.#findPassages([query], this.#signal);
    return sources.map(({ quote, ...metadata }) => new Document({ pageContent: quote, metadata }));
  }
}
