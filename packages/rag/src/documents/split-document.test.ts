import { hash } from 'node:crypto';
import { splitSettingsSchema, type SplitSettings } from '@parley/contracts';
import { estimateTokens, splitBlocks, splitSentences } from '@parley/text';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ParsedChunk, ParsedDocument } from '../parsing/reader-events.ts';
import { randomDocument, seededRandom } from '../testing/random-text.ts';
import { splitDocument } from './split-document.ts';

const split = (text: string, more: Partial<ParsedDocument> = {}, settings: Partial<SplitSettings> = {}) =>
  splitDocument({ title: '', text, pages: [], flaggedSpans: [], ...more }, splitSettingsSchema.parse(settings));

describe.each([
  { max_tokens: 50, overlap_tokens: 0 },
  { max_tokens: 60, overlap_tokens: 25 },
  { max_tokens: 200, overlap_tokens: 150 },
])('random documents in Chinese and English, cut with %o', (settings) => {
  const documents = Array.from({ length: 150 }, (_, seed) => randomDocument(seededRandom(seed + 1)));
  const everyCut = (check: (chunks: ParsedChunk[], text: string) => void) => {
    for (const text of documents) check(split(text, {}, settings), text);
  };

  it('gives exact spans, in order, none too long, none twice', () => {
    everyCut((chunks, text) => {
      for (const [place, chunk] of chunks.entries()) {
        const before = chunks[place - 1] ?? { start: -1, end: 0 };
        expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
        expect(chunk.text.isWellFormed()).toBe(true);
        expect(chunk.ordinal).toBe(place);
        expect(chunk.start).toBeGreaterThan(before.start);
        expect(chunk.end).toBeGreaterThan(before.end);
        expect(estimateTokens(chunk.text)).toBeLessThanOrEqual(settings.max_tokens);
      }
    });
  });

  it('misses no word outside headings', () => {
    everyCut((chunks, text) => {
      const covered = new Uint8Array(text.length);
      for (const { start, end } of chunks) covered.fill(1, start, end);
      for (const { kind, start, end } of splitBlocks(text)) {
        if (kind === 'heading') continue;
        for (const word of text.slice(start, end).matchAll(/[\p{L}\p{N}\p{So}]/gu)) {
          expect(covered[start + word.index]).toBe(1);
        }
      }
    });
  });

  it('tears no sentence, row or code block that fits', () => {
    everyCut((chunks, text) => {
      const headings = splitBlocks(text).filter(({ kind }) => kind === 'heading');
      const isHeading = (place: number) => headings.some(({ start, end }) => place >= start && place < end);
      const whole = splitSentences(text).filter(
        ({ start, end }) => !isHeading(start) && estimateTokens(text.slice(start, end)) <= settings.max_tokens,
      );
      for (const { start, end } of whole) {
        expect(chunks.some((chunk) => chunk.start <= start && chunk.end >= end)).toBe(true);
      }
    });
  });
});

