import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import { createEmbedTexts, createRerankTexts, type EmbedTexts, type KnowledgeIndex, type VectorIndex } from '@parley/rag';
import { createDocumentReader } from '@parley/rag/parsing';
import type { GatewayClient } from './chat/gateway-client.ts';
import type { ServerConfig } from './config.ts';
import type { MessagesRepository } from './conversations/messages.repository.ts';
import type { Database } from './database/schema.ts';
import { createIngestion } from './ingestion/create-ingestion.ts';
import type { Ingestion } from './ingestion/ingestion.ts';
import { AlarmBoard } from './retrieval/alarm-board.ts';
import { BaseEvaluation } from './retrieval/base-evaluation.ts';
import { KnowledgeSearch } from './retrieval/knowledge-search.ts';
import { PassagesRepository } from './retrieval/passages.repository.ts';
import { RetrievalService } from './retrieval/retrieval.service.ts';
import { SearchedBasesRepository } from './retrieval/searched-bases.repository.ts';
import { BasesRepository } from './knowledge/bases.repository.ts';
import { createKnowledge, type Knowledge } from './knowledge/create-knowledge.ts';
import { DocumentChanges } from './knowledge/document-changes.ts';
import { JudgementsRepository } from './knowledge/judgements.repository.ts';

/** What a page of a knowledge base may be; the reader knows what to make of it. */
const FETCHED_TYPES: readonly string[] = [
  'text/html',
  'application/xhtml+xml',
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/xml',
  'application/xml',
  'application/rss+xml',
  'application/json',
  'application/gzip',
  'application/x-gzip',
  'application/pdf',
  'application/epub+zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
];
const FETCH_LIMITS = { maxBytes: 50 * 1024 * 1024, totalMs: 120_000 };

export interface OpenKnowledgeOptions {
  db: Kysely<Database>;
  config: ServerConfig;
  gateway: Pick<GatewayClient, 'embed' | 'rerank'>;
  messages: MessagesRepository;
  now: () => number;
  newId: () => string;
  logger: FastifyBaseLogger;
}

/** Knowledge bases at work. */
export interface OpenedKnowledge {
  knowledge: Knowledge;
  ingestion: Ingestion;
  search: KnowledgeSearch;
  retrieval: RetrievalService;
  /** Begins with the jobs that wait. */
  start(): void;
  /** Ends jobs, reader processes and the index thread. */
  close(): Promise<void>;
}

/**
 * Puts together everything behind knowledge bases. What takes memory (index thread, reader
 * processes, the client of a vector store) comes with its first use.
 */
export function openKnowledge(options: OpenKnowledgeOptions): OpenedKnowledge {
  const { db, config, now, newId, logger } = options;
  const index = new OnDemandIndex(join(config.home, 'index.db'));
  const reader = createDocumentReader({ scratch: join(config.home, 'reading') });
  const models = modelPorts(options.gateway);
  const chroma = chromaIndex(config);
  const alarms = new AlarmBoard(now);
  const changes = new DocumentChanges();
  const ingestion = createIngestion({
    ...{ db, home: config.home, reader, chroma, changes, alarms, now, newId, logger },
    index: index.open,
    embedder: (model) => models.embedder(model),
    fetchPage: guardedFetcher(config.allow_private_pages),
    crawlSite: async function* crawl(request) {
      const { crawlSite } = await import('@parley/rag/crawling');
      yield* crawlSite(request);
    },
  });
  const knowledge = createKnowledge({
    ...{ db, ingestion, changes, reader, now, newId },
    alarmsOf: (baseId) => alarms.of(baseId),
    previewFolder: join(config.home, 'previews'),
    conversationModel: config.embedding_model,
  });
  const { search, retrieval } = createSearch({ ...options, knowledge, chroma, alarms, index: index.open, models });
  return {
    ...{ knowledge, ingestion, search, retrieval },
    start: () => ingestion.start(),
    async close() {
      await ingestion.close();
      await reader.close();
      await index.close();
    },
  };
}

type SearchParts = OpenKnowledgeOptions & {
  knowledge: Knowledge;
  chroma: VectorIndex | null;
  alarms: AlarmBoard;
  index: () => Promise<KnowledgeIndex>;
  models: ModelPorts;
};

function createSearch(parts: SearchParts): Pick<OpenedKnowledge, 'search' | 'retrieval'> {
  const { db, knowledge, index, chroma, alarms, models, messages, now, newId } = parts;
  const passages = new PassagesRepository(db);
  const searched = new SearchedBasesRepository(db);
  const judgements = new JudgementsRepository(db);
  const search = new KnowledgeSearch({ passages, bases: searched, index, chroma, alarms, ...models });
  const shared = { knowledge: search, passages, judgements, now, newId };
  const evaluation = new BaseEvaluation({ ...shared, searched, bases: new BasesRepository(db) });
  const { access, searches } = knowledge;
  return { search, retrieval: new RetrievalService({ ...shared, access, searches, evaluation, messages }) };
}

interface ModelPorts {
  embedder: (model: string, userId?: string) => EmbedTexts;
  reranker: (model: string, userId: string) => ReturnType<typeof createRerankTexts>;
}

function modelPorts(gateway: OpenKnowledgeOptions['gateway']): ModelPorts {
  return {
    embedder: (model, userId) =>
      createEmbedTexts({
        model,
        embed: (request, signal) => gateway.embed(request, signal, userId === undefined ? {} : { userId }),
      }),
    reranker: (model, userId) =>
      createRerankTexts({ model, rerank: (request, signal) => gateway.rerank(request, signal, { userId }) }),
  };
}

/** The embedded index, opened with its first use. One that could not be opened is tried again. */
class OnDemandIndex {
  readonly #file: string;
  #opened: Promise<KnowledgeIndex> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  readonly open = (): Promise<KnowledgeIndex> => {
    this.#opened ??= import('@parley/rag/index-thread')
      .then(({ openKnowledgeIndex }) => openKnowledgeIndex({ file: this.#file }))
      .catch((error: unknown) => {
        this.#opened = null;
        throw error;
      });
    return this.#opened;
  };

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => null))?.close();
  }
}

/** The Chroma server of the settings; its client comes with the first call. */
function chromaIndex({ chroma_url: url, chroma_token: token }: ServerConfig): VectorIndex | null {
  if (url === null) return null;
  let opened: Promise<VectorIndex> | null = null;
  const open = () =>
    (opened ??= import('@parley/rag/vector-stores').then(({ createChromaVectorIndex }) =>
      createChromaVectorIndex({ url, token }),
    ));
  return {
    put: async (space, vectors) => (await open()).put(space, vectors),
    remove: async (space, chunkIds) => (await open()).remove(space, chunkIds),
    removeDocument: async (space, documentId) => (await open()).removeDocument(space, documentId),
    removeSpace: async (spaceId) => (await open()).removeSpace(spaceId),
    search: async (space, vector, scope) => (await open()).search(space, vector, scope),
    chunkIds: async (space) => (await open()).chunkIds(space),
  };
}

function guardedFetcher(allowPrivate: boolean) {
  return async (url: string, signal: AbortSignal) => {
    const { guardedFetch } = await import('@parley/service-kit/guarded-fetch');
    return guardedFetch(url, { signal, allowPrivate, mediaTypes: FETCHED_TYPES, limits: FETCH_LIMITS });
  };
}
