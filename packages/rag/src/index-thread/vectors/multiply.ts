/** Lengths are filled up with zeros to a multiple of this. */
export const LANES = 4;

/**
 * The product of `query` with each of the vectors that lie side by side in `block`, all of a length
 * that is a multiple of `LANES`. Four sums at once: an addition to one sum waits for the one before
 * it, additions to four do not.
 */
export function multiply(block: Float32Array, query: Float64Array, into: Float64Array): void {
  let at = 0;
  for (let index = 0; index < into.length; index += 1) {
    let one = 0;
    let two = 0;
    let three = 0;
    let four = 0;
    for (let place = 0; place < query.length; place += LANES, at += LANES) {
      one += (block[at] ?? 0) * (query[place] ?? 0);
      two += (block[at + 1] ?? 0) * (query[place + 1] ?? 0);
      three += (block[at + 2] ?? 0) * (query[place + 2] ?? 0);
      four += (block[at + 3] ?? 0) * (query[place + 3] ?? 0);
    }
    into[index] = one + two + three + four;
  }
}
