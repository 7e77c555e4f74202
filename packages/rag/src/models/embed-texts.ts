/**
 * Texts to vectors of length 1, in the same order, by one model. Throws `ParleyError`
 * (`embedding_failed` and what the gateway says); never answers a vector that the model did not give.
 */
export type EmbedTexts = (texts: readonly string[], signal: AbortSignal) => Promise<Float32Array[]>;

/** How well each text answers the query, in the order given; larger is better. Throws `ParleyError`. */
export type RerankTexts = (query: string, texts: readonly string[], signal: AbortSignal) => Promise<number[]>;
