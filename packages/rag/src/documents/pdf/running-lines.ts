import type { Block, Line } from './page-blocks.ts';

/** Share of the page's height, above and below, in which heads and feet stand. */
const MARGIN = 0.13;
const MIN_PAGES = 3;
/** Share of pages on which a line repeats; left and right pages may have one each. */
const MIN_SHARE = 0.3;
/** Share of pages with a numbered line in one place, from which on it is a head or foot. */
const MIN_NUMBERED_SHARE = 0.5;
const MAX_HEAD = 100;
const PAGE_NUMBER = /^[-–—\s|]*(?:page\s*|第\s*)?(?:#|[ivxlc]+)(?:\s*(?:\/|of|页|共|,|，)\s*)*#?\s*页?[-–—\s|]*$/iu;

/** Heads, feet and page numbers, as they repeat on the pages of a document; numbers in them differ. */
export function findRunningLines(pages: readonly (readonly Block[])[]): (line: Line) => boolean {
  const texts = new Map<string, number>();
  const places = new Map<number, number>();
  for (const blocks of pages) {
    const lines = marginLines(blocks);
    for (const shape of new Set(lines.map(shapeOf))) texts.set(shape, (texts.get(shape) ?? 0) + 1);
    for (const place of new Set(lines.filter(hasPageNumber).map(placeOf)))
      places.set(place, (places.get(place) ?? 0) + 1);
  }
  return (line) => {
    if (!isInMargin(line)) return false;
    const count = texts.get(shapeOf(line)) ?? 0;
    const numbered = hasPageNumber(line) ? (places.get(placeOf(line)) ?? 0) : 0;
    const isNumber = PAGE_NUMBER.test(withoutNumbers(line.text));
    if (count >= MIN_PAGES && (isNumber || count >= pages.length * MIN_SHARE)) return true;
    return numbered >= Math.max(MIN_PAGES, pages.length * MIN_NUMBERED_SHARE);
  };
}

function marginLines(blocks: readonly Block[]): Line[] {
  return blocks.flatMap((block) => (block.kind === 'paragraph' ? block.lines.filter(isInMargin) : []));
}

function isInMargin({ place }: Line): boolean {
  return place < MARGIN || place > 1 - MARGIN;
}

/** The head of a chapter differs from chapter to chapter, but stands in one place and has the page's number. */
function hasPageNumber({ text }: Line): boolean {
  return text.length < MAX_HEAD && /^\d{1,4}\s|\s\d{1,4}$/.test(text);
}

function placeOf({ place }: Line): number {
  return Math.round(place * 100);
}

/** Equal for lines that say the same at the same height. */
function shapeOf(line: Line): string {
  const text = withoutNumbers(line.text);
  return PAGE_NUMBER.test(text) ? `# ${line.place < 0.5}` : `${text} ${Math.round(line.place * 50)}`;
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}
