/** How often each item occurs. */
export function countItems(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** How many items two lists have in common, repeats counted. */
export function countOverlap(one: readonly string[], other: readonly string[]): number {
  const left = countItems(other);
  let shared = 0;
  for (const [item, count] of countItems(one)) shared += Math.min(count, left.get(item) ?? 0);
  return shared;
}

/** All runs of `size` words, in order and with repeats. */
export function ngramsOf(words: readonly string[], size: number): string[] {
  const count = Math.max(0, words.length - size + 1);
  return Array.from({ length: count }, (_, start) => words.slice(start, start + size).join(' '));
}
