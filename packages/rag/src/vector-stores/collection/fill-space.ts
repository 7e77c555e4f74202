import type { VectorIndex, VectorSpace } from '../../knowledge/knowledge-index.ts';
import type { EmbedTexts } from '../../models/embed-texts.ts';
import { toUnitVectors } from '../../models/to-unit-vectors.ts';
import type { Chunk } from '../../retrieval/passage-index.ts';
import { toEmbeddedText } from '../../models/embedded-text.ts';
import { documentKey, keyOfId } from './stable-ids.ts';

/** Passages that are embedded and stored together: what a failure or a stop leaves behind is never more than these. */
const STEP = 256;

export interface SpaceToFill {
  vectors: VectorIndex;
  space: VectorSpace;
  /** Their ids are `withStableIds`. */
  chunks: readonly Chunk[];
  embed: EmbedTexts;
}

/** How many vectors were made, and how many were there already. */
export interface FilledSpace {
  embedded: number;
  kept: number;
}

/**
 * Brings a space to where each passage has its vector; those that it has already are not made
 * again. What the same documents had there before and have no more is removed; other documents are
 * left alone. What was done before a failure stays done.
 */
export async function fillSpace(target: SpaceToFill, signal: AbortSignal): Promise<FilledSpace> {
  const { vectors, space, chunks } = target;
  const known = new Set(await vectors.chunkIds(space));
  const missing = chunks.filter(({ id }) => !known.has(id));
  for (let from = 0; from < missing.length; from += STEP) {
    await embedStep(target, missing.slice(from, from + STEP), signal);
  }
  const surplus = surplusOf(known, chunks);
  if (surplus.length > 0) await vectors.remove(space, surplus);
  return { embedded: missing.length, kept: chunks.length - missing.length };
}

async function embedStep({ vectors, space, embed }: SpaceToFill, chunks: readonly Chunk[], signal: AbortSignal) {
  const made = toUnitVectors(await embed(chunks.map(toEmbeddedText), signal), chunks.length);
  const pairs = chunks.flatMap(({ id: chunkId, documentId }, place) => {
    const vector = made[place];
    return vector ? [{ chunkId, documentId, vector }] : [];
  });
  await vectors.put(space, pairs);
}

function surplusOf(known: ReadonlySet<string>, chunks: readonly Chunk[]): string[] {
  const wanted = new Set(chunks.map(({ id }) => id));
  const keys = new Set(chunks.map(({ documentId }) => documentKey(documentId)));
  return [...known].filter((id) => !wanted.has(id) && keys.has(keyOfId(id)));
}
