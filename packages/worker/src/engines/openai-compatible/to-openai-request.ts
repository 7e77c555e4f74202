import type { ChatCompletionRequest, ChatMessage, ModelProvider, ProviderQuirks } from '@parley/contracts';

/** The provider's name of the model, and what its API does otherwise; null for one that Parley does not know. */
export interface OpenaiTarget {
  model: string;
  provider: ModelProvider | null;
}

/**
 * Our request as the provider gets it: always streamed, and with usage where it can be asked for.
 * Fields that only Parley knows (`parley_…`) stay here, as do nulls, which not every server takes
 * for "left out". What a known provider wants otherwise is data: see `ProviderQuirks`.
 */
export function toOpenaiRequest(request: ChatCompletionRequest, target: OpenaiTarget): Record<string, unknown> {
  const { model, provider } = target;
  const quirks = provider?.quirks ?? {};
  const ofModel = (quirks.ofModels ?? []).filter(({ ids }) => ids.test(model));
  const refused = new Set([quirks, ...ofModel].flatMap(({ refusedFields = [] }) => refusedFields));
  const isPassed = ([name, value]: [string, unknown]) =>
    value !== null && !name.startsWith('parley_') && !refused.has(name);
  return {
    ...Object.assign({}, ...[quirks, ...ofModel].map(({ extraFields }) => extraFields)),
    ...Object.fromEntries(Object.entries(withOneBound(request, provider)).filter(isPassed)),
    ...(hasTools(request) && Object.assign({}, ...ofModel.map(({ fieldsWithTools }) => fieldsWithTools))),
    model,
    messages: request.messages.map((message) => toKnownMessage(message, quirks)),
    stream: true,
    ...toStreamOptions(request, quirks),
  };
}

// `developer` is OpenAI's newer word for `system`, which OpenAI takes, too, and most others alone.
function toKnownMessage(message: ChatMessage, { refusedMessageFields = [] }: ProviderQuirks): ChatMessage {
  const fields = Object.entries(message).filter(([name]) => !refusedMessageFields.includes(name));
  const role = message.role === 'developer' ? 'system' : message.role;
  return { ...Object.fromEntries(fields), role };
}

// A provider that we know takes one of the two names; a server that we do not know may know both.
function withOneBound(request: ChatCompletionRequest, provider: ModelProvider | null): Record<string, unknown> {
  if (provider === null || provider.id === 'custom') return request;
  const { max_tokens, max_completion_tokens, ...rest } = request;
  const bound = max_completion_tokens ?? max_tokens ?? null;
  return { ...rest, [provider.quirks.maxTokensField ?? 'max_tokens']: bound };
}

function hasTools({ tools }: ChatCompletionRequest): boolean {
  return Array.isArray(tools) && tools.length > 0;
}

function toStreamOptions(request: ChatCompletionRequest, quirks: ProviderQuirks): Record<string, unknown> {
  return quirks.hasNoStreamOptions === true
    ? { stream_options: undefined }
    : { stream_options: { ...request.stream_options, include_usage: true } };
}
