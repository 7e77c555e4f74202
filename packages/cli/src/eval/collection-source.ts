import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbedTexts } from '@parley/rag';
import {
  CollectionIndex,
  fusedRanking,
  fuseTuned,
  qualityOf,
  readCollection,
  readJudgedQueries,
  searchCollection,
  type Collection,
  type QuerySearch,
} from '@parley/rag/evaluation';
import { openKnowledgeIndex } from '@parley/rag/index-thread';
import type { QueryQuality, RetrievalSource } from './retrieval-result.ts';

export interface CollectionOptions {
  split: string;
  /** The dense leg; null: words alone. */
  embedding: { model: string; embed: EmbedTexts } | null;
  /** Hears how many of the documents have their vectors. */
  onProgress: (done: number, all: number) => void;
  signal: AbortSignal;
}

/** Queries that a weight is tuned on, at most; each is searched for. */
const MOST_TRAINING = 1_000;

/** Indexes a judged collection for the time of `use`; the index is deleted with it. */
export async function withCollection<Result>(
  folder: string,
  options: CollectionOptions,
  use: (source: RetrievalSource) => Promise<Result>,
): Promise<Result> {
  const collection = await readCollection(folder, { split: options.split });
  const home = mkdtempSync(join(tmpdir(), 'parley-eval-'));
  const opened = await openKnowledgeIndex({ file: join(home, 'index.db') });
  try {
    const { embedding, signal, onProgress } = options;
    const index = new CollectionIndex(opened, embedding && ((texts) => embedSome(texts, embedding.embed, signal)));
    await index.addWords(collection.documents);
    if (embedding) {
      await index.addVectors(collection.documents, (done) => onProgress(done, collection.documents.length));
    }
    const searches = await searchCollection(index, collection, signal);
    const training = embedding ? await searchTraining(index, folder, options) : [];
    return await use(toSource(collection, { searches, training, model: embedding?.model ?? null }));
  } finally {
    await opened.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A text without a character has no vector; models refuse it. */
async function embedSome(
  texts: readonly string[],
  embed: EmbedTexts,
  signal: AbortSignal,
): Promise<(Float32Array | null)[]> {
  const vectors = await embed(
    texts.filter((text) => text.trim() !== ''),
    signal,
  );
  return texts.map((text) => (text.trim() === '' ? null : (vectors.shift() ?? null)));
}

async function searchTraining(
  index: CollectionIndex,
  folder: string,
  { split, signal }: CollectionOptions,
): Promise<QuerySearch[]> {
  if (split === 'train') return [];
  const { queries, judgements } = await readJudgedQueries(folder, 'train');
  return searchCollection(index, { queries: queries.slice(0, MOST_TRAINING), judgements }, signal);
}

function toSource(
  { name }: Collection,
  { searches, training, model }: { searches: QuerySearch[]; training: QuerySearch[]; model: string | null },
): RetrievalSource {
  return {
    name,
    async evaluate(given) {
      if (model === null) {
        return { name, perQuery: searches.map(toWordsOnly), embeddingModel: null, denseWeight: null, weightFrom: null };
      }
      const tuned = given === null ? fuseTuned(searches, training) : null;
      const rankings = tuned?.rankings ?? searches.map(({ legs }) => fusedRanking(legs, given ?? 0));
      return {
        name,
        perQuery: searches.map((search, place) => toQueryQuality(search, rankings[place] ?? [])),
        embeddingModel: model,
        denseWeight: tuned?.denseWeight ?? given,
        weightFrom: tuned?.tunedOn ?? 'given',
      };
    },
  };
}

function toWordsOnly({ query, legs, judgements }: QuerySearch): QueryQuality {
  const lexical = qualityOf(
    legs.lexical.map(({ chunkId }) => chunkId),
    judgements,
  );
  return { query: query.id, lexical, dense: null, fused: lexical };
}

function toQueryQuality(search: QuerySearch, ranking: readonly string[]): QueryQuality {
  const { legs, judgements } = search;
  const dense = (legs.dense[0] ?? []).map(({ chunkId }) => chunkId);
  return { ...toWordsOnly(search), dense: qualityOf(dense, judgements), fused: qualityOf(ranking, judgements) };
}