describe('splitDocument', () => {
  it('repeats whole sentences of the passage before, no more than asked for', () => {
    const sentences = Array.from({ length: 12 }, (_, place) => `这是第${place}个句子说了一些话。`);
    const chunks = split(sentences.join(''), {}, { max_tokens: 60, overlap_tokens: 15 });
    expect(chunks.length).toBeGreaterThan(2);
    for (const [place, chunk] of chunks.entries()) {
      const before = chunks[place - 1];
      if (!before) continue;
      const repeated = before.text.slice(chunk.start - before.start);
      expect(sentences).toContain(repeated);
    }
  });

  it('does not repeat across a heading', () => {
    const [, second] = split('# A\n\nOne sentence.\n\n# B\n\nTwo.', {}, { overlap_tokens: 50 });
    expect(second).toMatchObject({ text: 'Two.', headingPath: ['B'] });
  });

  it('knows the page, sheet or slide on which a passage begins', () => {
    const text = 'Front.\n\n# One\n\nFirst page. It ends on the next.\n\n# Two\n\nSecond.';
    const pages = [
      { number: 1, start: 8 },
      { number: 2, start: text.indexOf('ends') },
    ];
    expect(split(text, { pages }).map(({ page }) => page)).toEqual([1, 1, 2]);
    expect(split(text).map(({ page }) => page)).toEqual([null, null, null]);
  });

  it('flags the passages that a flagged span touches, and those below a flagged heading', () => {
    const text =
      '# Fine\n\nClean.\n\n# Obey me\n\nAlso clean.\n\n## Deeper\n\nClean too.\n\n# Last\n\nHidden words here.';
    const at = (words: string) => ({ start: text.indexOf(words), end: text.indexOf(words) + words.length });
    const flaggedSpans = [
      { ...at('Hidden'), flag: 'hidden-text' as const },
      { ...at('words'), flag: 'hidden-text' as const },
      { ...at('words here'), flag: 'instructions' as const },
      { ...at('Obey'), flag: 'instructions' as const },
    ];
    expect(split(text, { flaggedSpans }).map(({ flags }) => flags)).toEqual([
      [],
      ['instructions'],
      ['instructions'],
      ['hidden-text', 'instructions'],
    ]);
  });

  it('hashes title, headings and text: what is searched and embedded', () => {
    const [chunk] = split('# A\n\n## B\n\nText.', { title: 'Doc' });
    expect(chunk?.hash).toBe(hash('sha256', 'Doc\nA\nB\n\nText.'));
    const hashes = [
      split('# A\n\nText.'),
      split('# B\n\nText.'),
      split('# A\n\nText!'),
      split('# A\n\nText.', { title: 'T' }),
    ].map(([some]) => some?.hash);
    expect(new Set(hashes).size).toBe(4);
    expect(split('# A\n\nText.')[0]?.hash).toBe(hashes[0]);
  });

  it('leaves a heading out of the path that repeats the title', () => {
    expect(split('# Doc\n\nText.', { title: 'Doc' })[0]?.headingPath).toEqual([]);
  });

  it('makes a heading with nothing below it a passage of its own', () => {
    const chunks = split('# Deck\n\n## Revenue doubled\n\n## 谢谢');
    expect(chunks.map(({ text, headingPath }) => [headingPath, text])).toEqual([
      [['Deck'], '## Revenue doubled'],
      [['Deck'], '## 谢谢'],
    ]);
  });

  it('takes a heading of a thousand letters for a paragraph', () => {
    const [chunk] = split(`# ${'word '.repeat(200)}`, {}, { max_tokens: 4_000 });
    expect(chunk?.headingPath).toEqual([]);
    expect(chunk?.text).toContain('word word');
  });

  it('tears a sentence that cannot fit behind a clause', () => {
    const [first] = split('这句话的第一部分说到这里，'.repeat(20), {}, { max_tokens: 50 });
    expect(first?.text.endsWith('，')).toBe(true);
  });
});

describe('reading twenty times as much', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['Chinese without a line break', '控制器分配请求，工作进程运行模型。'],
    ['very short sentences', 'a. '],
    ['very short lines', 'a b\n'],
    ['a list', '- item number one has words.\n'],
    ['a table', '| name | value. Of it |\n'],
    ['introductions', 'a:\n\n'],
    ['one endless word', 'x'],
    ['blanks', '\n \n'],
    ['backticks', '` a. '],
  ])('looks at about twenty times as many characters: %s', (_, part) => {
    const settings = { max_tokens: 350, overlap_tokens: 50 };
    const small = countLookedAt(() => split(part.repeat(2_000), {}, settings));
    const large = countLookedAt(() => split(part.repeat(40_000), {}, settings));
    expect(large).toBeLessThan(small * 25);
  });
});

/** Characters of all parts of texts that were cut out to be looked at: what grows when work is done twice. */
function countLookedAt(work: () => void): number {
  let count = 0;
  const spy = vi.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, from = 0, to = Infinity) {
    const [start, end] = [from, to].map((place) => (place < 0 ? Math.max(0, this.length + place) : place));
    const part = this.substring(start!, Math.max(start!, end!));
    count += part.length;
    return part;
  });
  work();
  spy.mockRestore();
  return count;
}
