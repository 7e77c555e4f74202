import type { Place } from './use-segment-pages.ts';

export interface MarkedRun {
  text: string;
  isMarked: boolean;
}

/** The text of a segment, cut where a marked place begins and ends in it. */
export function cutAtMark(text: string, offset: number, mark: Place | null): MarkedRun[] {
  if (mark === null) return [{ text, isMarked: false }];
  const [from, to] = [mark.start - offset, mark.end - offset].map((at) => Math.min(Math.max(at, 0), text.length));
  const runs = [
    { text: text.slice(0, from), isMarked: false },
    { text: text.slice(from, to), isMarked: true },
    { text: text.slice(to), isMarked: false },
  ];
  return runs.filter((run) => run.text !== '');
}
