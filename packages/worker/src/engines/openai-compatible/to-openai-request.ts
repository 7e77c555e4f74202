import type { ChatCompletionRequest } from '@parley/contracts';

/**
 * Our request as the provider gets it: always streamed, always with usage. Fields that only
 * Parley knows (`parley_…`) stay here, as do nulls, which not every server takes for "left out".
 */
export function toOpenaiRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const fields = Object.entries(request).filter(([name, value]) => value !== null && !name.startsWith('parley_'));
  return {
    ...Object.fromEntries(fields),
    model,
    stream: true,
    stream_options: { ...request.stream_options, include_usage: true },
  };
}
