import { toPassageBlock, type Source } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import { selectTurns, type Turn } from '../memory/select-turns.ts';
import { toMessages } from '../memory/to-messages.ts';
import { GatewayChatModel } from '../models/gateway-chat-model.ts';
import { QuietCallbacks } from '../models/quiet-callbacks.ts';
import { promptFor } from '../prompts/prompt-library.ts';
import { NO_PASSAGES } from '../prompts/prompt-texts.ts';
import { fuseRanks } from '../retrieval/fuse-ranks.ts';
import { packSources, type PackLimits } from '../retrieval/pack-sources.ts';
import { PassageRetriever, toScoredChunk } from '../retrieval/passage-retriever.ts';
import type { AnswerEvent } from './answer-event.ts';
import type { KnowledgeBaseInput } from './chat-input.ts';
import { toSearchQueries } from './search-queries.ts';
import { streamAnswer } from './stream-answer.ts';

const DEFAULT_LIMITS: PackLimits = { passages: 5, tokens: 1_500 };
/** More are fetched than cited: some do not fit, some may no longer stand in their document. */
const FETCH_FACTOR = 3;

/** Answers from a knowledge base: find passages, check them, announce them, then let the model answer. */
export async function* runKnowledgeBaseChain(
  input: KnowledgeBaseInput,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const turns = selectTurns(input.turns, input.memory);
  yield { type: 'status', waiting_for: 'retrieval' };
  const sources = await findSources(input, turns, signal);
  yield { type: 'sources', sources };
  yield { type: 'status', waiting_for: 'prompt' };
  const language = detectLanguage(input.question);
  const chain = promptFor('answer-from-passages', language).pipe(new GatewayChatModel(input));
  const passages = sources.length > 0 ? toPassageBlock(sources.map(toPromptPassage)) : NO_PASSAGES[language];
  yield* streamAnswer(chain, { history: toMessages(turns), question: input.question, passages }, signal);
}

async function findSources(input: KnowledgeBaseInput, turns: Turn[], signal: AbortSignal): Promise<Source[]> {
  const limits = { ...DEFAULT_LIMITS, ...input.limits };
  const queries = await toSearchQueries(input, turns, signal);
  const retriever = new PassageRetriever(input.index, { limit: limits.passages * FETCH_FACTOR });
  const found = await Promise.all(queries.map((query) => retriever.invoke(query, { callbacks: new QuietCallbacks() })));
  const ranked = fuseRanks(found.map((documents) => documents.map(toScoredChunk)));
  return packSources(ranked, input.readText, limits);
}

function toPromptPassage({ index, title, heading_path: headings, quote }: Source) {
  return { index, title: [title, ...headings].join(' > '), text: quote };
}
