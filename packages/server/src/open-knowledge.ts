import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import {
  createEmbedTexts,
  createRerankTexts,
  type EmbedTexts,
  type KnowledgeIndex,
  type VectorIndex,
} from '@parley/rag';
import { createDocumentReader } from '@parley/rag/parsing';
import type { GatewayClient } from './chat/gateway-client.ts';
import type { ServerConfig } from './config.ts';
import type { MessagesRepository } from './conversations/messages.repository.ts';
import type { Database } from './database/schema.ts';
import { createIngestion } from './ingestion/create-ingestion.ts';
import type { CrawlSite } from './ingestion/stages/crawl-port.ts';
import { createPageFetcher } from './ingestion/fetch-page.ts';
import type { Ingestion } from './ingestion/ingestion.ts';
import { AlarmBoard } from './retrieval/alarm-board.ts';
import { BaseEvaluation } from './retrieval/base-evaluation.ts';
import { KnowledgeSearch } from './retrieval/knowledge-search.ts';
import { openChroma } from './retrieval/on-demand-chroma.ts';
import { OnDemandIndex } from './retrieval/on-demand-index.ts';
import { PassagesRepository } from './retrieval/passages.repository.ts';
import { RetrievalService } from './retrieval/retrieval.service.ts';
import { SearchedBasesRepository } from './retrieval/searched-bases.repository.ts';
import { BasesRepository } from './knowledge/bases.repository.ts';
import { createKnowledge, type Knowledge } from './knowledge/create-knowledge.ts';
import { DocumentChanges } from './knowledge/document-changes.ts';
import { JudgementsRepository } from './knowledge/judgements.repository.ts';
import type { ModelsService } from './models/models.service.ts';

export interface OpenKnowledgeOptions {
  db: Kysely<Database>;
  config: ServerConfig;
  gateway: Pick<GatewayClient, 'embed' | 'rerank'>;
  messages: MessagesRepository;
  models: Pick<ModelsService, 'requireAllowed'>;
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
  const index = new OnDemandIndex({ file: join(config.home, 'index.db') });
  const { reader, previewReader } = createReaders(config.home);
  const models = modelPorts(options.gateway);
  const chroma = openChroma(config);
  const alarms = new AlarmBoard(now);
  const changes = new DocumentChanges();
  const shared = { db, changes, now, newId };
  const ingestion = createIngestion({
    ...shared,
    reader,
    home: config.home,
    chroma,
    alarms,
    logger,
    index: index.open,
    embedder: (model) => models.embedder(model),
    fetchPage: createPageFetcher(config.allow_private_pages),
    crawlSite: crawlOnDemand,
  });
  const knowledge = createKnowledge({
    ...shared,
    ingestion,
    reader: previewReader,
    alarmsOf: (baseId) => alarms.of(baseId),
    previewFolder: join(config.home, 'previews'),
    conversationModel: config.embedding_model,
    hasChroma: chroma !== null,
    requireModel: (userId, model) => options.models.requireAllowed(userId, model),
  });
  const parts = { ...options, knowledge, ingestion, chroma, alarms, index: index.open, models };
  const { search, retrieval } = createSearch(parts);
  return {
    knowledge,
    ingestion,
    search,
    retrieval,
    start: () => ingestion.start(),
    async close() {
      await ingestion.close();
      await reader.close();
      await previewReader.close();
      await index.close();
    },
  };
}

function createReaders(home: string) {
  return {
    reader: createDocumentReader({ scratch: join(home, 'reading') }),
    // Processes of their own: somebody who looks at a preview must not wait for a long document to be read.
    previewReader: createDocumentReader({ scratch: join(home, 'preview-reading'), processes: 2 }),
  };
}

type SearchParts = Omit<OpenKnowledgeOptions, 'models'> & {
  knowledge: Knowledge;
  ingestion: Ingestion;
  chroma: VectorIndex | null;
  alarms: AlarmBoard;
  index: () => Promise<KnowledgeIndex>;
  models: ModelPorts;
};

function createSearch(parts: SearchParts): Pick<OpenedKnowledge, 'search' | 'retrieval'> {
  const { db, knowledge, ingestion, index, chroma, alarms, models, messages, now, newId } = parts;
  const caughtUp = (baseIds: readonly string[]) => ingestion.caughtUp(baseIds);
  const passages = new PassagesRepository(db);
  const searched = new SearchedBasesRepository(db);
  const judgements = new JudgementsRepository(db);
  const { access, searches } = knowledge;
  const asking = { passages, bases: searched, index, chroma, alarms, access, caughtUp };
  const search = new KnowledgeSearch({ ...asking, ...models });
  const shared = { knowledge: search, passages, judgements, now, newId };
  const evaluation = new BaseEvaluation({ ...shared, searched, bases: new BasesRepository(db) });
  return { search, retrieval: new RetrievalService({ ...shared, access, searches, evaluation, messages }) };
}

const crawlOnDemand: CrawlSite = async function* crawlOnDemand(request) {
  const { crawlSite } = await import('@parley/rag/crawling');
  yield* crawlSite(request);
};

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
