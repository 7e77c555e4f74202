import type { Chunk } from './passage-index.ts';

/** Share of a passage that another must hold to say what it says. */
const SAME = 0.8;

/**
 * The one of `kept` that already says what `chunk` says: it covers most of it in the same text, or
 * holds all its letters and digits in the same order and little else. Texts that differ in a single
 * number are not the same.
 */
export function findDuplicate(chunk: Chunk, kept: readonly Chunk[]): Chunk | null {
  const letters = bare(chunk.text);
  return kept.find((other) => covers(other, chunk) || holds(bare(other.text), letters)) ?? null;
}

function covers(other: Chunk, { documentId, versionId, start, end }: Chunk): boolean {
  if (other.documentId !== documentId || other.versionId !== versionId) return false;
  return Math.min(other.end, end) - Math.max(other.start, start) > SAME * (end - start);
}

function holds(other: string, letters: string): boolean {
  return letters !== '' && letters.length >= SAME * other.length && other.includes(letters);
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
