/**
 * The places of the `limit` highest scores above zero, best first; of equals the earlier one. One
 * pass with a short sorted list: sorting everything would cost more than the search itself.
 */
export function pickBest(scores: Float64Array, limit: number): number[] {
  const best: number[] = [];
  const scoreAt = (place: number | undefined) => (place === undefined ? 0 : (scores[place] ?? 0));
  for (let place = 0; place < scores.length; place += 1) {
    const score = scoreAt(place);
    if (score <= 0 || (best.length >= limit && score <= scoreAt(best.at(-1)))) continue;
    let position = best.length;
    while (position > 0 && scoreAt(best[position - 1]) < score) position -= 1;
    best.splice(position, 0, place);
    if (best.length > limit) best.pop();
  }
  return best;
}
