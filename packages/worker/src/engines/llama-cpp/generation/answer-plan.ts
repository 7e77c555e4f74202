import { randomInt } from 'node:crypto';
import type { LlamaGrammar, Token } from 'node-llama-cpp';
import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import type { ChatModel } from '../chat-model.ts';
import { responseGrammar, toolGrammar } from '../grammar/answer-grammar.ts';
import { readTools, type ToolUse } from '../grammar/read-tools.ts';
import type { ToolFormat } from '../grammar/tool-format.ts';
import type { PromptPiece } from '../prompt/text-marks.ts';
import { countFarTooLong } from '../prompt/count-tokens.ts';
import { toPromptTokens } from '../prompt/prompt-tokens.ts';
import { teachTools } from '../prompt/teach-tools.ts';
import { toTemplateMessages } from '../prompt/to-template-messages.ts';
import { wantedLogprobs } from './log-probabilities.ts';
import { toSampling, type Sampling } from './sampling.ts';

const SEEDS = 2 ** 32;
const OPEN_THOUGHT = /<think>\s*$/;

/** All that is to be known before an answer is written. */
export interface AnswerPlan {
  prompt: readonly Token[];
  /** Most tokens of an answer. */
  limit: number;
  /** How many answers. */
  count: number;
  seed: number;
  sampling: Sampling;
  stops: readonly string[];
  tools: ToolFormat | null;
  /** Holds from the first token. */
  grammar: LlamaGrammar | null;
  /** Holds from the opening of a call. */
  callGrammar: LlamaGrammar | null;
  startsThinking: boolean;
  /** The beginning of the answer, written elsewhere. */
  replay: readonly Token[];
  topLogprobs: number | null;
  reportsPrompt: boolean;
  sendsTokenIds: boolean;
}

/** Reads a request; throws `invalid_request`, and `context_length_exceeded` before anything is computed. */
export async function planAnswer(chat: ChatModel, request: ChatCompletionRequest): Promise<AnswerPlan> {
  const use = readTools(request);
  const pieces = renderPrompt(chat, request, use);
  refuseFarTooLong(chat, pieces);
  const prompt = toPromptTokens(pieces, chat.weights);
  const replay = readReplay(chat, request);
  refuseTooLong(chat, prompt.length + replay.length);
  const room = chat.contextLength - prompt.length;
  const grammars = await grammarsOf(chat, request, use);
  return {
    prompt,
    limit: Math.min(request.max_completion_tokens ?? request.max_tokens ?? room, room),
    count: request.n ?? 1,
    seed: request.parley_continue_from?.seed ?? toSeed(request.seed) ?? randomInt(SEEDS),
    sampling: toSampling(request),
    stops: [...[request.stop ?? []].flat().filter((stop) => stop !== ''), ...chat.stops],
    tools: use === null ? null : chat.toolFormat,
    ...grammars,
    // A grammar leaves no room for a thought, nor for its end.
    startsThinking: grammars.grammar === null && OPEN_THOUGHT.test(pieces.at(-1)?.text ?? ''),
    replay,
    topLogprobs: wantedLogprobs(request),
    reportsPrompt: request.parley_report_status === true,
    sendsTokenIds: request.parley_token_ids === true,
  };
}

function renderPrompt(
  { template, toolFormat }: ChatModel,
  request: ChatCompletionRequest,
  use: ToolUse | null,
): PromptPiece[] {
  const messages = toTemplateMessages(request.messages);
  if (use === null) return template.render({ messages, tools: null });
  if (toolFormat.isInTemplate) return template.render({ messages, tools: use.tools });
  return template.render({ messages: teachTools(messages, use.tools), tools: null });
}

async function grammarsOf(
  { grammars, toolFormat }: ChatModel,
  request: ChatCompletionRequest,
  use: ToolUse | null,
): Promise<Pick<AnswerPlan, 'grammar' | 'callGrammar'>> {
  const read = async (text: string | null) => (text === null ? null : grammars.read(text));
  const response = responseGrammar(request);
  if (use === null) return { grammar: await read(response), callGrammar: null };
  if (use.isForced) return { grammar: await read(toolGrammar(use, toolFormat, 'answer')), callGrammar: null };
  // A grammar for the text would forbid the mark of a call.
  if (response !== null) {
    throw new ParleyError('invalid_request', 'Tools and a response_format cannot be asked for together here.', {
      param: 'response_format',
    });
  }
  return { grammar: null, callGrammar: await read(toolGrammar(use, toolFormat, 'open-mark')) };
}

function readReplay({ weights, vocabularySize }: ChatModel, request: ChatCompletionRequest): Token[] {
  const { parley_continue_from: begun, n } = request;
  if (!begun) return [];
  if ((n ?? 1) > 1)
    throw new ParleyError('invalid_request', 'Only a single answer can be gone on with.', { param: 'n' });
  // Ids of the model's own vocabulary; the library marks them by type only.
  const tokens = begun.token_ids as Token[];
  if (tokens.every((token) => token < vocabularySize && !weights.isEogToken(token))) return tokens;
  throw new ParleyError('invalid_request', 'The tokens to go on from are not of this model.', {
    param: 'parley_continue_from.token_ids',
  });
}

function refuseFarTooLong({ contextLength, weights }: ChatModel, pieces: readonly PromptPiece[]): void {
  const tokens = countFarTooLong(pieces.map(({ text }) => text).join(''), contextLength, weights);
  if (tokens !== null) throw tooLong(`more than ${tokens}`, contextLength);
}

function refuseTooLong({ contextLength }: ChatModel, tokens: number): void {
  if (tokens >= contextLength) throw tooLong(String(tokens), contextLength);
}

function tooLong(tokens: string, contextLength: number): ParleyError {
  return new ParleyError(
    'context_length_exceeded',
    `The conversation has ${tokens} tokens; this model holds ${contextLength}, the answer included.`,
    { param: 'messages' },
  );
}

function toSeed(seed: number | null | undefined): number | null {
  return seed === null || seed === undefined ? null : seed >>> 0;
}
