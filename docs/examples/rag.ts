import type { Document } from '@langchain/core/documents';
import type { Embeddings } from '@langchain/core/embeddings';
import type { AIMessageChunk } from '@langchain/core/messages';
import type { BaseRetriever } from '@langchain/core/retrievers';
import { RunnablePassthrough, RunnableSequence, type Runnable } from '@langchain/core/runnables';
import type { VectorStore } from '@langchain/core/vectorstores';
import type { TextSplitter } from '@langchain/textsplitters';
import * as parley from '@parley/rag/langchain';
import { guardedFetch } from '@parley/service-kit/guarded-fetch';

/** The ways to the models, and where the vectors go: `createChromaVectorIndex({ url })`, or any other index. */
export type Parts = parley.GatewayEmbeddingsFields & parley.GatewayChatModelFields & parley.ParleyVectorStoreConfig;

/** A chain that answers questions from the chosen parts of one web page: give it a question, read its stream. */
export async function chainOver(url: string, parts: Parts, allowPrivate = false) {
  const page = await guardedFetch(url, { mediaTypes: ['text/html'], allowPrivate });
  const html = parley.decodeText(page.body, { charset: page.charset, isHtml: true });
  const select = ['.post-content,.post-title,.post-header'];
  const document: Document = await parley.loadHtml(html, { source: page.url, select });
  const splitter: TextSplitter = new parley.RecursiveSplitter({ chunkSize: 1_000, chunkOverlap: 200 });
  const embeddings: Embeddings = new parley.GatewayEmbeddings(parts);
  const store: VectorStore = new parley.ParleyVectorStore(embeddings, parts);
  await store.addDocuments(await splitter.splitDocuments([document]));
  const retriever: BaseRetriever = store.asRetriever(4);
  const passages = retriever.pipe((found: Document[]) => parley.formatPassages(found));
  const chain: Runnable<string, AIMessageChunk> = RunnableSequence.from([
    { passages, question: new RunnablePassthrough(), history: () => [] },
    parley.promptFor('answer-from-passages', 'en'),
    new parley.GatewayChatModel(parts),
  ]);
  return chain.withConfig({ callbacks: new parley.QuietCallbacks() });
}
