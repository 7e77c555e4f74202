import { findTables } from './find-tables.ts';
import { median } from './find-gutter.ts';
import { endsSentence } from './join-text.ts';
import type { PageContent, Rule, Word } from './page-content.ts';
import { toColumns } from './page-columns.ts';
import type { Row, Segment } from './page-lines.ts';

/** A line of a paragraph. */
export interface Line {
  text: string;
  size: number;
  isBold: boolean;
  /** Of the page's height, 0 at the top. */
  place: number;
  /** It begins where the lines of its column begin. */
  isFlush: boolean;
  /** Room behind it up to where the lines of its column end, and the width of its first word. */
  room: number;
  firstWord: number;
}

/** A piece of a page, in the order of reading. */
export type Block =
  | { kind: 'paragraph'; lines: Line[] }
  | { kind: 'table'; cells: string[][] }
  | { kind: 'hidden'; text: string };

/** In heights of letters. */
const INDENT = 0.8;
/** In heights of letters: a line that is shorter by this and the next word is the last of its paragraph. */
const ROOM = 1.5;
/** Of the usual distance of lines. */
const PARAGRAPH_GAP = 1.35;
const BULLET =
  /^(?:[•●○▪■◆◇➢▶✓·*–—-]\s+\S|[•●○▪■◆◇➢▶✓]|[(（]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)）、]\s*\S|[一二三四五六七八九十]{1,3}[、.])/u;

/** What stands on a page, as paragraphs and tables. Words that nobody sees come last. */
export function toBlocks(page: PageContent): Block[] {
  const visible = page.words.filter(({ hidden }) => hidden === null);
  const { upright, height, others, rules } = turnUpright(visible, page);
  const blocks = toColumns(upright, rules)
    .map(({ rows }) => columnBlocks(rows, height))
    .reduce(joinColumns, []);
  return [...blocks, ...strayBlocks(others), ...hiddenBlocks(page.words.filter(({ hidden }) => hidden !== null))];
}

interface Upright {
  upright: Word[];
  others: Word[];
  height: number;
  rules: readonly Rule[];
}

/** Turns the page as most of its text runs; the rest (stamps along an edge) is told after it. */
function turnUpright(words: readonly Word[], page: PageContent): Upright {
  const letters = new Map<Word['turn'], number>();
  for (const { turn, text } of words) letters.set(turn, (letters.get(turn) ?? 0) + text.length);
  const [main = 0] = [...letters].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const running = words.filter(({ turn }) => turn === main);
  const others = words.filter(({ turn }) => turn !== main);
  if (main === null || main === 0) return { upright: running, others, height: page.height, rules: page.rules };
  const height = main === 2 ? page.height : page.width;
  return { upright: running.map((word) => turned(word, main)), others, height, rules: [] };
}

function turned(word: Word, turn: 1 | 2 | 3): Word {
  const length = word.right - word.x;
  const [x, y] = turn === 1 ? [word.y, -word.x] : turn === 2 ? [-word.x, -word.y] : [-word.y, word.x];
  return { ...word, x, y, right: x + length, turn: 0 };
}

function columnBlocks(rows: readonly Row[], height: number): Block[] {
  const segments = rows.flatMap((row) => row.segments);
  const left = Math.min(...segments.map((segment) => segment.left));
  const right = Math.max(...segments.map((segment) => segment.right));
  return findTables(rows).flatMap((part): Block[] => {
    if (part.kind === 'table') return [{ kind: 'table', cells: part.cells }];
    const lines = part.rows.map((row) => toLine(row, { left, right, height }));
    return toParagraphs(lines, part.rows);
  });
}

/** A paragraph that runs on at the top of the next column is one. */
function joinColumns(before: readonly Block[], next: readonly Block[]): Block[] {
  const [last, first] = [before.at(-1), next[0]];
  const [end, begin] = [linesOf(last).at(-1), linesOf(first)[0]];
  if (!end || !begin || !continues(end, begin)) return [...before, ...next];
  const joined: Block = { kind: 'paragraph', lines: [...linesOf(last), ...linesOf(first)] };
  return [...before.slice(0, -1), joined, ...next.slice(1)];
}

function linesOf(block: Block | undefined): Line[] {
  return block?.kind === 'paragraph' ? block.lines : [];
}

function toLine({ y, segments }: Row, column: { left: number; right: number; height: number }): Line {
  const size = median(segments.map((segment) => segment.size));
  const { left, right, height } = column;
  return {
    text: segments.map(({ text }) => text).join(' '),
    size,
    isBold: segments.every(({ isBold }) => isBold),
    place: Math.abs(y) / height,
    isFlush: (segments[0]?.left ?? left) - left < INDENT * size,
    room: right - (segments.at(-1)?.right ?? right),
    firstWord: firstWordWidth(segments[0]),
  };
}

function firstWordWidth(segment: Segment | undefined): number {
  if (!segment) return 0;
  const word = /^(?:\p{Script=Han}|\S+)/u.exec(segment.text)?.[0].length ?? 0;
  return ((segment.right - segment.left) * word) / Math.max(1, segment.text.length);
}

function toParagraphs(lines: readonly Line[], rows: readonly Row[]): Block[] {
  const distances = rows.slice(1).map(({ y }, place) => y - (rows[place]?.y ?? 0));
  const usual = median(distances.filter((distance) => distance > 0));
  const paragraphs: { kind: 'paragraph'; lines: Line[] }[] = [];
  for (const [place, line] of lines.entries()) {
    const before = lines[place - 1];
    const isFar = (distances[place - 1] ?? 0) > Math.max(usual, line.size) * PARAGRAPH_GAP;
    if (!before || isFar || beginsParagraph(before, line)) paragraphs.push({ kind: 'paragraph', lines: [line] });
    else paragraphs.at(-1)?.lines.push(line);
  }
  return paragraphs;
}

function beginsParagraph(before: Line, line: Line): boolean {
  const isOther = Math.abs(before.size - line.size) > 0.12 * line.size || before.isBold !== line.isBold;
  const isIndented = before.isFlush && !line.isFlush && !BULLET.test(before.text);
  return isOther || isIndented || BULLET.test(line.text) || hasEnded(before, line);
}

/** The next word would have fitted on the line before: it was ended on purpose. */
function hasEnded(before: Line, line: Line): boolean {
  return before.room > line.firstWord + ROOM * before.size;
}

/** Whether `line`, the first one of a page, goes on with the paragraph that ended the page before. */
export function continues(before: Line, line: Line): boolean {
  if (endsSentence(before.text) || beginsParagraph(before, line)) return false;
  return /^[\p{Ll}\p{Script=Han}]/u.test(line.text) || /\p{Ll}[-‐]$/u.test(before.text);
}

function strayBlocks(words: readonly Word[]): Block[] {
  if (words.length === 0) return [];
  const text = words.map((word) => word.text).join(' ');
  const line = { text, size: words[0]?.size ?? 0, isBold: false, place: 0.5, isFlush: true, room: 0, firstWord: 0 };
  return [{ kind: 'paragraph', lines: [line] }];
}

function hiddenBlocks(words: readonly Word[]): Block[] {
  if (words.length === 0) return [];
  let text = '';
  for (const word of words) text += (word.isSpaced && text !== '' ? ' ' : '') + word.text;
  return [{ kind: 'hidden', text }];
}
