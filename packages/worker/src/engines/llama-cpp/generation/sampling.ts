import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { z } from 'zod';
import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';

/** llama.cpp's own; a request may change each. */
const STANDARD = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 } as const;
/** How far back a repetition is one. */
const REPEAT_WINDOW = 256;

// Fields beside OpenAI's that llama.cpp's own server takes too.
const moreSchema = z.object({
  top_k: z.number().int().min(0).max(1_000_000).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repeat_penalty: z.number().min(0.1).max(10).nullish(),
});

export type Sampling = Pick<SequenceEvaluateOptions, 'temperature' | 'topK' | 'topP' | 'minP'> & {
  /** What a token that was written before costs; null when nothing. */
  penalties: { penalty: number; presencePenalty: number; frequencyPenalty: number } | null;
};

export function toSampling(request: ChatCompletionRequest): Sampling {
  const { top_k: topK, min_p: minP, repeat_penalty: penalty } = readMore(request);
  return {
    temperature: request.temperature ?? STANDARD.temperature,
    topK: topK ?? STANDARD.topK,
    topP: request.top_p ?? STANDARD.topP,
    minP: minP ?? STANDARD.minP,
    penalties: penaltiesOf(penalty ?? 1, request),
  };
}

function readMore(request: ChatCompletionRequest): z.output<typeof moreSchema> {
  const parsed = moreSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw new ParleyError('invalid_request', `${param}: ${issue?.message ?? 'not allowed'}.`, { param });
}

function penaltiesOf(penalty: number, request: ChatCompletionRequest): Sampling['penalties'] {
  const presencePenalty = request.presence_penalty ?? 0;
  const frequencyPenalty = request.frequency_penalty ?? 0;
  const isPlain = penalty === 1 && presencePenalty === 0 && frequencyPenalty === 0;
  return isPlain ? null : { penalty, presencePenalty, frequencyPenalty };
}

/** The library's options for the next token of an answer. */
export function optionsAfter(
  { penalties, ...options }: Sampling,
  written: readonly Token[],
  seed: number,
): SequenceEvaluateOptions {
  if (penalties === null) return { ...options, seed };
  return { ...options, seed, repeatPenalty: { ...penalties, punishTokens: written.slice(-REPEAT_WINDOW) } };
}
