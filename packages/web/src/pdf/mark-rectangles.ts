import type { ItemRun } from './find-quote.ts';

/** A text item as pdf.js answers it: its text, the matrix that it is drawn with, and its length in points. */
export interface TextItem {
  str: string;
  transform: number[];
  width: number;
}

/** A page as it is shown: its size, and the matrix from points of the file to points of the screen. */
export interface PageView {
  width: number;
  height: number;
  transform: number[];
}

/** A part of a page, each side as a share of the page's, 0 to 1. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How far letters reach above and below their line, in heights of the font. */
const ABOVE = 0.92;
const BELOW = 0.24;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u;
const NARROW = /[\s.,;:'’|!ijl()[\]]/u;

/** Where runs of text stand on a page, turned pages and slanted lines included. */
export function markRectangles(runs: readonly ItemRun[], items: readonly TextItem[], view: PageView): Rectangle[] {
  return runs.flatMap((run) => {
    const item = items[run.item];
    return item ? [toRectangle(item, run, view)] : [];
  });
}

function toRectangle({ str, transform, width }: TextItem, { start, end }: ItemRun, view: PageView): Rectangle {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform;
  const along = unit(a, b);
  const upward = unit(c, d);
  const height = Math.hypot(c, d);
  const [from, to] = [width * shareBefore(str, start), width * shareBefore(str, end)];
  const corners = [from, to].flatMap((x) =>
    [-BELOW * height, ABOVE * height].map((y) =>
      apply(view.transform, [e + along[0] * x + upward[0] * y, f + along[1] * x + upward[1] * y]),
    ),
  );
  const [xs, ys] = [corners.map(([x]) => x / view.width), corners.map(([, y]) => y / view.height)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function unit(x: number, y: number): [number, number] {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}

function apply(matrix: readonly number[], [x, y]: [number, number]): [number, number] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = matrix;
  return [a * x + c * y + e, b * x + d * y + f];
}

/** How much of an item's length its first letters take. The font knows better, but a mark need not be exact. */
function shareBefore(text: string, end: number): number {
  const all = lengthOf(text);
  return all === 0 ? 0 : lengthOf(text.slice(0, end)) / all;
}

function lengthOf(text: string): number {
  let length = 0;
  for (const character of text) length += WIDE.test(character) ? 1 : NARROW.test(character) ? 0.28 : 0.52;
  return length;
}
