/** What a text holds of certain marks: the first one, or how much of its end may become one. */
export type Found =
  | { mark: string; before: string; after: string }
  /** No mark; `held` may be the beginning of one. */
  | { mark: null; before: string; held: string };

export function findMark(text: string, marks: readonly string[]): Found {
  const first = marks
    .map((mark) => ({ mark, place: text.indexOf(mark) }))
    .filter(({ place }) => place !== -1)
    .toSorted((a, b) => a.place - b.place || b.mark.length - a.mark.length)[0];
  if (first) {
    const { mark, place } = first;
    return { mark, before: text.slice(0, place), after: text.slice(place + mark.length) };
  }
  const held = Math.max(0, ...marks.map((mark) => beginningAtEnd(text, mark)));
  return { mark: null, before: text.slice(0, text.length - held), held: text.slice(text.length - held) };
}

/** Length of the longest end of `text` that `mark` begins with. */
function beginningAtEnd(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (mark.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
