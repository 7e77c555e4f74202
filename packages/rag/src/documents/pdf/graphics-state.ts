import { IDENTITY, multiply, type Matrix } from './matrix.ts';

/** A font as far as the text needs it. */
export interface PageFont {
  isBold: boolean;
  isVertical: boolean;
  /** Width units to text units; a thousandth but for fonts that are drawn (Type 3). */
  scale: number;
}

/** What holds for the text that is painted next. */
export interface GraphicsState {
  matrix: Matrix;
  /** `#rrggbb`; null for a pattern, of which nothing is known. */
  fill: string | null;
  alpha: number;
  font: PageFont;
  size: number;
  charSpacing: number;
  wordSpacing: number;
  /** 1: as wide as the font is. */
  stretch: number;
  leading: number;
  rise: number;
  renderMode: number;
}

export const NO_FONT: PageFont = { isBold: false, isVertical: false, scale: 0.001 };

export function initialState(matrix: Matrix): GraphicsState {
  return {
    matrix,
    fill: '#000000',
    alpha: 1,
    font: NO_FONT,
    size: 0,
    charSpacing: 0,
    wordSpacing: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    renderMode: 0,
  };
}

/** Where the next glyph stands: the line's beginning, and how far the text has come on it. */
export class TextPosition {
  #line: Matrix = IDENTITY;
  #along = 0;
  #down = 0;

  set(matrix: Matrix): void {
    this.#line = matrix;
    this.#along = 0;
    this.#down = 0;
  }

  moveLine(x: number, y: number): void {
    this.set(multiply(this.#line, [1, 0, 0, 1, x, y]));
  }

  advance(distance: number, isVertical: boolean): void {
    if (isVertical) this.#down += distance;
    else this.#along += distance;
  }

  /** From text space, at the place of the next glyph, to the page. */
  matrix(page: Matrix): Matrix {
    return multiply(page, multiply(this.#line, [1, 0, 0, 1, this.#along, this.#down]));
  }
}
