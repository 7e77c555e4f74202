/** A part of a document's text that is drawn; both ends stand at beginnings of lines, where there are lines. */
export interface TextWindow {
  start: number;
  end: number;
}

/** UTF-16 units on either side of a passage. A book drawn whole would hold the page up for seconds. */
const MARGIN = 20_000;

/** The text around a passage; the whole of most documents. */
export function windowAround(text: string, place: TextWindow): TextWindow {
  const start = Math.min(place.start, text.length);
  return {
    start: lineStartBefore(text, start - MARGIN),
    end: lineEndAfter(text, Math.max(start, Math.min(place.end, text.length)) + MARGIN),
  };
}

/** The same window with more on one side. */
export function growWindow(text: string, shown: TextWindow, side: 'start' | 'end'): TextWindow {
  return side === 'start'
    ? { ...shown, start: lineStartBefore(text, shown.start - 2 * MARGIN) }
    : { ...shown, end: lineEndAfter(text, shown.end + 2 * MARGIN) };
}

// A line that is longer than this is cut: some files are one line.
const LONGEST_LINE = 2_000;

function lineStartBefore(text: string, at: number): number {
  if (at <= 0) return 0;
  const line = text.lastIndexOf('\n', at - 1) + 1;
  return at - line > LONGEST_LINE ? at - withinPair(text, at) : line;
}

function lineEndAfter(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const line = text.indexOf('\n', at);
  const end = line === -1 ? text.length : line + 1;
  return end - at > LONGEST_LINE ? at - withinPair(text, at) : end;
}

/** 1 between the two units of one letter. */
function withinPair(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? 1 : 0;
}
