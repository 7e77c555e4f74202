import type { FlaggedSpan, PageStart } from '@parley/rag';
import type { StoredText } from '../rows/read-version.ts';

/** The text with one place changed, and all that points into it moved along. */
export function applyEdit(stored: StoredText, edit: { start: number; end: number; text: string }): StoredText {
  const grown = edit.text.length - (edit.end - edit.start);
  /** Where a place is now; one inside of what went is at its edge. */
  const move = (place: number, edge: number) =>
    place <= edit.start ? place : place >= edit.end ? place + grown : edge;
  const pages: PageStart[] = stored.pages.map(({ number, start }) => ({ number, start: move(start, edit.start) }));
  const hiddenSpans: FlaggedSpan[] = stored.hiddenSpans
    .map(({ start, end, flag }) => ({
      start: move(start, edit.start),
      end: move(end, edit.start + edit.text.length),
      flag,
    }))
    .filter(({ start, end }) => start < end);
  const text = stored.text.slice(0, edit.start) + edit.text + stored.text.slice(edit.end);
  return { ...stored, text, pages, hiddenSpans };
}
