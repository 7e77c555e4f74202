import type { LlamaContextSequence } from 'node-llama-cpp';

/**
 * Empties a sequence after llama.cpp failed in it: what it holds may then be more than the library
 * knows of, and every later batch would be refused as one that leaves a gap. The library empties only
 * where it believes that there is something, so it is told of a token that never was.
 */
export async function forgetEverything(sequence: LlamaContextSequence): Promise<void> {
  if (sequence.nextTokenIndex === 0) {
    Reflect.set(sequence, '_contextTokens', [0]);
    Reflect.set(sequence, '_nextTokenIndex', 1);
  }
  await sequence.clearHistory();
}
