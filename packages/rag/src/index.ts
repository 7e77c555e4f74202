export { answerChat, answerFromKnowledgeBase, writeTitle } from './answers.ts';
export type { AnswerEvent } from './chains/answer-event.ts';
export type { ChatInput, KnowledgeBaseInput } from './chains/chat-input.ts';
export type { TitleInput } from './chains/model-title.ts';
export { titleFromQuestion } from './chains/title.ts';
export { findTitle, splitMarkdown, type MarkdownPassage } from './documents/split-markdown.ts';
export { splitDocument } from './documents/split-document.ts';
export { toChunks, type SourceDocument } from './documents/to-chunks.ts';
export { ndcg, recall, reciprocalRank, type Judgements } from './evaluation/ranking-metrics.ts';
export { qualityOf, type RankingQuality } from './evaluation/ranking-quality.ts';
export { GuideLibrary, type GuideDocument, type GuidePage } from './guide/guide-library.ts';
export type {
  ChunkVector,
  IndexedChunk,
  IndexedDocument,
  IndexHit,
  KnowledgeIndex,
  SearchScope,
  VectorIndex,
  VectorSpace,
  WordHits,
  WordIndex,
} from './knowledge/knowledge-index.ts';
export { Bm25Index, type Bm25Options } from './lexical/bm25-index.ts';
export { selectTurns, type MemoryLimits, type Turn } from './memory/select-turns.ts';
export { toEmbeddedText } from './models/embedded-text.ts';
export { createEmbedTexts, createRerankTexts, type EmbedTextsOptions } from './models/create-embed-texts.ts';
export type { EmbedTexts, RerankTexts } from './models/embed-texts.ts';
export type { StreamCompletion } from './models/stream-completion.ts';
export type {
  DocumentReader,
  FlaggedSpan,
  PageStart,
  ParsedChunk,
  ParsedDocument,
  ReaderEvent,
  ReadInput,
} from './parsing/reader-events.ts';
export type { FindPassages, FoundPassages } from './retrieval/find-passages.ts';
export { fuseLegs, type FusedHit, type LegPlace, type SearchLegs } from './retrieval/fuse-legs.ts';
export type { PackLimits, ReadSpan } from './retrieval/pack-passages.ts';
export { PROMPT_TEXTS, type PromptName } from './prompts/prompt-texts.ts';
export type { Chunk, PassageIndex, ScoredChunk } from './retrieval/passage-index.ts';
export { isOffTopic } from './retrieval/question-coverage.ts';
export { passagesOf, type ReadDocumentText } from './retrieval/passages-of.ts';
export type { MeaningHits, RetrievalOptions, RetrievalPorts } from './retrieval/retrieval-ports.ts';
export { retrieve } from './retrieval/retrieve.ts';
export {
  tuneDenseWeight,
  tuneDenseWeightInTurns,
  type JudgedSearch,
  type TunedWeight,
} from './retrieval/tune-dense-weight.ts';
