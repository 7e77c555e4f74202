import { hash } from 'node:crypto';
import { retrievalSettingsSchema } from '@parley/contracts';
import type { VectorIndex, VectorSpace, WordIndex } from '../../knowledge/knowledge-index.ts';
import type { EmbedTexts } from '../../models/embed-texts.ts';
import { toUnitVectors } from '../../models/to-unit-vectors.ts';
import type { FindPassages } from '../../retrieval/find-passages.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';
import type { ReadDocumentText } from '../../retrieval/passages-of.ts';
import type { RetrievalPorts } from '../../retrieval/retrieval-ports.ts';
import { retrieve } from '../../retrieval/retrieve.ts';
import { fillSpace, type FilledSpace } from './fill-space.ts';
import { fillWords } from './fill-words.ts';
import { searchInMemory } from './search-in-memory.ts';
import { withStableIds } from './stable-ids.ts';

export interface CollectionOptions {
  /** Names it in the stores, and with it what they keep of its documents from one use to the next. */
  name: string;
  /** All passages that are searched; what the stores hold of other documents is not seen. */
  chunks: readonly Chunk[];
  /** Reads a document's text again, to compare each citation with it. */
  readText: ReadDocumentText;
  /** Where the words are kept; in memory when left out. */
  words?: WordIndex | null;
  /** How passages are found by their meaning; by words alone when left out. */
  meaning?: CollectionMeaning | null;
}

export interface CollectionMeaning {
  vectors: VectorIndex;
  embed: EmbedTexts;
  /** Vectors of different models never meet, though the collection has one name. */
  model: string;
  /** What will be searched for first. Embedded before the passages: it tells the length of all vectors. */
  firstQuery: string;
}

/** Documents that are in no knowledge base, ready to be asked. */
export interface Collection {
  /** Words and meaning, fused. Throws when either is down: nobody would see the alarm. */
  findPassages: FindPassages;
  /** Null without `meaning`. */
  filled: FilledSpace | null;
}

/** More than any prompt takes; the chain cuts to what the model's context has room for. */
const NO_TOKEN_LIMIT = 1_000_000;

/**
 * Puts passages into the stores and answers the search over them. Passages of the same document and
 * content are not embedded again. Throws `embedding_failed`, `vector_store_failed`, `storage_failed`
 * and what the embedding port throws; the stores stay the caller's to close.
 */
export async function openCollection(options: CollectionOptions, signal: AbortSignal): Promise<Collection> {
  const { name, words = null, meaning = null } = options;
  const chunks = withStableIds(options.chunks);
  if (words) await fillWords(words, name, chunks);
  const searched = meaning && (await openMeaning(meaning, { name, chunks }, signal));
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const ports: RetrievalPorts = {
    searchWords: words ? (query, scope) => words.search(query, scope) : searchInMemory(chunks, name),
    searchMeaning: searched?.search ?? null,
    rerank: null,
    readChunks: async (ids) => ids.flatMap((id) => byId.get(id) ?? []),
    readSpan: async ({ documentId, start, end }) => (await options.readText(documentId))?.slice(start, end) ?? null,
  };
  return { findPassages: finderOver(ports, { name, chunks }), filled: searched?.filled ?? null };
}

interface Named {
  name: string;
  chunks: readonly Chunk[];
}

function finderOver(ports: RetrievalPorts, { name, chunks }: Named): FindPassages {
  const { dense_weight: denseWeight, passages } = retrievalSettingsSchema.parse({});
  const options = {
    baseIds: [name],
    documentIds: [...new Set(chunks.map(({ documentId }) => documentId))],
    denseWeightOf: () => denseWeight,
    passages,
    tokens: NO_TOKEN_LIMIT,
  };
  return async (queries, signal) => {
    const failures: unknown[] = [];
    const found = await retrieve(queries, { ports: failuresTo(failures, ports), options }, signal);
    if (failures.length > 0) throw failures[0];
    return found;
  };
}

/** A base goes on with one leg and raises an alarm; here the one who asks is told, and nothing goes on. */
function failuresTo(failures: unknown[], ports: RetrievalPorts): RetrievalPorts {
  const { searchMeaning } = ports;
  const note = (error: unknown): never => {
    failures.push(error);
    throw error;
  };
  return {
    ...ports,
    searchWords: (query, scope) => ports.searchWords(query, scope).catch(note),
    searchMeaning: searchMeaning && ((query, scope, signal) => searchMeaning(query, scope, signal).catch(note)),
  };
}

interface OpenedMeaning {
  search: NonNullable<RetrievalPorts['searchMeaning']>;
  filled: FilledSpace;
}

async function openMeaning(meaning: CollectionMeaning, named: Named, signal: AbortSignal): Promise<OpenedMeaning> {
  const { vectors, embed, model, firstQuery } = meaning;
  const first = await embedQuery(embed, firstQuery, signal);
  const space = spaceOf(named.name, model, first.length);
  const filled = await fillSpace({ vectors, space, chunks: named.chunks, embed }, signal);
  return {
    filled,
    async search(query, scope, searchSignal) {
      const begun = performance.now();
      const vector = query === firstQuery ? first : await embedQuery(embed, query, searchSignal);
      const embedded = performance.now();
      const hits = await vectors.search(space, vector, scope);
      return [{ hits, embedMs: embedded - begun, denseMs: performance.now() - embedded, model }];
    },
  };
}

async function embedQuery(embed: EmbedTexts, query: string, signal: AbortSignal): Promise<Float32Array> {
  const [vector = new Float32Array()] = toUnitVectors(await embed([query], signal), 1);
  return vector;
}

function spaceOf(name: string, model: string, dimensions: number): VectorSpace {
  const maker = hash('sha256', `${model}\n${dimensions}`).slice(0, 12);
  return { id: `${name}-${maker}`, baseId: name, dimensions };
}
