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
// The same page and build-with-claude/effort: these refuse an effort.
const TAKES_NO_EFFORT = /^claude-(3-|(opus-4(-[01])?|sonnet-4(-[0-5])?|haiku-4(-\d)?)(-\d{8}|-latest)?$)/;
const EFFORTS: Record<string, string> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};
// platform.claude.com/docs/en/models/sonnet-5-5/migration-guide: from Claude 5 on they think unless they are
// told otherwise, and keep to themselves what, unless they are asked.
const THINKS = /^claude-[a-z]+-([5-9]|\d\d)/;
const SHOWN_THINKING = { type: 'adaptive', display: 'summarized' };
// The same guide, and those of Opus 5.5 and Fable 5.1: these refuse to be made to call a tool.
const CALLS_FREELY = /^claude-((opus|sonnet)-5-[5-9]|(fable|mythos)-5-[1-9])(?!\d)/;
/** Anthropic's own fields, which pass as they are. */
const PASSED = ['thinking', 'container', 'cache_control'] as const;

/** Our request in Anthropic's words (platform.claude.com/docs/en/api/messages): what it does not know is left out. */
export function toAnthropicRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  if ((request.n ?? 1) > 1) throw invalid('This model gives one answer.', 'n');
  const system = toSystem(request.messages);
  const { stop, user } = request;
  const passed = PASSED.map((name) => [name, ownField(request, name)] as const);
  return {
    ...(THINKS.test(model) && { thinking: SHOWN_THINKING }),
    ...Object.fromEntries(passed.filter(([, value]) => value !== undefined)),
    model,
    stream: true,
    max_tokens: request.max_completion_tokens ?? request.max_tokens ?? maxTokensOf(model),
    ...(system.length > 0 && { system }),
    messages: toMessages(request.messages),
    ...(stop && { stop_sequences: [stop].flat() }),
    ...(TAKES_SAMPLING.test(model) && toSampling(request)),
    ...(user && { metadata: { user_id: user } }),
    ...toTools(request, model),
    ...toOutput(request, model),
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

function toTools(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const { functions, native } = toolsOf(request);
  const own = functions.map(({ name, description, parameters }) => ({
    name,
    ...(description && { description }),
    input_schema: { type: 'object', ...parameters },
  }));
  const tools = [...own, ...native];
  const choice = toChoice(request, model);
  return { ...(tools.length > 0 && { tools }), ...(tools.length > 0 && choice && { tool_choice: choice }) };
}

const MODES = { auto: 'auto', none: 'none', required: 'any', one: 'tool' } as const;
const FREE_CHOICE = { mode: 'auto', name: null } as const;

function toChoice(request: ChatCompletionRequest, model: string): Record<string, unknown> | null {
  const choice = toolChoiceOf(request);
  const isSerial = ownField(request, 'parallel_tool_calls') === false;
  if (choice === null && !isSerial) return null;
  const isForced = choice?.mode === 'required' || choice?.mode === 'one';
  const { mode, name } = choice === null || (isForced && CALLS_FREELY.test(model)) ? FREE_CHOICE : choice;
  return {
    type: MODES[mode],
    ...(name !== null && { name }),
    ...(isSerial && mode !== 'none' && { disable_parallel_tool_use: true }),
  };
}

function toOutput(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const { schema } = answerFormOf(request);
  const effort = TAKES_NO_EFFORT.test(model) ? undefined : EFFORTS[ownWord(request, 'reasoning_effort')];
  const config = {
    ...(effort && { effort }),
    ...(schema && { format: { type: 'json_schema', schema } }),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}
