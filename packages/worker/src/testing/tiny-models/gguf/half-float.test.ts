import { expect, it } from 'vitest';
import { toHalf } from './half-float.ts';

it('rounds as the engine does, to the nearest and ties to even', () => {
  const values = [
    0,
    -0,
    1,
    -2,
    0.1,
    1 / 3,
    65504,
    65519,
    65520,
    1e9,
    2 ** -14,
    2 ** -24,
    2 ** -25,
    3e-8,
    1e-12,
    2049,
    2051,
  ];
  const halves = new Uint16Array(new Float16Array([...values, Number.NEGATIVE_INFINITY]).buffer);
  expect([...values, Number.NEGATIVE_INFINITY].map(toHalf)).toEqual([...halves]);
});

it('keeps what is no number', () => {
  expect(toHalf(Number.NaN) & 0x7c00).toBe(0x7c00);
  expect(toHalf(Number.NaN) & 0x3ff).not.toBe(0);
});
