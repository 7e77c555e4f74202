import type { DocumentFlag } from '@parley/contracts';
import { estimateTokens } from '@parley/text';
import type { ReadSpan } from './pack-passages.ts';
import type { Chunk } from './passage-index.ts';

/** What a passage must be free of to come along with another: nobody searched for it. */
const UNWANTED: ReadonlySet<DocumentFlag> = new Set(['hidden-text', 'instructions', 'garbled']);

/**
 * A passage together with those around it in the same section, as far as `tokens` go: first what
 * follows, then what stands before, in turns. The text is read again, so that the span stays exact.
 * `siblings` are the document's passages in order; those that are flagged end the way. The passage itself comes back when nothing can be added.
 */
export async function expandToSection(
  chunk: Chunk,
  { siblings, readSpan, tokens }: { siblings: readonly Chunk[]; readSpan: ReadSpan; tokens: number },
): Promise<Chunk> {
  const section = siblings.filter((sibling) => isSameSection(sibling, chunk));
  const place = section.findIndex(({ id }) => id === chunk.id);
  const added = neighboursOf(section, place, tokens - estimateTokens(chunk.text));
  if (place === -1 || added.length === 0) return chunk;
  const start = Math.min(chunk.start, ...added.map((sibling) => sibling.start));
  const end = Math.max(chunk.end, ...added.map((sibling) => sibling.end));
  const text = await readSpan({ ...chunk, start, end });
  // What changed meanwhile is not made to look unchanged.
  if (text?.slice(chunk.start - start, chunk.end - start) !== chunk.text) return chunk;
  const first = added.find((sibling) => sibling.start === start) ?? chunk;
  return { ...chunk, start, end, text, page: first.page };
}

/** Those that come along, going away from `place` on both sides in turns. */
function neighboursOf(section: readonly Chunk[], place: number, tokens: number): Chunk[] {
  const added: Chunk[] = [];
  const ways = [
    { at: place, step: 1 },
    { at: place, step: -1 },
  ];
  let room = tokens;
  const goOn = (way: { at: number; step: number }): boolean => {
    const next = section[way.at + way.step];
    const size = next && next.flags.every((flag) => !UNWANTED.has(flag)) ? estimateTokens(next.text) : Infinity;
    if (next === undefined || size > room) return false;
    added.push(next);
    way.at += way.step;
    room -= size;
    return true;
  };
  // Both are asked each time: the one that cannot go on must not keep the other from it.
  while (ways.filter(goOn).length > 0);
  return added;
}

function isSameSection(sibling: Chunk, { documentId, versionId, headingPath }: Chunk): boolean {
  return (
    sibling.documentId === documentId &&
    sibling.versionId === versionId &&
    sibling.headingPath.join('\n') === headingPath.join('\n')
  );
}
