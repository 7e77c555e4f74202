import type { Span } from '@parley/text';

/** Where a sentence that must be torn is torn least: behind a clause, then between words. */
const CLAUSE_END = /[，、；：,;:)）」』】]\s?(?=[^，、；：,;:)）」』】]*$)/u;
const SPACE = /\s(?=\S*$)/;

/**
 * Cuts a sentence or line that does not fit into parts of at most `maxLength` UTF-16 units: behind a
 * clause where one ends in the second half of a part, else at white space, else anywhere but inside
 * a character. White space at a cut is left out.
 */
export function cutHard(text: string, { start, end }: Span, maxLength: number): Span[] {
  const parts: Span[] = [];
  let from = start;
  while (end - from > maxLength) {
    const to = from + lengthOfPart(text.slice(from, from + maxLength + 1));
    parts.push({ start: from, end: from + text.slice(from, to).trimEnd().length });
    from = skipSpace(text, to, end);
  }
  if (from < end) parts.push({ start: from, end });
  return parts.filter((part) => part.end > part.start);
}

/** `window` is one unit longer than a part may be: a space there is as good as one inside. */
function lengthOfPart(window: string): number {
  const inside = window.slice(0, -1);
  const clause = CLAUSE_END.exec(inside);
  if (clause && clause.index > inside.length / 2) return clause.index + clause[0].length;
  const space = SPACE.exec(window)?.index ?? 0;
  if (space > 0) return space;
  const isCutPair = /[\uD800-\uDBFF]$/.test(inside);
  return isCutPair && inside.length > 1 ? inside.length - 1 : inside.length;
}

function skipSpace(text: string, from: number, end: number): number {
  let place = from;
  while (place < end && /\s/.test(text.charAt(place))) place += 1;
  return place;
}
