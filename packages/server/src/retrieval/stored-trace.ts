import type { RetrievalTrace } from '@parley/contracts';

/** A page of them; the rest is counted by nobody. */
const MOST_HITS = 40;
/** Enough to recognise a passage that was dropped; what was used stands whole beside the answer. */
const SHOWN_LENGTH = 300;

/** A trace as it is kept with an answer: some kilobytes, whatever was found. */
export function toStoredTrace(trace: RetrievalTrace): RetrievalTrace {
  const hits = trace.hits.slice(0, MOST_HITS).map((hit) => ({ ...hit, text: cut(hit.text) }));
  return { ...trace, hits };
}

function cut(text: string): string {
  if (text.length <= SHOWN_LENGTH) return text;
  // Not inside a character that is two units.
  const shown = text.slice(0, SHOWN_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return `${shown}…`;
}
