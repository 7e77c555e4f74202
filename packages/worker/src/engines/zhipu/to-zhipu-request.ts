import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import { ownWord } from '../online/read-request.ts';

const PASSED = [
  'tools',
  'tool_choice',
  'tool_stream',
  'response_format',
  'thinking',
  'do_sample',
  'request_id',
  'seed',
] as const;

/** Our request in Zhipu's words (docs.bigmodel.cn: chat completion): fields that it does not know are left out. */
export function toZhipuRequest(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const { messages, stop, user } = request;
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
    ...toSampling(request),
    ...toEffort(request, model),
    // Zhipu takes user ids of 6 to 128 characters.
    ...(user && user.length >= 6 && user.length <= 128 && { user_id: user }),
  };
}

// Zhipu's ranges are 0 to 1 and 0.01 to 1, and its word for temperature 0 is not to sample.
function toSampling({ temperature, top_p }: ChatCompletionRequest): Record<string, unknown> {
  return {
    ...(typeof top_p === 'number' && { top_p: Math.max(top_p, 0.01) }),
    ...(temperature === 0 && { do_sample: false }),
    ...(temperature && { temperature: Math.min(temperature, 1) }),
  };
}

// GLM-5.3 knows three levels; GLM-5.2 brings all of OpenAI's to its own by itself.
const EFFORTS: Record<string, string> = { none: 'low', minimal: 'low', medium: 'high', xhigh: 'max' };

function toEffort(request: ChatCompletionRequest, model: string): Record<string, unknown> {
  const effort = ownWord(request, 'reasoning_effort');
  if (effort === '') return {};
  return { reasoning_effort: model.startsWith('glm-5.3') ? (EFFORTS[effort] ?? effort) : effort };
}
