/** How good searches and answers are, and whether a difference is more than chance. Nothing here is loaded by a server's start. */
export {
  CollectionIndex,
  RANKING_DEPTH,
  toEmbeddedText,
  type EmbedCollection,
} from './collections/collection-index.ts';
export type { Collection, CollectionDocument, CollectionQuery } from './collections/collection.ts';
export {
  collectionFolders,
  CollectionError,
  readCollection,
  readJudgedQueries,
  type ReadCollectionOptions,
} from './collections/read-collection.ts';
export { fusedRanking, fuseTuned, type FusedRankings } from './collections/fuse-tuned.ts';
export { searchCollection, type QuerySearch } from './collections/search-collection.ts';
export { judgeAnswer, type Judge, type JudgedAnswer, type Verdict } from './judge/judge-answer.ts';
export { passagePrecision, passageRecall } from './passage-metrics.ts';
export { ndcg, precision, recall, reciprocalRank, type Judgements } from './ranking-metrics.ts';
export { qualityOf, type RankingQuality } from './ranking-quality.ts';
export { compareRuns, type CompareOptions, type Comparison, type RunScores } from './significance/compare-runs.ts';
export { seededRandom } from './significance/seeded-random.ts';
export { containsAnswer, exactMatch, wordOverlap, type WordOverlap } from './text/answer-metrics.ts';
export { answerWords, normalizeAnswer } from './text/answer-words.ts';
export { bleu } from './text/bleu.ts';
export { rouge, type Rouge, type RougeOptions } from './text/rouge.ts';
export { scoreAnswer, type AnswerScores } from './text/score-answer.ts';
