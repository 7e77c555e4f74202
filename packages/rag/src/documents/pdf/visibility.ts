import { boxArea, isInside, type Box, type HiddenReason } from './page-content.ts';
import type { GraphicsState } from './graphics-state.ts';

/** Smaller letters are not for people. */
const MIN_SIZE = 2;
const MIN_ALPHA = 0.05;
/** Distance of two colours, of 441 at most, below which they cannot be told apart. */
const MIN_CONTRAST = 24;
const INVISIBLE_MODE = 3;
/** A share of the page above which a picture is what the page shows. */
const PAGE_SHARE = 0.5;
const MAX_SURFACES = 5_000;

interface Surface {
  box: Box;
  /** Null: a picture or a pattern, of which nothing is known. */
  colour: string | null;
}

/** A place on the page, the letters that are painted there, and how. */
export interface Painted {
  x: number;
  y: number;
  size: number;
  state: GraphicsState;
  isOnHiddenLayer: boolean;
}

/** Remembers what was painted on a page, to tell which text can be seen on it. */
export class Visibility {
  readonly #page: Box;
  readonly #surfaces: Surface[] = [];
  #hasPicture = false;
  /** The colours that were compared last: those of the letter before are nearly always those of the next. */
  #compared = { fill: '', ground: '', isApart: false };

  constructor(page: { width: number; height: number }) {
    this.#page = { left: 0, top: 0, right: page.width, bottom: page.height };
  }

  /** A picture covers much of the page. */
  get hasPicture(): boolean {
    return this.#hasPicture;
  }

  addSurface(surface: Surface): void {
    this.#surfaces.push(surface);
    if (this.#surfaces.length > MAX_SURFACES) this.#surfaces.shift();
  }

  addPicture(box: Box): void {
    this.addSurface({ box, colour: null });
    if (boxArea(clip(box, this.#page)) > boxArea(this.#page) * PAGE_SHARE) this.#hasPicture = true;
  }

  reasonToHide({ x, y, size, state, isOnHiddenLayer }: Painted): HiddenReason | null {
    if (isOnHiddenLayer) return 'layer';
    if (state.renderMode === INVISIBLE_MODE) return 'invisible';
    if (size < MIN_SIZE) return 'tiny';
    if (!isInside(this.#page, { x, y: y - size / 3 })) return 'off-page';
    return this.#isSeen({ x, y: y - size / 3 }, state) ? null : 'colour';
  }

  #isSeen(place: { x: number; y: number }, { fill, alpha, renderMode }: GraphicsState): boolean {
    if (alpha < MIN_ALPHA) return false;
    // Outlined letters have a colour of their own.
    if (fill === null || renderMode === 1 || renderMode === 2) return true;
    const below = this.#surfaces.findLast(({ box }) => isInside(box, place));
    const ground = below ? below.colour : '#ffffff';
    return ground === null || this.#areApart(fill, ground);
  }

  #areApart(fill: string, ground: string): boolean {
    if (fill !== this.#compared.fill || ground !== this.#compared.ground)
      this.#compared = { fill, ground, isApart: contrast(fill, ground) >= MIN_CONTRAST };
    return this.#compared.isApart;
  }
}

function clip(box: Box, page: Box): Box {
  return {
    left: Math.max(box.left, page.left),
    top: Math.max(box.top, page.top),
    right: Math.min(box.right, page.right),
    bottom: Math.min(box.bottom, page.bottom),
  };
}

function contrast(one: string, other: string): number {
  const [first, second] = [channels(one), channels(other)];
  return Math.hypot(...first.map((channel, place) => channel - (second[place] ?? 0)));
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16) || 0);
}
