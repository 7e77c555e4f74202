/**
 * How often a term stands in each field of a passage, packed into one number that stays small where
 * the term is in the text only: the lowest bits count the text, then title, then headings. Each has
 * room for more than any passage holds, and counts no further than that.
 */
const SHIFT = { text: 0, title: 12, heading: 19 } as const;
const MOST = { text: (1 << 12) - 1, title: (1 << 7) - 1, heading: (1 << 11) - 1 } as const;

export type FieldName = keyof typeof SHIFT;

/** The largest that says that the term is in the text only. */
export const MOST_IN_TEXT = MOST.text;
export const ONCE_IN_TEXT = 1;

export function countOf(counts: number, field: FieldName): number {
  return (counts >> SHIFT[field]) & MOST[field];
}

export function addOne(counts: number, field: FieldName): number {
  return countOf(counts, field) < MOST[field] ? counts + (1 << SHIFT[field]) : counts;
}
