import type { LlamaModel, Token } from 'node-llama-cpp';
import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import type { NextToken } from './next-token.ts';

const MOST = 20;
/** What OpenAI says for "as good as never". */
const LOWEST = -9999;

interface TokenLogprob {
  token: string;
  logprob: number;
  bytes: number[] | null;
}

/** OpenAI's entry for one token of the answer. */
export type LogprobEntry = TokenLogprob & { top_logprobs: TokenLogprob[] };

/** How many alternatives are asked for; null when no probabilities are. */
export function wantedLogprobs(request: ChatCompletionRequest): number | null {
  const top = request['top_logprobs'] ?? 0;
  if (typeof top !== 'number' || !Number.isInteger(top) || top < 0 || top > MOST) {
    throw new ParleyError('invalid_request', `top_logprobs must be a whole number from 0 to ${MOST}.`, {
      param: 'top_logprobs',
    });
  }
  return request['logprobs'] === true ? top : null;
}

/** The probability of the chosen token and of the most probable ones, among those that the settings left to choose from. */
export function toLogprobs(weights: LlamaModel, { token, probabilities }: NextToken, top: number): LogprobEntry {
  const entryOf = (one: Token, probability: number): TokenLogprob => {
    const text = weights.detokenize([one], false);
    const bytes = text.includes('\uFFFD') ? null : [...Buffer.from(text)];
    return { token: text, logprob: probability > 0 ? Math.log(probability) : LOWEST, bytes };
  };
  const best = [...(probabilities ?? [])].slice(0, top).filter(([, probability]) => probability > 0);
  return {
    ...entryOf(token, probabilities?.get(token) ?? 0),
    top_logprobs: best.map(([one, probability]) => entryOf(one, probability)),
  };
}
