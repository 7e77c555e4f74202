import type { ChunkView, DocumentView } from '@parley/contracts';

/** A part of a document's text as its page draws it: a passage, or text between passages. */
export interface Segment {
  key: string;
  start: number;
  end: number;
  /** Null: text that belongs to no passage, so that no search finds it. */
  chunk: ChunkView | null;
  /** UTF-16 units at its passage's beginning that the one before has already shown. */
  repeated: number;
  /** The page that begins here; null when none does. */
  page: number | null;
  /** The headings above, where they are others than those of the passage before. */
  headings: string[] | null;
}

/** Text between passages is drawn in parts of about this size, so that a whole version without passages can be paged. */
const PART = 4_000;

/** Cuts a text at its passages. All segments together show it once, in order, without blank ones. */
export function toSegments({ text, pages }: Pick<DocumentView, 'text' | 'pages'>, chunks: readonly ChunkView[]) {
  const segments: Segment[] = [];
  let reached = 0;
  let headings = '';
  for (const chunk of chunks.toSorted((one, other) => one.start - other.start || one.ordinal - other.ordinal)) {
    segments.push(...gapSegments(text, reached, Math.min(chunk.start, text.length)));
    const start = Math.max(chunk.start, reached);
    const path = chunk.heading_path.join('\n');
    // Headings stand between passages; what can be read there need not be said again.
    const isSeen = text.slice(reached, start).includes(chunk.heading_path.at(-1) ?? '');
    const shownPath = path === headings || isSeen ? null : chunk.heading_path;
    headings = path;
    const end = Math.max(start, Math.min(chunk.end, text.length));
    segments.push({ ...plain(start, end), key: chunk.id, chunk, repeated: start - chunk.start, headings: shownPath });
    reached = Math.max(reached, end);
  }
  segments.push(...gapSegments(text, reached, text.length));
  return withPages(segments, pages);
}

function plain(start: number, end: number): Segment {
  return { key: `gap-${start}`, start, end, chunk: null, repeated: 0, page: null, headings: null };
}

/** Without the blank lines around it, which only hold it apart from its neighbours. */
function gapSegments(text: string, from: number, to: number): Segment[] {
  const parts: Segment[] = [];
  for (let start = from, end = from; start < to; start = end) {
    end = partEnd(text, start, to);
    const part = text.slice(start, end);
    const first = end - part.trimStart().length;
    if (first < end) parts.push(plain(first, first + part.trim().length));
  }
  return parts;
}

/** At the end of a line, unless the line has none near. */
function partEnd(text: string, start: number, to: number): number {
  if (to - start <= PART) return to;
  const near = text.indexOf('\n', start + PART);
  return near === -1 || near - start > 2 * PART ? start + PART : Math.min(to, near + 1);
}

/** Notes each page at the first segment that begins on it or after it. */
function withPages(segments: Segment[], pages: DocumentView['pages']): Segment[] {
  let next = 0;
  for (const segment of segments) {
    let begun: number | null = null;
    for (let page = pages[next]; page !== undefined && page.start < Math.max(segment.end, segment.start + 1);) {
      begun = page.number;
      next += 1;
      page = pages[next];
    }
    segment.page = begun;
  }
  return segments;
}

/** The places of some words in a text, in any case; at most `most`. */
export function findWords(text: string, words: string, most: number): { start: number; end: number }[] {
  const wanted = words.trim().toLowerCase();
  const places: { start: number; end: number }[] = [];
  if (wanted === '') return places;
  const folded = text.toLowerCase();
  // A few letters change their length in lower case; then the places would be those of another text.
  const searched = folded.length === text.length ? folded : text;
  for (let at = searched.indexOf(wanted); at !== -1 && places.length < most; at = searched.indexOf(wanted, at + 1)) {
    places.push({ start: at, end: at + wanted.length });
  }
  return places;
}
