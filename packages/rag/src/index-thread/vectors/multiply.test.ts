import { expect, it } from 'vitest';
import { seededRandom } from '../../testing/random-text.ts';
import { createMultiply, createPlainMultiply, type Multiply } from './multiply.ts';
import { wasm, type WasmMemory } from './web-assembly.ts';

it.each<[string, (memory: WasmMemory) => Multiply]>([
  ['WebAssembly', createMultiply],
  ['JavaScript', createPlainMultiply],
])('multiplies with every vector in %s', (_, create) => {
  const random = seededRandom(3);
  const memory = new wasm.Memory({ initial: 2, maximum: 2 });
  const [width, count, first] = [24, 50, 1_024];
  const numbers = new Float32Array(memory.buffer);
  for (let at = 0; at < width; at += 1) numbers[at] = random() - 0.5;
  for (let at = first; at < first + width * count; at += 1) numbers[at] = random() - 0.5;
  const task = { query: 0, products: 512, vectors: first * 4, size: width * 4 };
  const multiply = create(memory);
  multiply({ ...task, count });
  const expected = Array.from({ length: count }, (__, index) =>
    numbers
      .subarray(first + index * width, first + (index + 1) * width)
      .reduce((sum, value, place) => sum + value * numbers[place]!, 0),
  );
  const products = numbers.subarray(128, 128 + count);
  for (const [index, product] of expected.entries()) expect(products[index]).toBeCloseTo(product, 5);
  expect(numbers[128 + count]).toBe(0);
  numbers.fill(7, 128, 130);
  multiply({ ...task, count: 0 });
  expect(numbers[128]).toBe(7);
});
