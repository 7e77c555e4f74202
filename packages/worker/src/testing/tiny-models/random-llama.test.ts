import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complete, openLlama } from './open-llama.ts';
import { writeRandomLlama } from './random-llama.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'random-llama-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it.each(['f16', 'q8_0'] as const)('stored as %s it talks in words, the same each time', async (type) => {
  const llama = await openLlama();
  const file = writeRandomLlama(join(folder, `${type}.gguf`), { type, width: 192, layers: 2, neurons: 256 });
  const model = await llama.loadModel({ modelPath: file });
  const sequence = (await model.createContext({ contextSize: 256, threads: 1 })).getSequence();
  const say = async () => complete(sequence, '<|user|>Hello<|end|><|assistant|>', { maxTokens: 40 });
  const said = await say();
  expect(said).toMatchObject({ tokens: 40, hasEnded: false });
  expect(said.text).toMatch(/^( w\d+){40}$/);
  expect(await say()).toEqual(said);
  await llama.dispose();
});

it('has the size that its measures say', () => {
  const weights = statSync(writeRandomLlama(join(folder, 'small.gguf'))).size / 2;
  expect(weights).toBeGreaterThan(18_500_000);
  expect(weights).toBeLessThan(19_500_000);
});
