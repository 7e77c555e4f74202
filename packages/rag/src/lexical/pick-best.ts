/**
 * The places of the `limit` highest scores above `above` (default 0), best first; of equals the
 * earlier one. Only the first `length` places are looked at (default all). One pass with a short
 * sorted list: sorting everything would cost more than the search itself.
 */
export function pickBest(
  scores: Float64Array,
  { limit, above = 0, length = scores.length }: { limit: number; above?: number; length?: number },
): number[] {
  const best: number[] = [];
  const scoreAt = (place: number | undefined) => (place === undefined ? above : (scores[place] ?? above));
  let least = above;
  for (let place = 0; place < length; place += 1) {
    const score = scores[place] ?? above;
    // Also passes over what is not a number.
    if (!(score > least) || limit < 1) continue;
    const position = placeFor(best.length, (index) => scoreAt(best[index]) >= score);
    best.splice(position, 0, place);
    if (best.length > limit) best.pop();
    if (best.length === limit) least = scoreAt(best.at(-1));
  }
  return best;
}

/** How many of the first `length` go before, by halving. */
function placeFor(length: number, goesBefore: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (goesBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
