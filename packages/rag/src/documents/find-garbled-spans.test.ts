import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findGarbledSpans } from './find-garbled-spans.ts';

const GUIDE = new URL('../../../../docs/guide/', import.meta.url);
const ENGLISH = readFileSync(new URL('en/how-it-works.md', GUIDE), 'utf8').slice(0, 1_900);
const CHINESE = readFileSync(new URL('zh/how-it-works.md', GUIDE), 'utf8').slice(0, 1_900);

function isGarbled(text: string): boolean {
  return findGarbledSpans(text).length > 0;
}

it('marks glyphs without letters, and characters without a meaning', () => {
  expect(isGarbled(ENGLISH.replaceAll(/[aeiou]/g, '\uFFFD'))).toBe(true);
  expect(isGarbled(CHINESE.replaceAll(/\p{Script=Han}/gu, '\uE123'))).toBe(true);
});

it('marks letters that were taken for others: glyph numbers, a wrong encoding', () => {
  const shifted = ENGLISH.replaceAll(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) - 29));
  const asWindows = new TextDecoder('windows-1252').decode(new TextEncoder().encode(CHINESE));
  const asOtherHan = CHINESE.replaceAll(/\p{Script=Han}/gu, (letter) =>
    String.fromCharCode(0x6000 + ((letter.charCodeAt(0) * 7919) % 0x3000)),
  );
  const asAnything = Array.from({ length: 1_500 }, (_, place) =>
    String.fromCharCode(0x100 + ((place * 7919) % 0x1000)),
  ).join('');
  expect([shifted, asWindows, asOtherHan, asAnything].map(isGarbled)).toEqual([true, true, true, true]);
});

it('leaves alone what can be read, data and code too', () => {
  const base64 = Buffer.from(CHINESE).toString('base64').replaceAll(/.{76}/g, '$&\n');
  const numbers = Array.from({ length: 200 }, (_, place) => `${place} ${place * 7} ${place / 3}`).join('\n');
  const names = 'const value = strm.hdr->len; /* ptr */ printf("%s\\n", str); '.repeat(20);
  expect([ENGLISH, CHINESE, base64, numbers, names, 'PDF', '\uFFFD'].map(isGarbled)).toEqual(Array(7).fill(false));
});

it('tells one bad page from a bad book', () => {
  const bad = '\uE123\uE124 '.repeat(1_000);
  const text = ENGLISH.padEnd(2_000) + bad.slice(0, 2_000) + ENGLISH;
  expect(findGarbledSpans(text)).toEqual([{ start: 2_000, end: 4_000, flag: 'garbled' }]);
});

it('finds nothing in the user guide', () => {
  for (const language of ['en', 'zh']) {
    for (const name of readdirSync(new URL(`${language}/`, GUIDE))) {
      expect(isGarbled(readFileSync(new URL(`${language}/${name}`, GUIDE), 'utf8'))).toBe(false);
    }
  }
});
