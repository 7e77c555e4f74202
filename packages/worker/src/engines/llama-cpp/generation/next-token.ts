import { TokenBias, type LlamaContextSequence, type SequenceEvaluateOptions, type Token } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

export interface Step {
  /** What the sequence has not read yet; it is computed by this step. */
  unread: Token[];
  options: SequenceEvaluateOptions;
  /** What must come next, when an answer is replayed. */
  replayed: Token | null;
  withProbabilities: boolean;
}

export interface NextToken {
  token: Token;
  /** Of the tokens that the choice was between; most probable first. */
  probabilities: Map<Token, number> | null;
}

/**
 * Computes what is unread and chooses the next token; each with a sampler of its own, for the seed changes. A
 * replayed one is chosen the same way but for its outcome, so that a grammar goes along with it.
 */
export async function nextToken(sequence: LlamaContextSequence, step: Step): Promise<NextToken> {
  const { unread, replayed, withProbabilities } = step;
  const options = replayed === null ? step.options : forcing(sequence, step.options, replayed);
  const metadata = { probabilities: withProbabilities && replayed === null };
  const steps = sequence.evaluateWithMetadata(unread, metadata, { ...options, yieldEogToken: true });
  try {
    const { value } = await steps.next();
    if (value === undefined) throw new ParleyError('stream_interrupted', 'The model stopped in the middle.');
    if (replayed !== null && value.token !== replayed) throw doesNotFit();
    return { token: value.token, probabilities: metadata.probabilities ? probabilitiesOf(value) : null };
  } finally {
    await steps.return();
  }
}

function forcing(
  sequence: LlamaContextSequence,
  { grammarEvaluationState }: SequenceEvaluateOptions,
  token: Token,
): SequenceEvaluateOptions {
  const tokenBias = TokenBias.for(sequence.model).set(token, { logit: Number.POSITIVE_INFINITY });
  return { temperature: 0, tokenBias, ...(grammarEvaluationState && { grammarEvaluationState }) };
}

function probabilitiesOf(value: object): Map<Token, number> | null {
  const found: unknown = Reflect.get(value, 'probabilities');
  return found instanceof Map ? (found as Map<Token, number>) : null;
}

function doesNotFit(): ParleyError {
  return new ParleyError('invalid_request', 'The tokens to go on from do not fit what the request asks for.', {
    param: 'parley_continue_from',
  });
}
