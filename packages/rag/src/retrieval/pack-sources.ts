import { hash } from 'node:crypto';
import type { Source } from '@parley/contracts';
import { estimateTokens } from '@parley/text';
import type { ScoredChunk } from './passage-index.ts';

/** Reads a document's stored text again; null when there is no such document (any more). */
export type ReadDocumentText = (documentId: string) => string | null | Promise<string | null>;

export interface PackLimits {
  /** At most so many passages. */
  passages: number;
  /** At most so many estimated tokens in all passages; the best passage is taken in any case. */
  tokens: number;
}

/**
 * The found passages that may be cited, best first, numbered from 1. Each is read again from its
 * document: one that no longer stands there word for word is dropped, so that every citation leads
 * to exactly what it quotes. A passage that is too long for the room left is passed over.
 */
export async function packSources(
  found: readonly ScoredChunk[],
  readText: ReadDocumentText,
  limits: PackLimits,
): Promise<Source[]> {
  const sources: Source[] = [];
  let tokens = 0;
  for (const hit of found) {
    if (sources.length >= limits.passages) break;
    const size = estimateTokens(hit.chunk.text);
    if (sources.length > 0 && tokens + size > limits.tokens) continue;
    if (!(await isStillThere(hit, readText))) continue;
    tokens += size;
    sources.push(toSource(hit, sources.length + 1));
  }
  return sources;
}

async function isStillThere({ chunk }: ScoredChunk, readText: ReadDocumentText): Promise<boolean> {
  return (await readText(chunk.documentId))?.slice(chunk.start, chunk.end) === chunk.text;
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
