import { ParleyError } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import type { Turn } from '../memory/select-turns.ts';
import { toMessages } from '../memory/to-messages.ts';
import { GatewayChatModel } from '../models/gateway-chat-model.ts';
import { promptFor, promptFromText } from '../prompts/prompt-library.ts';
import { PROMPT_TEXTS } from '../prompts/prompt-texts.ts';
import type { AnswerEvent } from './answer-event.ts';
import type { KnowledgeBaseInput } from './chat-input.ts';
import { citeOnly } from './cite-only.ts';
import { fitSources, type FittedPassages } from './fit-sources.ts';
import { planPrompt, type PromptBudget } from './prompt-budget.ts';
import { toPromptText } from './prompt-passages.ts';
import { toSearchQueries } from './search-queries.ts';
import { streamAnswer } from './stream-answer.ts';

/**
 * Answers from a knowledge base: find passages, check them, announce them, then let the model
 * answer. The request never carries tools: what a document says must not be able to use one.
 */
export async function* runKnowledgeBaseChain(
  input: KnowledgeBaseInput,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const language = detectLanguage(input.question);
  const own = input.prompts?.[language] ?? null;
  const budget = planPrompt(input, own ?? PROMPT_TEXTS[language]['answer-from-passages']);
  yield { type: 'status', waiting_for: 'retrieval' };
  const { sources, trace, passages } = await findSources(input, budget, signal);
  yield { type: 'sources', sources };
  if (trace) yield { type: 'trace', trace };
  yield { type: 'status', waiting_for: 'prompt' };
  const prompt = own === null ? promptFor('answer-from-passages', language) : promptFromText(own);
  const { model, complete, temperature, maxTokens } = input;
  const chain = prompt.pipe(new GatewayChatModel({ model, complete, temperature, maxTokens }));
  const values = {
    history: toMessages(budget.turns),
    question: input.question,
    passages: toPromptText(passages, language),
  };
  yield* citeOnly(streamAnswer(chain, values, signal), sources.length);
}

async function findSources(
  input: KnowledgeBaseInput,
  { turns, passageTokens }: PromptBudget,
  signal: AbortSignal,
): Promise<FittedPassages> {
  if (passageTokens <= 0) {
    throw new ParleyError(
      'context_length_exceeded',
      'The question is too long for this model to read it with documents.',
    );
  }
  const now = input.now ?? (() => performance.now());
  const begun = now();
  const queries = await toSearchQueries(input, turns, signal);
  const condensing = isCondensed(input, turns) ? now() - begun : null;
  const { sources, trace } = await input.findPassages(queries, signal);
  const timings = trace && {
    ...trace.timings,
    condense_ms: condensing,
    total_ms: trace.timings.total_ms + (condensing ?? 0),
  };
  return fitSources(
    { sources, trace: trace && timings && { ...trace, question: input.question, timings } },
    passageTokens,
  );
}

function isCondensed({ followUps }: KnowledgeBaseInput, turns: readonly Turn[]): boolean {
  return followUps === 'condense' && turns.length > 0;
}
