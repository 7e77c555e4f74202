import { hash } from 'node:crypto';
import type { RetrievalTrace, Source } from '@parley/contracts';
import { estimateTokens, splitSentences } from '@parley/text';
import type { FoundPassages } from '../retrieval/find-passages.ts';
import type { DropReason } from '../retrieval/pack-passages.ts';
import { toPromptPassage, type PromptPassage } from './prompt-passages.ts';

/** Estimated tokens of the fence around a passage. */
const FENCE_TOKENS = 20;

/** What the prompt shows, and what the answer may cite: the same passages with the same numbers. */
export interface FittedPassages extends FoundPassages {
  passages: PromptPassage[];
}

/**
 * Leaves out what a prompt has no room for, and passages of which nothing is left without the orders
 * that they give to models; the trace says so. Of a best passage that is too long for any room, the
 * whole sentences that fit are taken. What is left is numbered anew.
 */
export function fitSources({ sources, trace }: FoundPassages, tokens: number): FittedPassages {
  const kept: Source[] = [];
  const passages: PromptPassage[] = [];
  const dropped = new Map<number, DropReason>();
  let room = tokens;
  for (const source of sources) {
    const cut = kept.length === 0 ? cutToSentences(source, room - overheadOf(source)) : source;
    const passage = toPromptPassage({ ...cut, index: kept.length + 1 });
    const size = overheadOf(cut) + estimateTokens(cut.quote);
    const reason = cut.quote === '' || size > room ? 'no-room' : passage.saysSomething ? null : 'flagged';
    if (reason) {
      dropped.set(source.index, reason);
      continue;
    }
    room -= size;
    kept.push({ ...cut, index: kept.length + 1, flags: flagsOf(cut, passage) });
    passages.push(passage);
  }
  return { sources: kept, passages, trace: trace && renumber(trace, dropped) };
}

function overheadOf({ title, heading_path: headings }: Source): number {
  return FENCE_TOKENS + estimateTokens([title, ...headings].join(' > '));
}

/** What was only seen now belongs to the source as well. */
function flagsOf({ flags }: Source, { isSuspicious }: PromptPassage): Source['flags'] {
  const isKnown = flags.includes('instructions') || flags.includes('hidden-text');
  return isSuspicious && !isKnown ? [...flags, 'instructions'] : flags;
}

function cutToSentences(source: Source, tokens: number): Source {
  if (estimateTokens(source.quote) <= tokens) return source;
  let end = 0;
  for (const sentence of splitSentences(source.quote)) {
    if (estimateTokens(source.quote.slice(0, sentence.end)) > tokens) break;
    ({ end } = sentence);
  }
  const quote = source.quote.slice(0, end);
  return { ...source, quote, end: source.start + end, hash: hash('sha256', quote) };
}

function renumber(trace: RetrievalTrace, dropped: ReadonlyMap<number, DropReason>): RetrievalTrace {
  let index = 0;
  const hits = trace.hits.map((hit) => {
    if (hit.index === null) return hit;
    const reason = dropped.get(hit.index);
    return reason ? { ...hit, index: null, dropped: reason } : { ...hit, index: (index += 1) };
  });
  return { ...trace, hits };
}
