import { expect, it } from 'vitest';
import { makeSource } from '../testing/make-message.ts';
import { citedSources } from './cited-sources.ts';
import { cutAtPassage, type DocumentPiece } from './cut-at-passage.ts';
import { makeMessage } from '../testing/make-message.ts';

const text = '# Title\n\nUse `npm start` to **begin** here.\n\n```sh\nnpm start\n```\n\nThe end 结束。\n';
const join = (pieces: DocumentPiece[]) => pieces.map((piece) => piece.text).join('');

it('marks exactly the characters of the span, for every span of the document', () => {
  for (let start = 0; start < text.length; start += 1) {
    for (const end of [start + 1, start + 7, text.length]) {
      const quote = text.slice(start, end);
      const cut = cutAtPassage(text, { start, end: start + quote.length, quote });
      expect(join(cut.passage)).toBe(quote);
      expect(join(cut.before) + join(cut.passage) + join(cut.after)).toBe(text);
    }
  }
});

it('tells headings, code and marks apart', () => {
  const kinds = cutAtPassage(text, { start: 0, end: 0, quote: '' }).before.map(
    ({ kind, text: words }) => `${kind}:${words.trim()}`,
  );
  expect(kinds).toEqual(
    expect.arrayContaining([
      'mark:#',
      'heading:Title',
      'code:npm start',
      'strong:begin',
      'mark:```sh',
      'text:The end 结束。',
    ]),
  );
});

it('marks nothing when the document no longer says what was quoted', () => {
  const cut = cutAtPassage('Other words.', makeSource(1, 'Some words.'));
  expect(cut).toMatchObject({ isChanged: true, passage: [], after: [] });
});

it('lists only the sources that the answer cites', () => {
  const sources = [makeSource(1, 'a'), makeSource(2, 'b'), makeSource(3, 'c')];
  const cited = citedSources(makeMessage({ id: 'a', content: 'One [1]. Three 【3】.', sources }));
  expect(cited.map(({ index }) => index)).toEqual([1, 3]);
});
