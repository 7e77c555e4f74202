import { Document } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import type { Chunk, PassageIndex, ScoredChunk } from './passage-index.ts';

/** What a retrieved document carries beside its text. */
export type PassageMetadata = Omit<Chunk, 'text'> & { score: number };

/** Any passage index as a LangChain retriever. */
export class PassageRetriever extends BaseRetriever<PassageMetadata> {
  override lc_namespace = ['parley', 'retrievers'];
  readonly #index: PassageIndex;
  readonly #limit: number;

  constructor(index: PassageIndex, { limit }: { limit: number }) {
    super();
    this.#index = index;
    this.#limit = limit;
  }

  static override lc_name(): string {
    return 'PassageRetriever';
  }

  override async _getRelevantDocuments(query: string): Promise<Document<PassageMetadata>[]> {
    return (await this.#index.search(query, { limit: this.#limit })).map(toDocument);
  }
}

/** A retrieved document back as what the index answered. */
export function toScoredChunk({ pageContent, metadata }: Document<PassageMetadata>): ScoredChunk {
  const { score, ...chunk } = metadata;
  return { chunk: { ...chunk, text: pageContent }, score };
}

function toDocument({ chunk, score }: ScoredChunk): Document<PassageMetadata> {
  const { text, ...rest } = chunk;
  return new Document({ id: chunk.id, pageContent: text, metadata: { ...rest, score } });
}
