/**
 * The pieces as LangChain knows them, for code that builds chains of its own. Importing this loads
 * LangChain; the room's main entry does not.
 */
export { createChatChain } from './chains/chat-chain.ts';
export { streamAnswer, type AnswerChain, type PromptValues } from './chains/stream-answer.ts';
export { chunkDocuments } from './documents/chunk-documents.ts';
export { decodeText, type DecodeOptions } from './documents/decode-text.ts';
export { loadHtml, type LoadHtmlOptions } from './documents/load-html.ts';
export { loadText } from './documents/load-text.ts';
export type { DocumentMetadata, LoadedDocument } from './documents/loaded-document.ts';
export { MarkdownSplitter } from './documents/markdown-splitter.ts';
export { RecursiveSplitter } from './documents/recursive-splitter.ts';
export { toMessages } from './memory/to-messages.ts';
export { GatewayChatModel, type GatewayChatModelFields } from './models/gateway-chat-model.ts';
export { GatewayEmbeddings, type GatewayEmbeddingsFields } from './models/gateway-embeddings.ts';
export { QuietCallbacks } from './models/quiet-callbacks.ts';
export { promptFor } from './prompts/prompt-library.ts';
export type { PromptName } from './prompts/prompt-texts.ts';
export { PassageRetriever, type PassageMetadata } from './retrieval/passage-retriever.ts';
export { formatPassages } from './vector-stores/format-passages.ts';
export {
  ParleyVectorStore,
  type ParleyVectorStoreConfig,
  type SourceFilter,
} from './vector-stores/parley-vector-store.ts';
