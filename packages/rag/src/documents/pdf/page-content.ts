/** Why a person would not see a piece of text. */
export type HiddenReason = 'invisible' | 'colour' | 'tiny' | 'off-page' | 'layer';

/** Glyphs without a gap between them: mostly a word, in Chinese a whole line. Coordinates in points, y downwards. */
export interface Word {
  text: string;
  /** Where it begins on its baseline, and where the next glyph would stand. */
  x: number;
  y: number;
  right: number;
  /** Height of the letters. */
  size: number;
  /** The way the text runs, in quarter turns clockwise; null: askew. Columns of Chinese run downwards: 1. */
  turn: 0 | 1 | 2 | 3 | null;
  isBold: boolean;
  /** A space stands before it, however narrow. */
  isSpaced: boolean;
  hidden: HiddenReason | null;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** An upright line. */
export interface Rule {
  x: number;
  top: number;
  bottom: number;
}

/** What is on one page. */
export interface PageContent {
  number: number;
  width: number;
  height: number;
  words: Word[];
  /** Upright lines, and the sides of boxes: what parts the cells of a table. */
  rules: Rule[];
  /** A picture covers much of it: with no text on it, a scanned page. */
  isPicture: boolean;
}

export function boxArea({ left, top, right, bottom }: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

export function isInside({ left, top, right, bottom }: Box, { x, y }: { x: number; y: number }): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}
