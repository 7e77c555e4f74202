import { hash } from 'node:crypto';
import type { Source, TracedHit } from '@parley/contracts';
import { estimateTokens } from '@parley/text';
import { findDuplicate } from './find-duplicate.ts';
import type { Chunk, ScoredChunk } from './passage-index.ts';

export type DropReason = NonNullable<TracedHit['dropped']>;

/** Reads a part of a stored text again, UTF-16 offsets; null when there is no such text (any more). */
export type ReadSpan = (span: Pick<Chunk, 'documentId' | 'versionId' | 'start' | 'end'>) => Promise<string | null>;

export interface PackLimits {
  /** At most so many passages. */
  passages: number;
  /** At most so many estimated tokens in all passages; the best passage is taken in any case. */
  tokens: number;
}

export interface PackedPassages {
  sources: Source[];
  /** Why each passage that is not among the sources was left out, by its chunk's id. */
  dropped: Map<string, DropReason>;
}

/**
 * The found passages that may be cited, best first, numbered from 1. Each is read again from its
 * stored text: one that no longer stands there word for word is dropped, so that every citation
 * leads to exactly what it quotes. One that says the same as a better one, and one that is too long
 * for the room left, is passed over.
 */
export async function packPassages(
  found: readonly ScoredChunk[],
  readSpan: ReadSpan,
  limits: PackLimits,
): Promise<PackedPassages> {
  const sources: Source[] = [];
  const kept: Chunk[] = [];
  const dropped = new Map<string, DropReason>();
  let tokens = 0;
  for (const hit of found) {
    const size = estimateTokens(hit.chunk.text);
    const isTooLong = kept.length > 0 && tokens + size > limits.tokens;
    const reason =
      kept.length >= limits.passages ? 'too-many' : await reasonAgainst(hit.chunk, { kept, isTooLong }, readSpan);
    if (reason) dropped.set(hit.chunk.id, reason);
    else {
      tokens += size;
      kept.push(hit.chunk);
      sources.push(toSource(hit, kept.length));
    }
  }
  return { sources, dropped };
}

async function reasonAgainst(
  chunk: Chunk,
  { kept, isTooLong }: { kept: readonly Chunk[]; isTooLong: boolean },
  readSpan: ReadSpan,
): Promise<DropReason | null> {
  if (findDuplicate(chunk, kept)) return 'duplicate';
  if (isTooLong) return 'no-room';
  return (await readSpan(chunk)) === chunk.text ? null : 'changed';
}

function toSource({ chunk, score }: ScoredChunk, index: number): Source {
  return {
    index,
    document_id: chunk.documentId,
    version_id: chunk.versionId,
    base_id: chunk.baseId,
    title: chunk.title,
    heading_path: [...chunk.headingPath],
    page: chunk.page,
    start: chunk.start,
    end: chunk.end,
    quote: chunk.text,
    hash: hash('sha256', chunk.text),
    flags: [...chunk.flags],
    score,
  };
}
