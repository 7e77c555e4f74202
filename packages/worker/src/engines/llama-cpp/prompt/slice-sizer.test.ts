import { expect, it } from 'vitest';
import { SliceSizer } from './slice-sizer.ts';

const sizeOf = (slices: SliceSizer) => slices.endOf(0, 10_000);

it('begins small, grows step by step, and never takes longer than a stop may', () => {
  const slices = new SliceSizer();
  const sizes = [sizeOf(slices)];
  for (let round = 0; round < 8; round += 1) {
    slices.measured(sizeOf(slices), sizeOf(slices) * 1.1);
    sizes.push(sizeOf(slices));
  }
  expect(sizes).toEqual([8, 16, 32, 64, 64, 64, 64, 64, 64]);
});

it('gives each of several readers a share, for they are read in one batch', () => {
  const slices = new SliceSizer();
  slices.enter();
  for (let round = 0; round < 8; round += 1) slices.measured(sizeOf(slices), sizeOf(slices) * 1.1);
  expect(sizeOf(slices)).toBe(64);
  slices.enter();
  expect(sizeOf(slices)).toBe(32);
  slices.measured(32, 32 * 2 * 1.1);
  expect(sizeOf(slices)).toBe(32);
  slices.leave();
  expect(sizeOf(slices)).toBe(64);
});

it('shrinks when the machine becomes slower', () => {
  const slices = new SliceSizer();
  for (let round = 0; round < 8; round += 1) slices.measured(sizeOf(slices), 1);
  expect(sizeOf(slices)).toBe(512);
  for (let round = 0; round < 12; round += 1) slices.measured(sizeOf(slices), sizeOf(slices) * 10);
  expect(sizeOf(slices)).toBe(8);
});

it('cuts a prompt at the same places, wherever it begins to read', () => {
  const slices = new SliceSizer();
  expect([slices.endOf(0, 100), slices.endOf(5, 100), slices.endOf(8, 100), slices.endOf(98, 100)]).toEqual([
    8, 8, 16, 100,
  ]);
});
