import { estimateTokens } from '@parley/text';

/** What one request to a provider may hold. */
export interface BatchLimits {
  texts: number;
  /** Of all its texts together, estimated. */
  tokens: number;
}

/** Cuts texts into requests that a provider takes, in order; a text that is too long by itself goes alone. */
export function toBatches(texts: readonly string[], limits: BatchLimits): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let tokens = 0;
  for (const text of texts) {
    const size = estimateTokens(text);
    if (batch.length > 0 && (batch.length === limits.texts || tokens + size > limits.tokens)) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(text);
    tokens += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
