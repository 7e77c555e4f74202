/** A part of one text item of a page, in UTF-16 units of its string. */
export interface ItemRun {
  item: number;
  start: number;
  end: number;
}

export interface FoundQuote {
  runs: ItemRun[];
  /** The whole quote stands on this page, in one piece. */
  isWhole: boolean;
}

/** Letters alone, each with the place that it came from: a kept text and a drawn page agree in little else. */
interface Letters {
  text: string;
  items: number[];
  /** Where its letter begins and ends in the item. */
  starts: number[];
  ends: number[];
}

const LETTER = /[\p{L}\p{N}]/u;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** So many letters in a row are no accident; a Chinese one says as much as a syllable. */
const LATIN_GRAM = 16;
const HAN_GRAM = 6;

/**
 * Finds where a quote stands among the text items of a page. Spaces, hyphens, punctuation, the form
 * of letters and the marks of headings and tables do not count. Where the quote is not there in one
 * piece (it goes on over the page, or stands in columns) the pieces that are there are found.
 */
export function findQuote(items: readonly string[], quote: string): FoundQuote {
  const page = lettersOf(items);
  const wanted = lettersOf([quote]).text;
  if (wanted === '') return { runs: [], isWhole: false };
  const at = page.text.indexOf(wanted);
  if (at !== -1) return { runs: toItemRuns(page, [[at, at + wanted.length]]), isWhole: true };
  return { runs: toItemRuns(page, commonParts(page.text, wanted)), isWhole: false };
}

function lettersOf(items: readonly string[]): Letters {
  const letters: Letters = { text: '', items: [], starts: [], ends: [] };
  for (const [item, string] of items.entries()) {
    let start = 0;
    for (const character of string) {
      const end = start + character.length;
      // One drawn letter may stand for several, such as the ligature of f and i.
      for (const letter of character.normalize('NFKC').toLowerCase()) {
        if (!LETTER.test(letter)) continue;
        letters.text += letter;
        // A letter of two units takes two places, so that both texts are counted alike.
        for (let unit = 0; unit < letter.length; unit += 1) {
          letters.items.push(item);
          letters.starts.push(start);
          letters.ends.push(end);
        }
      }
      start = end;
    }
  }
  return letters;
}

/** The stretches of a page that stand in the quote as well, but for those too short to mean anything. */
function commonParts(page: string, quote: string): [start: number, end: number][] {
  const isHan = (quote.match(HAN)?.length ?? 0) > quote.length / 2;
  const size = isHan ? HAN_GRAM : LATIN_GRAM;
  const grams = new Set<string>();
  for (let at = 0; at + size <= quote.length; at += 1) grams.add(quote.slice(at, at + size));
  const parts: [number, number][] = [];
  for (let at = 0; at + size <= page.length; at += 1) {
    if (!grams.has(page.slice(at, at + size))) continue;
    const last = parts.at(-1);
    if (last && at <= last[1]) last[1] = at + size;
    else parts.push([at, at + size]);
  }
  return withoutStrays(parts, size);
}

/** A short stretch far from any long one is a common phrase, not the passage. */
function withoutStrays(parts: readonly [number, number][], size: number): [number, number][] {
  const long = parts.filter(([start, end]) => end - start >= 2 * size);
  if (long.length === 0) return [...parts];
  const isNear = ([start, end]: [number, number]) =>
    long.some(([from, to]) => start - to < 3 * size && from - end < 3 * size);
  return parts.filter(isNear);
}

function toItemRuns({ items, starts, ends }: Letters, parts: readonly [number, number][]): ItemRun[] {
  const runs: ItemRun[] = [];
  for (const [from, to] of parts) {
    for (let at = from; at < to; at += 1) {
      const [item, start, end] = [items[at] ?? 0, starts[at] ?? 0, ends[at] ?? 0];
      const last = runs.at(-1);
      if (at > from && last?.item === item) last.end = Math.max(last.end, end);
      else runs.push({ item, start, end });
    }
  }
  return runs;
}
