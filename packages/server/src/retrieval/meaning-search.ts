import type { EmbedTexts, MeaningHits, SearchScope, VectorIndex } from '@parley/rag';
import type { SearchedBase } from './searched-bases.repository.ts';

export interface MeaningSearchTools {
  embedder: (model: string, userId: string) => EmbedTexts;
  /** The index that holds the vectors of a base. */
  vectorsOf: (base: SearchedBase) => Promise<VectorIndex>;
  /** Milliseconds that only go forward. */
  clock: () => number;
}

/**
 * Searches by meaning: one leg per embedding space of the bases, the question embedded once per
 * model. Throws what the embedding model or the vector store throws.
 */
export async function searchMeaning(
  query: string,
  {
    bases,
    scope,
    userId,
    signal,
  }: { bases: readonly SearchedBase[]; scope: SearchScope; userId: string; signal: AbortSignal },
  tools: MeaningSearchTools,
): Promise<MeaningHits[]> {
  const questions = new Map<string, Promise<{ vector: Float32Array; embedMs: number }>>();
  const embed = async (model: string) => {
    const begun = tools.clock();
    const [vector] = await tools.embedder(model, userId)([query], signal);
    if (!vector) throw new RangeError('The embedder answered nothing.');
    return { vector, embedMs: tools.clock() - begun };
  };
  const legs = bases.map(async (base): Promise<MeaningHits[]> => {
    if (base.space === null) return [];
    const { model } = base.space;
    const question = questions.get(model) ?? embed(model);
    questions.set(model, question);
    const { vector, embedMs } = await question;
    const begun = tools.clock();
    const vectors = await tools.vectorsOf(base);
    const hits = await vectors.search(base.space, vector, scope);
    return [{ hits, embedMs, denseMs: tools.clock() - begun, model }];
  });
  return (await Promise.all(legs)).flat();
}
