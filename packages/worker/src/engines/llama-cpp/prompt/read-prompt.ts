import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { BatchAligner } from '../sequences/batch-aligner.ts';
import type { PromptCache } from '../sequences/prompt-cache.ts';
import { goesOn, sharedLength } from '../sequences/sequence-pool.ts';
import type { SliceSizer } from './slice-sizer.ts';

/** Tokens that may be computed again at once when a state is cut back to a checkpoint. */
const FEW = 32;

export interface PromptReading {
  sequence: LlamaContextSequence;
  tokens: readonly Token[];
  slices: SliceSizer;
  aligner: BatchAligner;
  cache: PromptCache;
  signal: AbortSignal;
}

/** Brings back what was read of this conversation before, and keeps what another one has in the sequence. */
export async function recallPrompt({ sequence, tokens, slices, aligner, cache }: PromptReading): Promise<void> {
  const found = cache.find(tokens, sharedLength(sequence, tokens), sequence);
  const isAnothers = found !== null || !goesOn(sequence, tokens);
  if (isAnothers && cache.takes(sequence.nextTokenIndex, slices.msPerToken)) {
    await aligner.alone(() => cache.save(sequence));
  }
  if (found) await aligner.alone(() => cache.restore(found, sequence, tokens));
}

/** Lets the sequence forget what the prompt does not begin with; answers how many tokens it keeps. */
export async function keepKnownPart({ sequence, tokens, aligner }: PromptReading): Promise<number> {
  // The last token is always computed anew: from it comes the first of the answer.
  const known = Math.min(sharedLength(sequence, tokens), tokens.length - 1);
  if (known === sequence.nextTokenIndex) return known;
  // Where the state cannot be cut back, the library would read all of it again in one go that nobody can stop.
  const isCheap = known > 0 && sequence.getRestoreToPrefixIndexEvaluationSize(known - 1) <= FEW;
  await aligner.alone(() =>
    isCheap ? sequence.adaptStateToTokens(tokens.slice(0, known), false) : sequence.clearHistory(),
  );
  return sequence.nextTokenIndex;
}

/**
 * Reads slice by slice, and tells after each how many tokens are read; ends early on abort. The last
 * slice is left: the first token of the answer is chosen in the same step that reads it.
 */
export async function* readPrompt({
  sequence,
  tokens,
  slices,
  aligner,
  signal,
}: PromptReading): AsyncGenerator<number> {
  // Models with sliding windows, and recurrent ones, can go back to a checkpoint only: the next turn begins there.
  const length = sequence.needsCheckpoints ? tokens.length - 1 : tokens.length;
  slices.enter();
  try {
    while (!signal.aborted) {
      const start = sequence.nextTokenIndex;
      const end = slices.endOf(start, length);
      if (start >= length || end === tokens.length) break;
      await aligner.pass();
      const begun = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, end));
      slices.measured(end - start, performance.now() - begun);
      yield end;
    }
  } finally {
    slices.leave();
  }
  if (sequence.needsCheckpoints) await aligner.alone(() => sequence.takeCheckpoint());
}
