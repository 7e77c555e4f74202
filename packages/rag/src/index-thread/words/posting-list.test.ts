import { expect, it } from 'vitest';
import { PostingColumns, PostingWriter } from './posting-list.ts';

it('reads what was written, whatever the gaps and counts', () => {
  const written = [0, 1, 2, 130, 131, 20_000, 500_000_000].map((place, index) => ({
    place,
    text: index === 2 ? 0 : 1 + index * 40,
    title: index % 2 === 0 ? 300 * index : 0,
    heading: index === 2 ? 1 : 0,
  }));
  const writer = new PostingWriter();
  for (const { place, ...counts } of written) writer.add(place, counts);
  const columns = new PostingColumns();
  expect(columns.read(writer.take())).toBe(written.length);
  const read = written.map((_, at) => ({
    place: columns.places[at],
    text: columns.texts[at],
    title: columns.titles[at],
    heading: columns.headings[at],
  }));
  expect(read).toEqual(written);
});

it('takes about a byte for a passage that has a common term once', () => {
  const writer = new PostingWriter();
  for (let place = 0; place < 10_000; place += 1) writer.add(place, { text: 1, title: 0, heading: 0 });
  expect(writer.take()).toHaveLength(10_000);
  expect(writer.isEmpty).toBe(true);
});
