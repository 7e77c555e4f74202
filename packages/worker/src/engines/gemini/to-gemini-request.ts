import type { ChatCompletionRequest } from '@parley/contracts';
import { answerFormOf, ownField, ownWord, toolChoiceOf, toolsOf } from '../online/read-request.ts';
import { toContents, toSystemParts } from './to-gemini-contents.ts';

/** Our request in Gemini's words (ai.google.dev/api/generate-content): what it does not know is left out. */
export function toGeminiRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const system = toSystemParts(request.messages);
  const safety = ownField(request, 'safety_settings');
  return {
    contents: toContents(request.messages),
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...toTools(request),
    ...(safety !== undefined && { safetySettings: safety }),
    generationConfig: withoutNulls({
      temperature: request.temperature,
      topP: request.top_p,
      topK: ownField(request, 'top_k'),
      maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
      stopSequences: request.stop && [request.stop].flat(),
      seed: request.seed,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      candidateCount: (request.n ?? 1) > 1 ? request.n : null,
      thinkingConfig: toThinking(request, model),
      ...toAnswerForm(request),
    }),
  };
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

function toAnswerForm(request: ChatCompletionRequest): Record<string, unknown> {
  const { isJson, schema } = answerFormOf(request);
  return isJson ? { responseMimeType: 'application/json', responseJsonSchema: schema } : {};
}

function toTools(request: ChatCompletionRequest): Record<string, unknown> {
  const { functions, native } = toolsOf(request);
  const declarations = functions.map(({ name, description, parameters }) => ({
    name,
    ...(description && { description }),
    ...(parameters && { parametersJsonSchema: parameters }),
  }));
  const tools = [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...native];
  const choice = toolChoiceOf(request);
  return {
    ...(tools.length > 0 && { tools }),
    ...(declarations.length > 0 && choice && { toolConfig: { functionCallingConfig: toMode(choice) } }),
  };
}

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY', one: 'ANY' } as const;

function toMode({ mode, name }: { mode: keyof typeof MODES; name: string | null }): Record<string, unknown> {
  return { mode: MODES[mode], ...(name !== null && { allowedFunctionNames: [name] }) };
}

// ai.google.dev/gemini-api/docs/thinking: these think, and show it when asked; 2.5 by a number of
// tokens, later ones by a level.
const THINKS = /^gemini-(2\.5|[3-9]|\d\d)(?!.*(image|tts|live|computer-use))/;
// 2.5 Pro cannot but think, with so many tokens at least.
const LEAST_BUDGET = 128;
const BUDGETS: Record<string, number> = { none: 0, minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576 };
const LEVELS: Record<string, string> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

function toThinking(request: ChatCompletionRequest, model: string): Record<string, unknown> | null {
  if (!THINKS.test(model)) return null;
  const effort = ownWord(request, 'reasoning_effort');
  const isByTokens = model.startsWith('gemini-2.5');
  return withoutNulls({
    includeThoughts: effort !== 'none',
    thinkingBudget: isByTokens ? toBudget(effort, model) : null,
    thinkingLevel: isByTokens ? null : LEVELS[effort],
  });
}

function toBudget(effort: string, model: string): number | undefined {
  const budget = BUDGETS[effort];
  return budget === 0 && model.startsWith('gemini-2.5-pro') ? LEAST_BUDGET : budget;
}
