import type { ChatCompletionRequest } from '@parley/contracts';
import { invalid } from '../online/read-message.ts';
import { answerFormOf, ownField, ownWord, toolChoiceOf, toolsOf } from '../online/read-request.ts';
import { toMessages, toSystem } from './to-anthropic-messages.ts';

// platform.claude.com/docs/en/about-claude/models: what a model may write at most. It must be said, and
// is what stops an answer that nobody bounded; those that are not named write 64,000 and more.
const MAX_TOKENS: [RegExp, number][] = [
  [/^claude-3-(opus|sonnet|haiku)/, 4_096],
  [/^claude-3-5/, 8_192],
  [/^claude-opus-4(-[01])?(-\d{8})?$/, 32_000],
];
const STANDARD_MAX_TOKENS = 64_000;
// Later ones refuse temperature, top_p and top_k; these take one of the first two.
const TAKES_SAMPLING = /^claude-(3-|(opus|sonnet|haiku)-4(-[0-6])?(-\d{8}|-latest)?$)/;
const EFFORTS: Record<string, string> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};
/** Anthropic's own fields, which pass as they are. */
const PASSED = ['thinking', 'container', 'cache_control'] as const;

/** Our request in Anthropic's words (platform.claude.com/docs/en/api/messages): what it does not know is left out. */
export function toAnthropicRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  if ((request.n ?? 1) > 1) throw invalid('This model gives one answer.', 'n');
  const system = toSystem(request.messages);
  const { stop, user } = request;
  const passed = PASSED.map((name) => [name, ownField(request, name)] as const);
  return {
    ...Object.fromEntries(passed.filter(([, value]) => value !== undefined)),
    model,
    stream: true,
    max_tokens: request.max_completion_tokens ?? request.max_tokens ?? maxTokensOf(model),
    ...(system.length > 0 && { system }),
    messages: toMessages(request.messages),
    ...(stop && { stop_sequences: [stop].flat() }),
    ...(TAKES_SAMPLING.test(model) && toSampling(request)),
    ...(user && { metadata: { user_id: user } }),
    ...toTools(request),
    ...toOutput(request),
  };
}

function maxTokensOf(model: string): number {
  return MAX_TOKENS.find(([names]) => names.test(model))?.[1] ?? STANDARD_MAX_TOKENS;
}

// Anthropic's temperature ends at 1.
function toSampling(request: ChatCompletionRequest): Record<string, unknown> {
  const { temperature, top_p } = request;
  const topK = ownField(request, 'top_k');
  return {
    ...(typeof temperature === 'number' && { temperature: Math.min(temperature, 1) }),
    ...(typeof temperature !== 'number' && typeof top_p === 'number' && { top_p }),
    ...(typeof topK === 'number' && { top_k: topK }),
  };
}

function toTools(request: ChatCompletionRequest): Record<string, unknown> {
  const { functions, native } = toolsOf(request);
  const own = functions.map(({ name, description, parameters }) => ({
    name,
    ...(description && { description }),
    input_schema: { type: 'object', ...parameters },
  }));
  const tools = [...own, ...native];
  const choice = toChoice(request);
  return { ...(tools.length > 0 && { tools }), ...(tools.length > 0 && choice && { tool_choice: choice }) };
}

const MODES = { auto: 'auto', none: 'none', required: 'any', one: 'tool' } as const;

function toChoice(request: ChatCompletionRequest): Record<string, unknown> | null {
  const choice = toolChoiceOf(request);
  const isSerial = ownField(request, 'parallel_tool_calls') === false;
  if (choice === null && !isSerial) return null;
  const { mode, name } = choice ?? { mode: 'auto', name: null };
  return {
    type: MODES[mode],
    ...(name !== null && { name }),
    ...(isSerial && mode !== 'none' && { disable_parallel_tool_use: true }),
  };
}

function toOutput(request: ChatCompletionRequest): Record<string, unknown> {
  const { schema } = answerFormOf(request);
  const effort = EFFORTS[ownWord(request, 'reasoning_effort')];
  const config = {
    ...(effort && { effort }),
    ...(schema && { format: { type: 'json_schema', schema } }),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}
