import type { GraphicsState, TextPosition } from './graphics-state.ts';
import { apply, type Matrix } from './matrix.ts';
import type { Word } from './page-content.ts';
import { readableLetters } from './readable-letters.ts';
import type { Visibility } from './visibility.ts';

/** A glyph as pdf.js names it; loose, as it is no documented type. */
export interface Glyph {
  unicode?: unknown;
  width?: unknown;
  isSpace?: unknown;
  vmetric?: unknown;
}

/** How and where glyphs are painted; painting moves the position on. */
interface Brush {
  state: GraphicsState;
  position: TextPosition;
  isOnHiddenLayer: boolean;
}

/** Gap, in heights of the letters, from which on a new word begins even without a space. */
const WORD_GAP = 0.16;

interface Open extends Word {
  /** Where the last glyph ended, to see whether the next one stands close. */
  endX: number;
  endY: number;
}

/** Turns glyphs that are painted one after another into words with their places. */
export class WordCollector {
  readonly words: Word[] = [];
  readonly #visibility: Visibility;
  #open: Open | null = null;
  #isSpaced = false;

  constructor(visibility: Visibility) {
    this.#visibility = visibility;
  }

  /** `items`: glyphs, and numbers that move the next one. */
  show(items: readonly unknown[], at: Brush): void {
    const { state, position } = at;
    for (const item of items) {
      if (typeof item === 'number') position.advance(shiftOf(item, state), state.font.isVertical);
      else if (item !== null && typeof item === 'object') this.#glyph(item, at);
    }
  }

  /** The next glyph begins a new word. */
  close(): void {
    if (this.#open) this.words.push(toWord(this.#open));
    this.#open = null;
  }

  #glyph(glyph: Glyph, at: Brush): void {
    const { state, position } = at;
    const before = position.matrix(state.matrix);
    position.advance(advanceOf(glyph, state), state.font.isVertical);
    const letters = readableLetters(typeof glyph.unicode === 'string' ? glyph.unicode : '');
    if (letters.trim() === '') {
      this.close();
      this.#isSpaced = true;
      return;
    }
    this.#add(letters, { ...at, before });
  }

  #add(
    letters: string,
    {
      state,
      position,
      isOnHiddenLayer,
      before,
    }: { state: GraphicsState; position: TextPosition; isOnHiddenLayer: boolean; before: Matrix },
  ): void {
    const start = apply(before, { x: 0, y: state.rise });
    const end = apply(position.matrix(state.matrix), { x: 0, y: state.rise });
    const size = Math.abs(state.size) * Math.hypot(before[2], before[3]);
    const hidden = this.#visibility.reasonToHide({
      x: (start.x + end.x) / 2,
      y: start.y,
      size,
      state,
      isOnHiddenLayer,
    });
    const open = this.#open;
    if (open && isClose(open, { ...start, size }) && open.hidden === hidden && open.isBold === state.font.isBold) {
      open.text += letters;
      [open.endX, open.endY] = [end.x, end.y];
      return;
    }
    this.close();
    const turn = turnOf(before, state);
    const place = { x: start.x, y: start.y, right: start.x, endX: end.x, endY: end.y };
    this.#open = { ...place, text: letters, size, turn, isBold: state.font.isBold, isSpaced: this.#isSpaced, hidden };
    this.#isSpaced = false;
  }
}

function toWord({ endX, endY, ...word }: Open): Word {
  // Along its own direction; for upright text that is x.
  const length = Math.hypot(endX - word.x, endY - word.y);
  return { ...word, right: word.turn === 0 || word.turn === null ? Math.max(endX, word.x) : word.x + length };
}

function isClose(open: Open, { x, y, size }: { x: number; y: number; size: number }): boolean {
  const gap = Math.hypot(x - open.endX, y - open.endY);
  return gap < WORD_GAP * size && Math.abs(size - open.size) < 0.1 * size;
}

function shiftOf(thousandths: number, { font, size, stretch }: GraphicsState): number {
  return ((font.isVertical ? thousandths : -thousandths) / 1_000) * size * (font.isVertical ? 1 : stretch);
}

function advanceOf({ width, isSpace, vmetric }: Glyph, state: GraphicsState): number {
  const { font, size, stretch, charSpacing, wordSpacing } = state;
  const spacing = charSpacing + (isSpace === true ? wordSpacing : 0);
  // Column text runs downwards: its advances are negative heights.
  if (font.isVertical) return verticalAdvance(vmetric) * font.scale * size - spacing;
  return (Number(width ?? 0) * font.scale * size + spacing) * stretch;
}

function verticalAdvance(vmetric: unknown): number {
  const height = Array.isArray(vmetric) ? Number(vmetric[0]) : Number.NaN;
  return Number.isFinite(height) && height !== 0 ? -Math.abs(height) : -1_000;
}

/** The direction of the text on the page, in quarter turns. */
function turnOf([a, b, c, d]: Matrix, { font, size }: GraphicsState): Word['turn'] {
  const sign = Math.sign(size) || 1;
  const [x, y] = font.isVertical ? [-c * sign, -d * sign] : [a * sign, b * sign];
  const turns = Math.atan2(y, x) / (Math.PI / 2);
  const whole = Math.round(turns);
  return Math.abs(turns - whole) > 0.06 ? null : ((((whole % 4) + 4) % 4) as Word['turn']);
}
