import { expect, it } from 'vitest';
import { markRectangles, type PageView, type TextItem } from './mark-rectangles.ts';

/** A page of 100 by 200 points; the screen counts from the top. */
const upright: PageView = { width: 100, height: 200, transform: [1, 0, 0, -1, 0, 200] };
/** The same page, turned by a quarter. */
const turned: PageView = { width: 200, height: 100, transform: [0, 1, 1, 0, 0, 0] };
const item: TextItem = { str: 'abab', transform: [10, 0, 0, 10, 20, 100], width: 40 };

it('stands over the letters of a run, as shares of the page', () => {
  const [mark] = markRectangles([{ item: 0, start: 0, end: 2 }], [item], upright);
  expect(mark?.left).toBeCloseTo(0.2);
  expect(mark?.width).toBeCloseTo(0.2);
  expect(mark?.top).toBeCloseTo((200 - 100 - 9.2) / 200);
  expect(mark?.height).toBeCloseTo(11.6 / 200);
});

it('begins where the letters before it end', () => {
  const [mark] = markRectangles([{ item: 0, start: 2, end: 4 }], [item], upright);
  expect(mark?.left).toBeCloseTo(0.4);
  expect(mark?.width).toBeCloseTo(0.2);
});

it('turns with the page, and with a line that runs upward', () => {
  const [onTurned] = markRectangles([{ item: 0, start: 0, end: 4 }], [item], turned);
  expect(onTurned?.top).toBeCloseTo(0.2);
  expect(onTurned?.height).toBeCloseTo(0.4);
  const upward: TextItem = { ...item, transform: [0, 10, -10, 0, 50, 100] };
  const [mark] = markRectangles([{ item: 0, start: 0, end: 4 }], [upward], upright);
  expect(mark?.height).toBeCloseTo(40 / 200);
  expect(mark?.top).toBeCloseTo(60 / 200);
});

it('gives a Chinese letter more room than a Latin one', () => {
  const mixed: TextItem = { str: 'ab出差', transform: [10, 0, 0, 10, 0, 0], width: 30.4 };
  const [latin, han] = markRectangles(
    [
      { item: 0, start: 0, end: 2 },
      { item: 0, start: 2, end: 4 },
    ],
    [mixed],
    upright,
  );
  expect(han?.width).toBeGreaterThan(1.8 * (latin?.width ?? 0));
});
