import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';

const PASSED = [
  'tools',
  'tool_choice',
  'tool_stream',
  'response_format',
  'thinking',
  'reasoning_effort',
  'top_p',
  'do_sample',
  'request_id',
  'seed',
] as const;

/** Our request in Zhipu's words (docs.bigmodel.cn: chat completion): fields that it does not know are left out. */
export function toZhipuRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const { messages, temperature, stop, user } = request;
  if ((request.n ?? 1) > 1) throw new ParleyError('invalid_request', 'This model gives one answer.', { param: 'n' });
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  const passed = PASSED.filter((name) => request[name] !== undefined && request[name] !== null);
  return {
    ...Object.fromEntries(passed.map((name) => [name, request[name]])),
    model,
    stream: true,
    messages: messages.map((message) => (message.role === 'developer' ? { ...message, role: 'system' } : message)),
    ...(maxTokens && { max_tokens: maxTokens }),
    ...(stop && { stop: [stop].flat() }),
    ...toSampling(temperature ?? null),
    // Zhipu takes user ids of 6 to 128 characters.
    ...(user && user.length >= 6 && user.length <= 128 && { user_id: user }),
  };
}

// Zhipu's range ends at 1, and its word for temperature 0 is not to sample.
function toSampling(temperature: number | null): Record<string, unknown> {
  if (temperature === null) return {};
  return temperature === 0 ? { do_sample: false } : { temperature: Math.min(temperature, 1) };
}
